"""What the screens call things: every act has a Swedish name, and no two labels become one in English."""

from typing import get_args

from handenhet.serving.screen.english import LABELS
from handenhet.serving.screen.words import ACTS
from handenhet.serving.security.audit import What


def test_every_act_in_the_log_is_told_in_swedish() -> None:
    assert set(get_args(What)) <= set(ACTS)


def test_the_switch_can_be_turned_back() -> None:
    assert len(set(LABELS.values())) == len(LABELS)
