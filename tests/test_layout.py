"""The rooms on disk and the package that is shipped are the same thing."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
ROOMS = sorted(SETUPTOOLS["package-dir"].values())


def sources() -> Iterator[Path]:
    for room in [*ROOMS, "tests"]:
        yield from (ROOT / room).rglob("*.py")


def test_every_package_on_disk_is_shipped() -> None:
    """Setuptools leaves a forgotten package out without a word."""
    on_disk = {
        ".".join(("handenhet", *init.parent.relative_to(ROOT).parts))
        for room in ROOMS
        for init in (ROOT / room).rglob("__init__.py")
    }
    assert sorted(on_disk) == SETUPTOOLS["packages"]


def test_no_room_is_imported_by_its_bare_name() -> None:
    """`import agent` works from the repository's root, and then every class exists twice."""
    bare = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources()
        for name in absolute_imports(path)
        if name.split(".")[0] in ROOMS
    ]
    assert bare == []


def test_inside_the_package_imports_are_relative() -> None:
    absolute = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] != "tests"
        for name in absolute_imports(path)
        if name.split(".")[0] == "handenhet"
    ]
    assert absolute == []


def absolute_imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.append(node.module or "")
    return names
