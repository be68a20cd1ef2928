"""The API as two caseworkers and a program meet it: what is theirs, what is not, and acts that come twice."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from handenhet.agent.approval import ApprovalRefused
from handenhet.knowledge.prerequisites import grounds
from handenhet.serving.house import House, open_house, utc_now
from handenhet.serving.sample.seed import CASE, CASEWORKER, TO_GO_THROUGH, seed
from handenhet.serving.security.access import Actor
from handenhet.serving.settings import Settings

from ._app import SilentReader, clients

OLLE = Actor("olle", "Olle Ny", "socialsekreterare", "Vuxen")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample case, to copy."""
    return tmp_path_factory.mktemp("filled")


@asynccontextmanager
async def serving(data: Path) -> AsyncGenerator[tuple[House, httpx.AsyncClient, httpx.AsyncClient]]:
    """The app over the sample case; Maria's and Olle's clients."""
    async with open_house(Settings.model_validate({"data_dir": data}), SilentReader()) as house:
        seed(house, utc_now().date())
        async with clients(house, (CASEWORKER, OLLE)) as (maria, olle):
            yield house, maria, olle


async def ask(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = await client.request(method, f"/api/v1{path}", json=body)
    return answer.status_code, answer.json() if answer.content else None


async def test_another_units_case_by_its_address_is_refused_everywhere_and_logged(filled: Path) -> None:
    async with serving(filled) as (house, _, olle):
        for path in (f"/cases/{CASE}", f"/meetings/{TO_GO_THROUGH}", f"/documents/journal-{CASE}-2",
                     f"/cases/{CASE}/documents", f"/documents/journal-{CASE}-2/export"):  # fmt: skip
            status, told = await ask(olle, "GET", path)
            assert (status, told["title"]) == (403, "Du har inte tillgång till det här."), path
            assert "Emma" not in str(told)
        assert (await ask(olle, "GET", "/cases"))[1] == []
        lines = house.store.review_log(CASEWORKER, at=house.clock(), case_id=CASE, last=5)
        assert [(line.who, line.what) for line in lines] == [("olle", "refused")] * 5


async def test_a_double_click_is_one_answer_and_one_approval(filled: Path) -> None:
    async with serving(filled) as (house, maria, _):
        waiting = (await ask(maria, "GET", f"/meetings/{TO_GO_THROUGH}"))[1]["observations"][0]["id"]
        path = f"/meetings/{TO_GO_THROUGH}/observations/{waiting}/standing"
        for _ in range(2):
            status, told = await ask(maria, "PUT", path, {"standing": "confirmed"})
            assert (status, told["standing"]["kind"]) == (200, "confirmed")
        digest = (await ask(maria, "GET", f"/meetings/{CASE}-2/child-version"))[1]["digest"]
        for _ in range(2):
            answer = await ask(maria, "POST", f"/meetings/{CASE}-2/child-version/approval", {"digest": digest})
            assert (answer[0], answer[1]["approved"]) == (200, True)
        assert len(house.store.approvals(CASEWORKER, f"child-{CASE}-2", at=house.clock())) == 1


async def test_what_a_colleague_changed_meanwhile_cannot_be_approved_unseen(filled: Path) -> None:
    """Two have the same basis open; one writes in it; the other's approval names what is no longer there."""
    async with serving(filled) as (house, _, _):
        house.store.assign(CASEWORKER, CASE, OLLE.id, OLLE.name, at=house.clock())
        document = house.desk.compose_basis(CASEWORKER, CASE, grounds()["sol-11-1"], utc_now().date())
        house.desk.write(OLLE, document.id, "assessment", "Olles bedömning.")
        with pytest.raises(ApprovalRefused):
            house.desk.approve(CASEWORKER, document.id, document.digest)
        assert not house.desk.is_approved(CASEWORKER, document.id)
        newest = house.desk.draft(CASEWORKER, document.id)
        signed = house.desk.approve(CASEWORKER, document.id, newest.digest)
        assert signed is not None
        assert [one.by.id for one in signed.approvals] == ["maria"]


async def test_a_sentence_is_worded_by_hand_left_out_or_refused(filled: Path) -> None:
    async with serving(filled) as (house, maria, _):
        id = house.desk.compose_basis(CASEWORKER, CASE, grounds()["sol-11-1"], utc_now().date()).id
        shown = (await ask(maria, "GET", f"/documents/{id}"))[1]
        told = next(s for part in shown["sections"] for s in part["sentences"] if "säger: ”" in s["text"])
        new = {"digest": shown["digest"], "place": told["place"], "text": told["text"].replace("säger:", "berättar:")}
        status, after = await ask(maria, "PUT", f"/documents/{id}/wording", new)
        kinds = {s["text"]: s["kind"] for part in after["sections"] for s in part["sentences"]}
        assert (status, kinds[new["text"]]) == (200, "FAKTA")
        status, refused = await ask(maria, "PUT", f"/documents/{id}/wording", new)
        assert (status, refused["title"]) == (409, "Ändringen gjordes inte.")
        no_model = {"digest": after["digest"], "place": told["place"]}
        assert (await ask(maria, "PUT", f"/documents/{id}/wording", no_model))[0] == 409
        gone = {"digest": after["digest"], "place": told["place"], "reason": "Hör inte hit."}
        status, left = await ask(maria, "POST", f"/documents/{id}/removal", gone)
        assert status == 200
        assert new["text"] not in [s["text"] for part in left["sections"] for s in part["sentences"]]


async def test_a_draft_leaves_marked_as_a_draft_with_protected_details_masked_and_a_receipt_is_kept(
    filled: Path,
) -> None:
    async with serving(filled) as (house, maria, _):
        document = house.desk.compose_basis(CASEWORKER, CASE, grounds()["sol-11-1"], utc_now().date())
        case = house.store.case(CASEWORKER, CASE, at=house.clock())
        hidden = replace(case.subject, protected=True)
        house.store.change_subject(CASEWORKER, CASE, hidden, case.matter, at=house.clock())
        answer = await maria.get(f"/api/v1/documents/{document.id}/export?format=json")
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "draft"
        assert "utkast" in answer.headers["content-disposition"]
        assert "Emma" not in answer.text
        assert "[skyddad uppgift]" in answer.text
        lines = house.store.review_log(CASEWORKER, at=house.clock(), case_id=CASE, last=30)
        assert "export" in {line.what for line in lines}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"/meetings/{TO_GO_THROUGH}/observations", {"factor": "F-STI-S2", "utterance": "u1", "quote": "aldrig sagt",
                                                     "about": "barn"}, 400),
        (f"/meetings/{TO_GO_THROUGH}/observations", {"factor": "F-STI-S2", "utterance": "u999", "quote": "x",
                                                     "about": "barn"}, 400),
        (f"/meetings/{TO_GO_THROUGH}/observations", {"factor": "F-STI-S2"}, 422),
        ("/cases", {"number": "1", "kind": "hund", "name": "x"}, 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_right_is_told_in_swedish_without_what_was_sent(
    filled: Path, path: str, body: object, status: int
) -> None:
    async with serving(filled) as (_, maria, _):
        found, told = await ask(maria, "POST", path, body)
        assert found == status
        assert told["title"].endswith(".")
        assert told["mend"]
        assert "aldrig sagt" not in str(told)
