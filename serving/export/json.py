"""A document as JSON: the draft exactly as it was digested, and who approved it. Its JSON Schema lies beside."""

import json
from importlib import resources
from typing import Any

from ...agent.approval import Approval
from ...agent.draft import Draft, draft_of, draft_schema
from ...knowledge.errors import HandenhetError
from .shown import Paper

SCHEMA_FILE = "draft.schema.json"


def to_json(paper: Paper) -> str:
    """`{draft, digest, status, approvals, outdated}`. Masked text changes the draft, so `digest` is of the unmasked."""
    draft = json.loads(paper.draft.canonical)
    masked = _masked(draft, paper)
    return json.dumps(
        {
            "status": paper.status,
            "digest": paper.draft.digest,
            "masked": masked != draft,
            "draft": masked,
            "approvals": [] if paper.approved is None else [_approval(one) for one in paper.approved.approvals],
            "outdated": [] if paper.approved is None else list(paper.approved.outdated),
        },
        ensure_ascii=False,
        indent=2,
        sort_keys=True,
    )


def document_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `to_json` writes."""
    draft = draft_schema()
    definitions = draft.pop("$defs", {})
    root = {key: value for key, value in draft.items() if key not in ("$schema", "title")}
    approval = {
        "type": "object",
        "required": ["by", "role", "digest", "at"],
        "additionalProperties": False,
        "properties": {
            "by": {"type": "string"},
            "role": {"type": "string"},
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "at": {"type": "string", "format": "date-time"},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Handenhet document",
        "type": "object",
        "required": ["status", "digest", "masked", "draft", "approvals", "outdated"],
        "additionalProperties": False,
        "properties": {
            "status": {"enum": ["draft", "approved", "outdated"]},
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "masked": {"type": "boolean"},
            "draft": {"$ref": "#/$defs/Draft"},
            "approvals": {"type": "array", "items": approval},
            "outdated": {"type": "array", "items": {"type": "string"}},
        },
        "$defs": {**definitions, "Draft": root},
    }


def published_schema() -> str:
    """The schema as it ships (`schema/draft.schema.json`)."""
    return resources.files(__package__ or "").joinpath("schema", SCHEMA_FILE).read_text(encoding="utf-8")


def _approval(one: Approval) -> dict[str, str]:
    return {"by": one.by.name, "role": one.by.role, "digest": one.digest, "at": one.at.isoformat()}


def _masked(value: Any, paper: Paper) -> Any:
    match value:
        case str():
            return paper.mask(value)
        case list():
            return [_masked(one, paper) for one in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {key: _masked(one, paper) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def read_draft(text: str) -> Draft:
    """The draft inside a document written by `to_json`. Raises HandenhetError if masked or not such a document."""
    try:
        document = json.loads(text)
        inner, masked = document["draft"], document["masked"]
    except (ValueError, KeyError, TypeError):
        raise HandenhetError("this is not an exported document", mend="export it again as JSON") from None
    if masked:
        raise HandenhetError("a masked document cannot be read back", mend="read it from the store")
    return draft_of(json.dumps(inner))
