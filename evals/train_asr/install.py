"""A trained model put where the recognizer loads it from, with its checksum."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any


def install(trained: Path, shipped: Path) -> None:
    """Copy `trained` over `shipped` and renew its entry in `manifest.json` beside it."""
    manifest = shipped.parent / "manifest.json"
    entries: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    new = {"licence": "EUPL-1.2", "languages": ["sv-SE"], "card": f"{shipped.name.partition('.')[0]}.md"}
    data = trained.read_bytes()
    size = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    entries[shipped.name] = size | {key: entries.get(shipped.name, new)[key] for key in new}
    part = shipped.with_suffix(".part")
    shutil.copyfile(trained, part)
    part.replace(shipped)
    manifest.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
