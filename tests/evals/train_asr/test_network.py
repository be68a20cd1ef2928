"""The network of the second hearing: nothing learnt is lost, and what it saves is loaded as what it is."""

# NeMo and torch are typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from pathlib import Path

import pytest
import torch

from handenhet.evals.train_asr.network import hears_whole, load, mixed, quiet, whole
from handenhet.evals.train_asr.recognise import offline
from handenhet.serving.asr.checkpoint import SHIPPED

# NeMo and its dependencies warn of many things of their own.
pytestmark = [pytest.mark.asr, pytest.mark.filterwarnings("ignore")]


def test_a_convolution_that_looks_ahead_gives_at_first_what_it_gave(tmp_path: Path) -> None:
    quiet()
    live, wider = load(SHIPPED).eval(), whole(load(SHIPPED)).eval()
    before, after = (model.encoder.layers[0].conv.depthwise_conv for model in (live, wider))
    sound = torch.randn(1, before.in_channels, 30, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(before(sound), after(sound), atol=1e-5)
    assert (hears_whole(live), hears_whole(wider)) == (False, True)
    wider.save_to(str(tmp_path / "wider.nemo"))
    again = load(tmp_path / "wider.nemo").eval()
    assert hears_whole(again)
    wave = torch.randn(16_000, generator=torch.Generator().manual_seed(2)).mul(0.05).numpy()
    assert offline(again, [wave]) == offline(wider, [wave])
    assert all(torch.equal(one, other) for one, other in zip(wider.parameters(), again.parameters(), strict=True))


def test_mixed_networks_weigh_as_much_as_they_are_told() -> None:
    quiet()
    old, new = load(SHIPPED), load(SHIPPED)
    with torch.no_grad():
        for parameter in new.parameters():
            parameter.add_(1.0)
    for before, after in zip(old.parameters(), mixed(new, old, 0.25).parameters(), strict=True):
        assert torch.allclose(after, before + 0.25, atol=1e-5)
