"""The law benchmark measures what it says, on a small act."""

from pathlib import Path

import pytest

from handenhet.evals import bench_law
from handenhet.knowledge.errors import HandenhetError

from ..knowledge.law_samples import LVU, SOL, act


def test_drawn_sections_are_as_long_as_real_ones_and_stand_once() -> None:
    real = act(SOL).provisions
    found = bench_law.grown(real, 40)
    assert found[: len(real)] == list(real)
    assert len({(p.sfs, p.section) for p in found}) == len(found) == 40
    assert {len(p.text.split()) for p in found[len(real) :]} <= {len(p.text.split()) for p in real}


def test_a_size_is_measured_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sfs-1990-52.md").write_text(LVU, encoding="utf-8")
    monkeypatch.setattr(bench_law, "QUESTIONS", 5)
    row = bench_law.measure(tmp_path, 0)
    assert row.sections > 500
    assert row.disk_mb > 0
    assert row.p99_ms >= row.p50_ms > 0
    assert f"| {row.sections:,} |" in bench_law.shown([row])


def test_a_folder_without_acts_is_told(tmp_path: Path) -> None:
    with pytest.raises(HandenhetError, match="no acts"):
        bench_law.measure(tmp_path, 0)
