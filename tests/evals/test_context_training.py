"""The network that hears a line among the others: what torch learned is what numpy hears, however the talk comes."""

import numpy as np
import pytest

from handenhet.agent.readers.context import AHEAD, Listener, Network, pack_network, unpack_network
from handenhet.agent.readers.lines import Side
from handenhet.evals.context_training import Hearing, Talk, Vocabulary, taught

ASKED = ("vad", "hände", "sedan")
NOTHING, UNCOUNTED, COUNTED = (False, False, False), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
SAFE = Talk(
    "safe",
    "a",
    9,
    (Side(ASKED, "caseworker"), Side(("vi", "åt", "glass"), "child"), Side(("mm",), "caseworker"), Side((), "child")),
    (NOTHING, (False, True, False), NOTHING, NOTHING),
    (UNCOUNTED, COUNTED, UNCOUNTED, COUNTED),
)
GRAVE = Talk(
    "grave",
    "b",
    None,
    (Side(ASKED, "caseworker"), Side(("han", "tog", "mig", "om", "halsen"), "client"), Side(("när",), "caseworker")),
    (NOTHING, (True, False, True), NOTHING),
    (UNCOUNTED, COUNTED, UNCOUNTED),
)


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    return taught([SAFE, GRAVE] * 6, Vocabulary([SAFE, GRAVE]), seed=1, epochs=150)


@pytest.fixture(scope="module")
def network(hearing: Hearing) -> Network:
    return hearing.frozen()


@pytest.mark.parametrize("ahead", range(AHEAD + 1))
def test_numpy_hears_what_torch_learned(hearing: Hearing, network: Network, ahead: int) -> None:
    torch_says = hearing(Vocabulary([SAFE]).batch([SAFE]), ahead).detach().numpy()
    heard = Listener(network).opinions(SAFE.said, SAFE.age)
    for row, opinions in zip(torch_says, heard, strict=True):
        assert np.allclose(row, np.array(opinions[min(ahead, len(opinions) - 1)]), atol=1e-3)


def test_what_it_was_taught_it_knows(network: Network) -> None:
    ear = Listener(network)
    grave, safe = ear.opinions(GRAVE.said, None)[1][-1], ear.opinions(SAFE.said, 9)[1][-1]
    assert grave.acute > 0 > safe.acute
    assert grave.risk > 0 > grave.protective
    assert safe.protective > 0 > safe.risk


def test_what_is_said_later_changes_nothing_heard_before_it(network: Network) -> None:
    ear = Listener(network)
    early, late = ear.opinions(GRAVE.said[:2], None), ear.opinions(GRAVE.said, None)
    assert [len(opinions) for opinions in late] == [3, 2, 1]
    for before, after in zip(early, late, strict=False):
        assert np.allclose(np.array(before), np.array(after[: len(before)]), atol=1e-4)


def test_a_network_is_much_the_same_after_it_was_stored(network: Network) -> None:
    stored = Listener(unpack_network(pack_network(network))).opinions(GRAVE.said, None)[1][-1]
    assert np.allclose(np.array(stored), np.array(Listener(network).opinions(GRAVE.said, None)[1][-1]), atol=0.3)


def test_nothing_said_gives_no_opinions(network: Network) -> None:
    assert Listener(network).opinions((), 5) == []


def test_how_the_caseworker_presents_somebody_is_not_heard(network: Network) -> None:
    presented = (Side(("yonas", "är", "från", "eritrea"), "caseworker"), *GRAVE.said)
    ear = Listener(network)
    assert ear.opinions(presented, None)[1:] == ear.opinions(GRAVE.said, None)
