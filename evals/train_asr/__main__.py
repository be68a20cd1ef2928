"""`python -m handenhet.evals.train_asr`: sentences, speech, training and the model card, one after the other.

    ... --work DIR speak --hours 12          synthesise (espeak-ng), two minutes of CPU time an hour of speech or less
    ... --work DIR speak --words /usr/share/dict/swedish    also random words and compounds of a word list
    ... --work DIR train --minutes 120       fine-tune the shipped model; --init none starts from nothing
    ... --work DIR train --resume --until 04:35
    ... --work DIR score                     the trained model on unseen sentences, offline
    ... --work DIR install                   put it in serving/asr/models and renew the manifest
    ... --work DIR train --whole             (score, install) the network of the second hearing, which listens both ways
    ... --work DIR install --share 0.6       mix it with what ships, where it was trained on from that
    ... --work DIR spell                     count the language model of the shipped model, and put it beside it

Without a step all of them are done. `--init FILE.nemo` fine-tunes any NeMo cache-aware hybrid model instead.
"""

import argparse
import datetime
import random
import time
from collections.abc import Iterator
from pathlib import Path

from ...serving.asr.checkpoint import SHIPPED
from . import corpus, synthesis, wordlist
from .corpus import Sentence
from .espeak import Espeak, Voice

SHARD_HOURS = 1.5
TESTS = 300
STEPS = ("speak", "train", "score", "install", "spell")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and do the steps it names."""
    given = _parser().parse_args(arguments)
    for step in [given.step] if given.step else STEPS:
        print(f"== {step}", flush=True)
        {"speak": _speak, "train": _train, "score": _score, "install": _install, "spell": _spell}[step](given)


def test_clips(
    sentences: tuple[Sentence, ...], seed: int, count: int
) -> Iterator[tuple[Sentence, Voice, synthesis.Clip]]:
    """Test sentences in rooms; every fourth by a voice that is never trained on."""
    rng, speaker = random.Random(seed), Espeak()
    fitting = [sentence for sentence in sentences if 3 <= len(sentence.words) <= 16]
    for index, sentence in enumerate(rng.sample(fitting, min(count, len(fitting)))):
        variants = synthesis.UNHEARD if index % 4 == 0 else synthesis.VARIANTS
        voice = synthesis.voice_for(sentence.register, rng, variants)
        yield (
            sentence,
            voice,
            synthesis.render(sentence.words, synthesis.Recipe(voice, rng.randrange(1 << 31)), speaker),
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m handenhet.evals.train_asr", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("step", nargs="?", choices=STEPS)
    parser.add_argument("--work", type=Path, default=Path("train-asr"), help="where speech and checkpoints lie")
    parser.add_argument("--hours", type=float, default=12.0, help="speech to synthesise")
    parser.add_argument("--words", type=Path, help="a word list of the language to speak random words of (optional)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--init", default=str(SHIPPED), help="model to fine-tune, or `none`")
    parser.add_argument(
        "--minutes", type=float, default=120.0, help="time to train; the learning rate falls to its end"
    )
    parser.add_argument("--until", help="HH:MM (UTC) instead of --minutes")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--share", type=float, default=1.0, help="of the new weights, the rest being those that ship")
    parser.add_argument("--whole", action="store_true", help="the network of the second hearing")
    parser.add_argument("--peak", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--processes", type=int, default=2, help="one thread each")
    parser.add_argument("--batch-seconds", type=float, default=16.0, help="speech in a process's batch")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (then --processes 1 and --batch-seconds 600)")
    return parser


def _speak(given: argparse.Namespace) -> None:
    data = given.work / "data"
    data.mkdir(parents=True, exist_ok=True)
    sentences = corpus.build(seed=given.seed)
    print(f"{len(sentences.train)} sentences to train on, {len(sentences.words)} distinct words")
    for number, name in enumerate(("known", "unseen")):
        if not (data / f"test-{name}.jsonl").exists():
            tests = test_clips(getattr(sentences, name), 71 + number, TESTS)
            synthesis.write_shard(data / f"test-{name}", tests)
    listed = wordlist.read(given.words) if given.words else ()
    for number in range(max(1, round(given.hours / SHARD_HOURS))):
        path = data / f"train-{number:03}"
        if not path.with_suffix(".jsonl").exists():
            clips = synthesis.training_clips(
                sentences.train, sentences.words, SHARD_HOURS, given.seed * 1000 + number, listed
            )
            print(f"{path.name}: {synthesis.write_shard(path, clips):.2f} h", flush=True)


def _train(given: argparse.Namespace) -> None:
    from .network import tokenizer
    from .train import Plan, run

    tokens = None
    if given.init == "none":
        tokens = given.work / "tokenizer"
        if not (tokens / "vocab.txt").exists():
            tokenizer([sentence.label for sentence in corpus.build(seed=given.seed).train], tokens)
    run(
        Plan(
            data=given.work / "data",
            out=_run(given),
            end=_end(given, time.time()),
            init=None if given.init == "none" else Path(given.init),
            tokens=tokens,
            resume=given.resume,
            peak=given.peak,
            seconds=given.batch_seconds,
            processes=given.processes,
            device=given.device,
            seed=given.seed,
            whole=given.whole,
            keep_ear=not given.whole,
        )
    )


def _run(given: argparse.Namespace) -> Path:
    return given.work / ("whole" if given.whole else "run")


def _end(given: argparse.Namespace, now: float) -> float:
    if not given.until:
        return now + 60 * given.minutes
    clock = datetime.time.fromisoformat(given.until)
    start = datetime.datetime.fromtimestamp(now, datetime.UTC)
    end = start.replace(hour=clock.hour, minute=clock.minute, second=0)
    return (end if end > start else end + datetime.timedelta(days=1)).timestamp()


def _score(given: argparse.Namespace) -> None:
    from . import network
    from .recognise import offline, read_test, with_noise
    from .score import total

    network.quiet()
    model = network.load(_run(given) / "model.nemo").eval()
    for name in ("known", "unseen"):
        clips = read_test(given.work / "data", name)
        for noise in (None, 10.0):
            waves = [clip.wave if noise is None else with_noise(clip.wave, noise, i) for i, clip in enumerate(clips)]
            rate = total(zip([clip.text for clip in clips], offline(model, waves), strict=True))
            print(
                f"{name}, {'clean' if noise is None else '10 dB'}: WER {rate.wer:.1f} % CER {rate.cer:.1f} %",
                flush=True,
            )


def _install(given: argparse.Namespace) -> None:
    from ...serving.asr.spelled import whole_hearing
    from .install import install

    place, trained = whole_hearing(SHIPPED) if given.whole else SHIPPED, _run(given) / "model.nemo"
    if given.share < 1.0:
        from . import network

        network.quiet()
        mixed = network.mixed(network.load(trained), network.load(place), given.share)
        trained = trained.with_name("mixed.nemo")
        mixed.save_to(str(trained))
    install(trained, place)
    print(f"{place} and its manifest are renewed; write the figures into {SHIPPED.with_suffix('.md').name}")


def _spell(given: argparse.Namespace) -> None:
    from ...serving.asr.spelled import language_model
    from .install import install
    from .spelling import build

    given.work.mkdir(parents=True, exist_ok=True)
    out = given.work / language_model(SHIPPED).name
    print(f"{build(SHIPPED, out, given.seed)} runs of word pieces")
    install(out, language_model(SHIPPED))


if __name__ == "__main__":
    main()
