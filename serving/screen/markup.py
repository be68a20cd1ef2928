"""HTML for the screens, built so that nothing said in a meeting can become markup.

Everything that is not already `Markup` is escaped, and no line is ever broken, since a blank line would let the
component that shows it read Markdown again.
"""

from collections.abc import Iterable
from html import escape


class Markup(str):
    """Markup that was built here."""

    __slots__ = ()


_VOID = frozenset(("br", "hr"))
_ALLOWED_URL = ("/api/v1/", "/app/", "/handlaggare/", "/chef/", "#")


def el(tag: str, *children: object, cls: str = "", **attributes: object) -> Markup:
    """One element. Attribute names may end in `_` where Python reserves the word; None leaves one out.

    Raises ValueError for an address that is not our own.
    """
    told = {"class": cls or None, **{name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}}
    for name in ("href", "src"):
        if name in told and not str(told[name]).startswith(_ALLOWED_URL):
            raise ValueError(f"{name} must be one of our own addresses")
    opened = "".join(
        _attribute(name, value) for name, value in told.items() if value is not None and value is not False
    )
    if tag in _VOID:
        return Markup(f"<{tag}{opened}>")
    return Markup(f"<{tag}{opened}>{join(children)}</{tag}>")


def text(value: object) -> Markup:
    """A value as text on one line."""
    return value if isinstance(value, Markup) else Markup(escape(" ".join(str(value).splitlines())))


def join(children: Iterable[object], between: str = "") -> Markup:
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, str | int):
            parts.append(text(child))
        else:
            parts.append(join(child))  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
    return Markup(between.join(parts))


def lines(value: str) -> Markup:
    """Text with its line breaks kept."""
    return join((text(line) for line in value.splitlines()), "<br>")


def hidden(value: str) -> Markup:
    """Text for screen readers alone."""
    return el("span", value, cls="hh-hidden")


def page(*children: object, cls: str = "") -> Markup:
    """The outermost element of a component: what follows it on the same line is read as markup to its end."""
    return el("div", *children, cls=f"hh {cls}".strip())


def page_top(name: str, who: str, *ways: Markup) -> Markup:
    """The head of a screen: what it is, who is logged in, and the ways onward."""
    language = el("a", "In English", href="#in-english", cls="hh-language")
    links = el("nav", *ways, language, el("a", "Logga ut", href="#logga-ut", cls="hh-logout"), title="Vidare")
    return page(el("div", el("h1", name), el("span", who, cls="hh-quiet"), links, cls="hh-top"))


def _attribute(name: str, value: object) -> str:
    return f" {name}" if value is True else f' {name}="{escape(str(value)).replace(chr(10), " ")}"'
