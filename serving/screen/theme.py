"""How the screens look, and what Gradio says by itself, in Swedish."""

import json
from importlib import resources

# The theme's own setter is partly untyped.
# pyright: reportUnknownMemberType=false
from gradio.themes import Base
from gradio.themes.utils.colors import Color

from .english import LABELS

_DEEP = "#1f4e4a"
_SYSTEM = ("system-ui", "Segoe UI", "Arial", "sans-serif")


def theme() -> Base:
    """The hand-held's colours: deep green on warm paper. Fonts are those of the machine; none is fetched."""
    green = Color(
        c50="#eef3f1", c100="#dde8e4", c200="#bcd2cb", c300="#93b6ac", c400="#62948a", c500="#2f7068", c600=_DEEP,
        c700="#1a423f", c800="#153633", c900="#102a28", c950="#0b1e1c", name="handenhet",
    )  # fmt: skip
    base = Base(
        primary_hue=green, neutral_hue="stone", font=_SYSTEM, font_mono=("ui-monospace", "monospace"),
        text_size="md", radius_size="md",
    )  # fmt: skip
    return base.set(
        body_background_fill="#f7f4ee", body_background_fill_dark="#f7f4ee",
        body_text_color="#1c2b29", body_text_color_dark="#1c2b29",
        background_fill_primary="#fffdf9", background_fill_primary_dark="#fffdf9",
        background_fill_secondary="#f7f4ee", background_fill_secondary_dark="#f7f4ee",
        block_background_fill="#fffdf9", block_background_fill_dark="#fffdf9",
        block_label_text_color="#1c2b29", block_title_text_color="#1c2b29",
        input_background_fill="#ffffff", input_background_fill_dark="#ffffff",
        input_border_color="#8b8577", input_border_width="1px",
        input_border_color_dark="#8b8577",
        input_border_width_dark="1px", input_padding="0.45rem 0.6rem",
        border_color_primary="#dcd6ca", border_color_primary_dark="#dcd6ca",
        button_primary_background_fill=_DEEP, button_primary_background_fill_dark=_DEEP,
        button_primary_background_fill_hover="#153633", button_primary_text_color="#ffffff",
        button_secondary_background_fill="#ffffff", button_secondary_background_fill_dark="#ffffff",
        button_secondary_text_color="#1c2b29", button_secondary_border_color="#8b8577", button_border_width="1px",
    )  # fmt: skip


def css() -> str:
    return _file("style.css")


def head() -> str:
    """What every screen's page carries in its head, the labels in English among it."""
    labels = json.dumps(LABELS, ensure_ascii=False).replace("<", "\\u003c")
    return f'<meta name="robots" content="noindex"><script>{_file("screen.js").replace("ENGLISH", labels)}</script>'


def _file(name: str) -> str:
    return resources.files(__name__.rpartition(".")[0]).joinpath(name).read_text(encoding="utf-8")
