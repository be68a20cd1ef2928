"""Training on CPUs: processes of one thread each, gradients averaged in shared memory, RNN-T and CTC learnt together.

Two starved processes broke gloo's all-reduce, and two threads of one process spin at each other's barriers on a shared
machine; a shared tensor and a barrier do neither.
"""

# NeMo is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import contextlib
import ctypes
import multiprocessing as mp
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from . import network
from .batches import Batch, Batches, Shards
from .loss import rnnt_loss
from .recognise import offline, read_test, with_noise
from .score import Rate, total

WARM_STEPS = 40
JOINT_FROM = 0.4
"""The share of the time after which a network trained from nothing gets its RNN-T loss."""
FRAME_STEPS = 900
"""Steps in which a network trained from nothing is also told in which frame each piece sounds."""
BETAS = (0.9, 0.98)
DECAY = 1e-2
CLIP = 2.0
AVERAGE = 0.998
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""mallopt(3) parameters."""
SAVE_EVERY_S = 240
SPOT_CHECK = 80
"""Clips of an evaluation under way; the last one hears them all."""


@dataclass(frozen=True)
class Plan:
    """One training run. Times are seconds since the epoch."""

    data: Path
    out: Path
    end: float
    init: Path | None = None
    tokens: Path | None = None
    resume: bool = False
    peak: float = 1e-3
    seconds: float = 20.0
    half: bool = True
    keep_ear: bool = True
    """Leave the first convolutions of `init` as they are: a fifth less time where only words and voices are new."""
    whole: bool = False
    """Train `init` for a second hearing of whole utterances (`network.whole`), with its CTC head alone."""
    processes: int = 2
    device: str = "cpu"
    evaluate_every: float = 600.0
    seed: int = 1


class Weights:
    """All learnt parameters as one row, with AdamW and a running average that is good before the rate has fallen."""

    def __init__(self, model: Any, gradients: Tensor) -> None:
        learnt = [p for p in model.parameters() if p.requires_grad]
        parameters = [p for p in learnt if p.dim() > 1] + [p for p in learnt if p.dim() <= 1]
        self.now = torch.cat([p.detach().reshape(-1) for p in parameters])
        self.average = self.now.clone()
        self.gradient = torch.zeros_like(self.now)
        place = 0
        for p in parameters:
            p.data = self.now[place : place + p.numel()].view_as(p)
            p.grad = gradients[place : place + p.numel()].view_as(p)
            place += p.numel()
        edge = sum(p.numel() for p in parameters if p.dim() > 1)
        groups: list[dict[str, Any]] = []
        for part, decay in ((slice(0, edge), DECAY), (slice(edge, None), 0.0)):
            row = torch.nn.Parameter(self.now[part])
            row.grad = self.gradient[part]
            groups.append({"params": [row], "weight_decay": decay})
        self.optimizer = torch.optim.AdamW(groups, lr=0.0, betas=BETAS, fused=True)
        self.steps = 0

    def step(self, rate: float) -> float:
        """One update from `gradient`; one that is not finite changes nothing. Returns the gradient's norm."""
        norm = float(self.gradient.norm())
        if not norm < float("inf"):
            return norm
        self.steps += 1
        self.gradient.mul_(min(1.0, CLIP / (norm + 1e-6)))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.average.lerp_(self.now, 1 - min(AVERAGE, (1 + self.steps) / (10 + self.steps)))
        return norm

    def state(self) -> dict[str, Any]:
        return {"now": self.now, "average": self.average, "steps": self.steps, "optimizer": self.optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.now.copy_(state["now"])
        self.average.copy_(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps = int(state["steps"])

    def swap(self) -> None:
        """Exchange the weights and their average; twice is as before."""
        kept = self.now.clone()
        self.now.copy_(self.average)
        self.average.copy_(kept)


def run(plan: Plan) -> None:
    """Train until `plan.end`; the last checkpoint and `model.nemo` (averaged weights) lie in `plan.out`."""
    plan.out.mkdir(parents=True, exist_ok=True)
    if plan.processes == 1:
        _worker(0, plan, _start(plan), None, torch.zeros(1), torch.zeros(2))
        return
    context = mp.get_context("fork")  # NeMo takes half a minute to import: once is enough
    torch.set_num_threads(1)
    model = _start(plan)
    size = sum(p.numel() for p in model.parameters() if p.requires_grad)
    shared = torch.zeros(plan.processes, size).share_memory_()
    control = torch.zeros(2, dtype=torch.float64).share_memory_()
    barrier = context.Barrier(plan.processes)
    ranks = range(plan.processes)
    workers = [context.Process(target=_worker, args=(rank, plan, model, barrier, shared, control)) for rank in ranks]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit(1)


def _start(plan: Plan) -> Any:
    network.quiet()
    if plan.init is not None:
        model = network.load(plan.init)
        if plan.whole and not network.hears_whole(model):
            model = network.whole(model)
        return network.without_ear(model) if plan.keep_ear else model
    if plan.tokens is None:
        raise ValueError("a network trained from nothing needs a tokenizer folder")
    torch.manual_seed(plan.seed)
    return network.fresh(plan.tokens)


def _keep_memory() -> None:
    """Have libc keep freed tensors; handing them back to the system after every step costs a tenth of the time."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            libc.mallopt(option, 1 << 30)


def _worker(rank: int, plan: Plan, model: Any, barrier: Any, shared: Tensor, control: Tensor) -> None:
    _keep_memory()
    torch.set_num_threads(1 if plan.device == "cpu" else os.cpu_count() or 1)
    model = model.to(plan.device).train()
    if barrier is None:
        shared = torch.zeros(1, sum(p.numel() for p in model.parameters() if p.requires_grad), device=plan.device)
    weights = Weights(model, shared[rank])
    begun = time.time()
    checkpoint = plan.out / "checkpoint.pt"
    if plan.resume and checkpoint.exists():
        state = torch.load(checkpoint, map_location=plan.device)
        weights.restore(state)
        begun = float(state["begun"])
    Trainer(rank, plan, model, weights, shared, control, barrier, begun).loop()


class Trainer:
    """One process of a run: batches in, gradients into the shared rows, the same update everywhere."""

    def __init__(
        self,
        rank: int,
        plan: Plan,
        model: Any,
        weights: Weights,
        shared: Tensor,
        control: Tensor,
        barrier: Any,
        begun: float,
    ) -> None:
        self.rank, self.plan, self.model, self.weights = rank, plan, model, weights
        self.shared, self.control, self.barrier, self.begun = shared, control, barrier, begun

        @cache
        def encode(word: str) -> list[int]:
            return list(model.tokenizer.text_to_ids(word))

        self.blank = int(model.tokenizer.vocab_size)
        shards = Shards(plan.data, "train-*", encode)
        torch.manual_seed(plan.seed * 100 + rank + weights.steps)
        self.batches = Batches(shards, plan.seconds, self.blank, plan.seed * 1000 + rank * 17 + weights.steps)
        self.sums, self.heard = [0.0] * 4, 0.0
        self.log = (plan.out / "log.txt").open("a", encoding="utf-8") if rank == 0 else None

    def loop(self) -> None:
        started = evaluated = saved = time.time()
        while True:
            now = time.time()
            if self.rank == 0:
                self.control[0] = min(1.0, (now - self.begun) / max(1.0, self.plan.end - self.begun))
                due = now - evaluated > self.plan.evaluate_every or now >= self.plan.end
                self.control[1] = 1.0 if due else 0.0
                if now - saved > SAVE_EVERY_S and not due:
                    saved = now
                    self.save()
            self.wait()
            share, due = float(self.control[0]), float(self.control[1]) > 0
            if due:
                evaluated = time.time()
                self.evaluate(share)
            if share >= 1.0:
                break
            self.step(share)
            if self.rank == 0 and self.weights.steps % 50 == 0:
                self.report(share, time.time() - started)

    def wait(self) -> None:
        if self.barrier is not None:
            self.barrier.wait()

    def step(self, share: float) -> None:
        self.shared[self.rank].zero_()
        joint = not self.plan.whole and (self.plan.init is not None or share > JOINT_FROM)
        loss = self.loss(self.batches.next(), joint=joint)
        loss.backward()
        self.wait()
        torch.mean(self.shared, 0, out=self.weights.gradient)
        self.wait()
        warm = min(1.0, (self.weights.steps + 1) / WARM_STEPS)
        self.sums[3] = self.weights.step(self.plan.peak * warm * max(0.01, 1 - share))

    def loss(self, batch: Batch, joint: bool) -> Tensor:
        model, device = self.model, self.plan.device
        waves, lengths = batch.waves.to(device), batch.lengths.to(device)
        targets, counts = batch.targets.to(device), batch.target_lengths.to(device)
        with torch.no_grad():
            features, feature_lengths = model.preprocessor(input_signal=waves, length=lengths)
            if self.plan.init is not None or self.weights.steps > 1000:
                features = model.spec_augmentation(input_spec=features, length=feature_lengths)
        with self.half():
            encoded, frames = model.encoder(audio_signal=features, length=feature_lengths)
            log_probs = model.ctc_decoder(encoder_output=encoded)
        size = counts.clamp(min=10)
        ctc = torch.nn.functional.ctc_loss(
            log_probs.float().transpose(0, 1),
            targets,
            frames,
            counts,
            blank=self.blank,
            zero_infinity=True,
            reduction="none",
        )
        loss = (ctc / size).mean()
        self.sums[0] += float(loss)
        if joint:
            with self.half():
                decoded, _, _ = model.decoder(targets=targets, target_length=counts)
                lattice = model.joint(encoder_outputs=encoded, decoder_outputs=decoded)
            transduced = (rnnt_loss(lattice.float(), targets, frames, counts, self.blank) / size).mean()
            self.sums[1] += float(transduced)
            loss = 0.5 * loss + transduced
        if self.plan.init is None and self.weights.steps < FRAME_STEPS:
            share = 1 - self.weights.steps / FRAME_STEPS
            loss = loss * (1 - 0.7 * share) + 1.5 * share * self.frame_loss(
                log_probs.float(), batch.frames.to(device), frames
            )
        self.sums[2] += batch.seconds
        return loss

    def half(self) -> Any:
        """Matrix products in bfloat16: a fifth less time on processors that have it, and no worse words."""
        return torch.autocast(self.plan.device, torch.bfloat16, enabled=self.plan.half)

    def frame_loss(self, log_probs: Tensor, wanted: Tensor, frames: Tensor) -> Tensor:
        """Cross-entropy against the frame espeak-ng spoke each piece in; blanks weigh a quarter."""
        wanted = wanted[:, : log_probs.shape[1]]
        inside = torch.arange(wanted.shape[1], device=wanted.device)[None] < frames[:, None]
        missed = -log_probs[:, : wanted.shape[1]].gather(2, wanted[..., None])[..., 0]
        weight = torch.where(wanted == self.blank, 0.25, 1.0) * inside
        return (missed * weight).sum() / weight.sum()

    def evaluate(self, share: float) -> None:
        """Error rates of the averaged weights; the last process measures noise. Then checkpoint and `model.nemo`."""
        last = share >= 1.0
        self.weights.swap()
        self.model.eval()
        lines: list[str] = []
        if self.rank == 0:
            for name in ("unseen", "known") if last else ("unseen",):
                clips = read_test(self.plan.data, name, None if last else SPOT_CHECK)
                heard = offline(self.model, [clip.wave for clip in clips])
                rate = total(zip([clip.text for clip in clips], heard, strict=True))
                lines.append(f"{name} clean WER {rate.wer:.2f} CER {rate.cer:.2f}")
                if name == "unseen":
                    shown = list(zip(clips, heard, strict=True))[:6]
                    lines += [f"\n    {clip.text}\n    {text}" for clip, text in shown]
            self.model.save_to(str(self.plan.out / "saving.nemo"))
            (self.plan.out / "saving.nemo").rename(self.plan.out / "model.nemo")
        if self.rank == self.plan.processes - 1:
            clips = read_test(self.plan.data, "unseen", None if last else SPOT_CHECK)
            heard = offline(self.model, [with_noise(clip.wave, 10, index) for index, clip in enumerate(clips)])
            rate: Rate = total(zip([clip.text for clip in clips], heard, strict=True))
            lines.append(f"unseen 10 dB WER {rate.wer:.2f}")
        self.model.train()
        self.weights.swap()
        if self.rank == 0:
            self.save()
        text = f"{time.strftime('%H:%M:%S')} step {self.weights.steps}: " + " | ".join(lines)
        with (self.plan.out / "evaluations.txt").open("a", encoding="utf-8") as file:
            file.write(text + "\n")
        print(text, flush=True)
        self.wait()

    def save(self) -> None:
        """Write beside and rename: an interrupted save leaves the one before."""
        part = self.plan.out / "checkpoint.part"
        torch.save(self.weights.state() | {"begun": self.begun}, part)
        part.rename(self.plan.out / "checkpoint.pt")

    def report(self, share: float, elapsed: float) -> None:
        ctc, transducer, seconds, norm = self.sums
        self.sums = [0.0] * 4
        self.heard += seconds * self.plan.processes
        line = (
            f"step {self.weights.steps} {100 * share:.1f} % ctc {ctc / 50:.3f} rnnt {transducer / 50:.3f} "
            f"norm {norm:.2f} {self.heard / 3600:.2f} h, {self.heard / elapsed:.0f} times real time"
        )
        print(line, flush=True)
        if self.log is not None:
            self.log.write(line + "\n")
            self.log.flush()
