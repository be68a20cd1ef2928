"""A prompt is a file with a name, a version and a digest; its holes are named, and an unfilled one is an error."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2


class PromptError(Exception):
    """A prompt file is missing, or a hole in it was left unfilled. Names the prompt and the hole."""


_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)


@dataclass(frozen=True, slots=True)
class Prompt:
    """`text` is the template; `digest` the SHA-256 (hex) of its bytes, stamped on everything it led to."""

    name: str
    version: str
    text: str
    digest: str

    def fill(self, **holes: object) -> str:
        """The text with every hole filled. Raises PromptError naming the first hole left open."""
        try:
            return _template(self.text).render(holes)
        except jinja2.UndefinedError as error:
            raise PromptError(f"prompt {self.name}/{self.version}: {error.message}") from None


@cache
def _template(text: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(text)


def prompt(name: str, version: str) -> Prompt:
    """The prompt in `<name>/<version>.md`. Raises PromptError if there is none."""
    file = resources.files(__name__.rpartition(".")[0]).joinpath(name, f"{version}.md")
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PromptError(f"there is no prompt {name}/{version}") from None
    return Prompt(name, version, text, hashlib.sha256(text.encode()).hexdigest())
