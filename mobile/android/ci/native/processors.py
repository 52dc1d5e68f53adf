"""The processors that Android's library is run on: this machine's own, and ARM64 ones by QEMU.

QEMU shows a program its own processor in the registers, but this machine's in /proc and /sys, where XNNPACK looks too
(and ends the program if what it finds there is not ARM's): so it is given a root folder with both, and with Debian's
ARM64 C library.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from face_emotion.files import make_folder, write_text

ARM_LIBRARIES = Path("/usr/aarch64-linux-gnu/lib")  # of Debian's libc6-arm64-cross
NEEDED = ("ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6", "libdl.so.2")
EMULATOR = "qemu-aarch64-static"
CPUINFO = """processor\t: 0
BogoMIPS\t: 48.00
Features\t: fp asimd
CPU implementer\t: {implementer}
CPU architecture: 8
CPU variant\t: 0x0
CPU part\t: {part}
CPU revision\t: 0
"""


@dataclass(frozen=True)
class Processor:
    """What a library is run on.

    abi: its folder in an aar. compiler: the program that compiles for it. cpu: QEMU's name of it, "" for this
    machine's own. implementer, part: what /proc/cpuinfo calls it.
    """

    abi: str
    compiler: str
    cpu: str = ""
    implementer: str = "0x41"
    part: str = ""

    def command(self, root: Path) -> list[str]:
        """Returns what stands before a program's name; root: a folder that `write_root` has filled."""
        return [EMULATOR, "-cpu", self.cpu, "-L", str(root)] if self.cpu else []


PROCESSORS = {
    "x86-64": Processor("x86_64", "gcc"),
    "cortex-a53": Processor("arm64-v8a", "aarch64-linux-gnu-gcc", "cortex-a53", part="0xd03"),
    "cortex-a76": Processor("arm64-v8a", "aarch64-linux-gnu-gcc", "cortex-a76", part="0xd0b"),
    # All that QEMU knows of ARMv8 and v9 (products of int8 matrices, SVE), but SME, which QEMU 7.2 has in part only.
    "armv9": Processor("arm64-v8a", "aarch64-linux-gnu-gcc", "max,sme=off", "0x00", "0x051"),
}


def write_root(processor: Processor, root: Path) -> None:
    """Fills the folder `root` with what a program finds in place of this machine's / on an emulated processor."""
    if not processor.cpu:
        return
    libraries = make_folder(root / "lib")
    for name in NEEDED:
        shutil.copyfile(ARM_LIBRARIES / name, libraries / name)
    cpus, proc = make_folder(root / "sys/devices/system/cpu"), make_folder(root / "proc")
    make_folder(cpus / "cpu0")
    write_text(proc / "cpuinfo", CPUINFO.format(implementer=processor.implementer, part=processor.part))
    for name in ("possible", "present"):
        write_text(cpus / name, "0\n")
