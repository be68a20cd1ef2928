"""Nothing said in a meeting can become markup."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.screen.markup import el, lines, page, text


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.told = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.told += data


@given(st.text())
def test_text_is_text_and_stays_on_one_line(said: str) -> None:
    shown = page(el("p", said, title=said))
    seen = Seen()
    seen.feed(shown)
    assert seen.tags == ["div", "p"]
    assert "\n" not in shown


def test_what_was_built_here_is_kept_and_the_rest_is_escaped() -> None:
    assert el("p", el("b", "a<b"), " & c") == "<p><b>a&lt;b</b> &amp; c</p>"
    assert lines("en\ntvå") == "en<br>två"
    assert text("en\r\n\r\n# två") == "en  # två"


def test_an_attribute_cannot_be_left() -> None:
    assert el("span", title='"><script>') == '<span title="&quot;&gt;&lt;script&gt;"></span>'


def test_links_go_nowhere_but_home() -> None:
    assert el("a", "x", href="/api/v1/documents/1") == '<a href="/api/v1/documents/1">x</a>'
    for foreign in ("http://ond.example", "//ond.example", "javascript:alert(1)", "data:text/html,x"):
        with pytest.raises(ValueError, match="own addresses"):
            el("a", "x", href=foreign)
