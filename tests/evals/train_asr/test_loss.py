"""The RNN-T loss against the plain sum over every path."""

import itertools
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from torch import Tensor

pytestmark = pytest.mark.asr
torch = pytest.importorskip("torch")


def by_enumeration(logits: "Tensor", targets: list[int], frames: int, blank: int) -> "Tensor":
    """-log of the sum over all orders of the emissions and the blanks that leave each frame."""
    scores = logits.log_softmax(-1)
    paths: list[Tensor] = []
    for places in itertools.combinations_with_replacement(range(frames), len(targets)):
        path, said = torch.zeros(()), 0
        for frame in range(frames):
            for _ in range(places.count(frame)):
                path = path + scores[frame, said, targets[said]]
                said += 1
            path = path + scores[frame, said, blank]
        paths.append(path)
    return -torch.stack(paths).logsumexp(0)


def test_the_loss_and_its_gradient_are_those_of_the_sum_over_all_paths() -> None:
    from handenhet.evals.train_asr.loss import rnnt_loss

    torch.manual_seed(1)
    logits = torch.randn(3, 5, 4, 6) * 2
    targets = torch.randint(0, 5, (3, 3))
    frames, lengths = torch.tensor([5, 3, 4]), torch.tensor([3, 2, 0])
    ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    loss = rnnt_loss(ours, targets, frames, lengths, 5)
    plain = torch.stack(
        [
            by_enumeration(theirs[i, : int(frames[i])], targets[i, : int(lengths[i])].tolist(), int(frames[i]), 5)
            for i in range(3)
        ]
    )
    assert torch.allclose(loss, plain, atol=1e-4)
    weight = torch.tensor([1.0, 2.0, 0.5])
    (loss * weight).sum().backward()
    (plain * weight).sum().backward()
    assert ours.grad is not None
    assert theirs.grad is not None
    assert torch.allclose(ours.grad, theirs.grad, atol=1e-4)
