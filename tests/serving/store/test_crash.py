"""Killed in the act, out of room, or many at once: the store stays whole and loses nothing it said it had."""

import signal
import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path

import pytest

from handenhet.knowledge.participants import Meeting
from handenhet.knowledge.sources import utterance_of_text
from handenhet.serving.security.access import Actor
from handenhet.serving.store import Store
from handenhet.serving.store.records import Case, Subject

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from handenhet.knowledge.sources import utterance_of_text
from handenhet.serving.security.access import SYSTEM
from handenhet.serving.store import Store

url, folder = sys.argv[1], Path(sys.argv[2])
store = Store.open(url, folder / "master.key", anchors=[folder / "audit.anchor"])
at = datetime(2026, 3, 2, tzinfo=UTC)
for place in range(int(sys.argv[3]), int(sys.argv[4])):
    said = utterance_of_text(f"u{place}", place, "barn", f"ord {place}", place, place)
    store.append_utterance(SYSTEM, "m1", said, at=at)
    print(place, flush=True)
"""


def writer(url: str, folder: Path, first: int, end: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, url, str(folder), str(first), str(end)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kill_after", [1, 4, 9])
def test_kill_9_loses_nothing_acknowledged_and_a_restart_ends_the_same(
    store: Store, meeting: Meeting, url: str, tmp_path: Path, eva: Actor, at: datetime, kill_after: int
) -> None:
    before = store.verify_audit().entries
    process = writer(url, tmp_path, 0, 1000)
    assert process.stdout is not None
    said = -1
    for line in process.stdout:
        said = int(line)
        if said == kill_after:
            process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    report = store.verify_audit()
    kept = len(store.transcript(eva, meeting.id, at=at, key="look"))
    assert report.ok
    assert kept in (said + 1, said + 2), "one more may have been written and not yet told"
    again = writer(url, tmp_path, max(0, kept - 2), kept + 3)
    again.communicate(timeout=60)
    assert again.returncode == 0
    transcript = store.transcript(eva, meeting.id, at=at, key="look")
    assert [utterance.text for utterance in transcript.utterances] == [f"ord {n}" for n in range(kept + 3)]
    assert store.verify_audit().entries == before + kept + 3 + 1


def test_threads_and_a_process_write_at_once_without_a_locked_database(
    store: Store, meeting: Meeting, url: str, tmp_path: Path, eva: Actor, at: datetime
) -> None:
    process = writer(url, tmp_path, 0, 8)
    trouble: list[Exception] = []

    def many(name: str) -> None:
        try:
            for number in range(8):
                store.create_case(
                    eva, number=f"{name}-{number}", unit="Barn", kind="adult", subject=Subject(name),
                    opened=date(2026, 3, 1), at=at,
                )  # fmt: skip
                store.transcript(eva, meeting.id, at=at)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test names it
            trouble.append(error)

    threads = [threading.Thread(target=many, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.communicate(timeout=60)
    assert (trouble, process.returncode) == ([], 0)
    assert len(store.cases_for(eva, at=at)) == 1 + 3 * 8
    assert len(store.transcript(eva, meeting.id, at=at)) == 8
    assert store.verify_audit().ok


FILLER = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.sources import utterance_of_text
from handenhet.serving.security.access import SYSTEM
from handenhet.serving.store import Store

folder = Path(sys.argv[1])
store = Store.open(f"sqlite:///{folder}/handenhet.db", folder / "master.key", anchors=[folder / "audit.anchor"])
at = datetime(2026, 3, 2, tzinfo=UTC)
largest = max(path.stat().st_size for path in folder.iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 100_000, resource.RLIM_INFINITY))
kept = 0
try:
    for place in range(100):
        store.append_utterance(SYSTEM, "m1", utterance_of_text(f"u{place}", place, "barn", "zxq " * 5000, 0, 1), at=at)
        kept += 1
except HandenhetError as error:
    print(kept, error, sep="\\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.append_utterance(SYSTEM, "m1", utterance_of_text(f"u{kept}", kept, "barn", "plats igen", 0, 1), at=at)
    sys.exit(2)
"""


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_full_disk_is_one_clear_error_and_costs_nothing_that_was_kept(
    store: Store, meeting: Meeting, tmp_path: Path, eva: Actor, at: datetime
) -> None:
    """The disk is made full by a limit on how large a file may grow."""
    done = subprocess.run([sys.executable, "-c", FILLER, str(tmp_path)], capture_output=True, text=True, timeout=60)
    kept, said = done.stdout.strip().split("\n")
    assert done.returncode == 2
    assert "no room left on the disk" in said
    assert "nothing was half-written" in said
    assert "zxq" not in said
    transcript = store.transcript(eva, meeting.id, at=at)
    assert len(transcript) == int(kept) + 1
    assert transcript.utterances[-1].text == "plats igen"
    assert store.verify_audit().ok


def test_three_processes_open_a_new_store_at_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from handenhet.serving.store import Store; folder = Path(sys.argv[1]);"
        "Store.open(f'sqlite:///{folder}/handenhet.db', folder / 'master.key', anchors=[folder / 'a']).close()"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]


def test_what_was_written_is_there_after_everything_was_closed(
    store: Store, case: Case, meeting: Meeting, url: str, tmp_path: Path, eva: Actor, at: datetime
) -> None:
    said = utterance_of_text("u0", 0, "barn", "hej där")
    store.append_utterance(eva, meeting.id, said, at=at)
    store.close()
    again = Store.open(url, tmp_path / "master.key", anchors=[tmp_path / "audit.anchor"])
    assert again.transcript(eva, meeting.id, at=at)["u0"] == said
    assert again.case(eva, case.id, at=at) == case
    again.close()
