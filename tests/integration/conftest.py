"""A real vLLM in a process of its own, serving a model of random weights that is made on the spot."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from handenhet.serving.vllm.models import Family
from handenhet.serving.vllm.start import Served, command, environment

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-vllm" / "bin" / "python"
READY_WITHIN_S = 480
"""Twenty to sixty seconds on two idle cores; a busy machine has taken 150."""
STOPPED_WITHIN_S = 30
NAME = "qwen3-random"
"""Begins with the family's name, as a served name should."""
KEY = "a-key-for-the-test"
ON_TWO_CORES = {
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "VLLM_CPU_KVCACHE_SPACE": "1",  # GB
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
}
FOR_A_TINY_MODEL = ("--dtype", "float32", "--enforce-eager", "--block-size", "32", "--max-num-seqs", "8")


@dataclass
class Vllm:
    """One vLLM on loopback. `start` returns when it answers; `kill` is what a power cut does."""

    model: Path
    log: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """As `handenhet llm serve` starts it, plus what a machine without a graphics card needs."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        served = Served(
            NAME, str(self.model), Family(tool_call_parser="hermes"), 16_384, port=self.port, flags=FOR_A_TINY_MODEL
        )
        program = (str(PYTHON), "-m", "vllm.entrypoints.cli.main")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command(served, program), stdout=log, stderr=log, env=self._environment(), start_new_session=True
            )
        self._wait()

    def _environment(self) -> Mapping[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("HANDENHET_", "OTEL_"))}
        return {**ours, **ON_TWO_CORES, **environment(KEY)}

    def _wait(self) -> None:
        assert self._process is not None
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except OSError:
                assert self._process.poll() is None, f"vLLM gave up. The end of its log:\n{self.told}"
                time.sleep(0.2)  # another program's start is waited for by asking, there is nothing to be told by
        self.kill()
        raise AssertionError(f"vLLM did not answer within {READY_WITHIN_S} s. The end of its log:\n{self.told}")

    @property
    def told(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3_000:]

    def kill(self) -> None:
        """It and the processes it started, at once; their numbers are ours since they share a session of their own."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's folder. Fails, and never skips, where vLLM's environment is missing: ask for less with `-m`."""
    if not PYTHON.with_name("vllm").parent.joinpath("..", "installed").exists():
        pytest.fail("there is no .venv-vllm: run `make .venv-vllm/installed`, or leave these tests out: -m 'not vllm'")
    folder = tmp_path_factory.mktemp("tiny-model")
    script = Path(__file__).with_name("tiny_model.py")
    made = subprocess.run([PYTHON, script, folder], capture_output=True, text=True, timeout=READY_WITHIN_S)
    assert made.returncode == 0, made.stderr[-3_000:]
    return folder


@pytest.fixture(scope="session")
def vllm(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Vllm]:
    server = Vllm(tiny_model, tmp_path_factory.mktemp("vllm") / "vllm.log")
    began = time.monotonic()
    server.start()
    print(f"\nvLLM answered after {time.monotonic() - began:.0f} s")
    yield server
    server.stop()
