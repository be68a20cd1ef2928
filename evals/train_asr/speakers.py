"""Speakers of our own for espeak-ng: random variant files, so that a voice never heard is less of a surprise."""

import random
import re
import tempfile
from pathlib import Path

VARIANTS = "espeak-ng-data/voices/!v"
_NAME = re.compile(r"q(\d+)")


def name(number: int) -> str:
    """What espeak-ng calls the speaker."""
    return f"q{number}"


def variant(number: int) -> str:
    """The variant file of speaker `number`: always the same one for the same number."""
    rng = random.Random(f"speaker {number}")
    high = rng.random() < 0.5
    low = rng.uniform(120, 240) if high else rng.uniform(65, 130)
    size = rng.uniform(0.98, 1.3) if high else rng.uniform(0.82, 1.12)
    lines = ["language variant", f"name {name(number)}", f"pitch {low:.0f} {low * rng.uniform(1.15, 1.8):.0f}"]
    for formant in range(9):
        place = 100 * size * rng.gauss(1, 0.07 if formant < 6 else 0.12)
        height, width = rng.uniform(55, 130), rng.uniform(60, 180)
        moved = f" {rng.uniform(-180, 200):.0f}" if formant in (1, 2, 3) and rng.random() < 0.3 else ""
        lines.append(f"formant {formant} {place:.0f} {height:.0f} {width:.0f}{moved}")
    lines += [f"flutter {rng.randint(0, 12)}", f"roughness {rng.choice((0, 0, 1, 2, 4, 5))}"]
    lines += [f"consonants {rng.randint(55, 120)} {rng.randint(25, 110)}", f"voicing {rng.randint(50, 170)}"]
    if rng.random() < 0.3:
        lines.append(f"tone 600 {rng.randint(150, 255)} 1200 {rng.randint(80, 255)} 2000 {rng.randint(60, 255)}")
    if rng.random() < 0.2:
        lines.append(f"breath 0 {' '.join(str(rng.randint(1, 8)) for _ in range(7))}")
    if rng.random() < 0.2:
        lines.append(f"klatt {rng.randint(1, 5)}")
    if rng.random() < 0.4:
        lines.append(f"intonation {rng.randint(1, 4)}")
    return "\n".join(lines) + "\n"


def folder(data: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder to start espeak-ng from: its own `data` by links, and room for our speakers beside its own."""
    made = tempfile.TemporaryDirectory(prefix="speakers-")
    copied, variants = Path(made.name) / "espeak-ng-data", Path(made.name) / VARIANTS
    variants.mkdir(parents=True)
    for entry in data.iterdir():
        if entry.name != "voices":
            (copied / entry.name).symlink_to(entry)
    for entry in (data / "voices" / "!v").iterdir():
        (variants / entry.name).symlink_to(entry)
    return made


def make(variants: Path, called: str) -> None:
    """Write the file of one of our speakers, unless it is there; espeak-ng's own are left alone."""
    if (ours := _NAME.fullmatch(called)) and not (path := variants / called).exists():
        path.write_text(variant(int(ours[1])), encoding="ascii")
