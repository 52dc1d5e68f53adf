"""The driver, and the libraries that stand for Android's own, compiled with gcc for what a .so is for.

The .so asks for libc.so, libm.so, libdl.so and liblog.so, and in them for names of the version LIBC. Here libc.so has
them all: a stub each, which jumps to shim.c's function or to glibc's of that name; the others are empty. glibc keeps
names of its own versions apart, so that a stub and what it jumps to may have one name.
"""

from __future__ import annotations

import re
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import make_folder, write_text
from mobile.android.ci.native.processors import Processor
from mobile.android.ci.tools import run_tool

SOURCES = Path(__file__).resolve().parent
WARNINGS = ("-O2", "-Wall", "-Wextra", "-Werror")
JUMP = {"x86_64": "jmp {}@PLT", "arm64-v8a": "b {}"}
STUB = """.globl stub_{name}
.type stub_{name},%function
stub_{name}: {jump}
.symver stub_{name},{name}@LIBC
"""


def build(processor: Processor, library: Path, folder: Path) -> Path:
    """Compiles for `library`, a libtensorflowlite_jni.so of this processor, into `folder`; returns the driver's path.

    The stand-ins are beside it. Raises InputError if a compiler is missing, or fails.
    """
    make_folder(folder)
    _shared(processor, folder, "libc", stubs(processor.abi, names_of(library)), SOURCES / "shim.c")
    for name in ("libm", "libdl", "liblog"):
        _shared(processor, folder, name, "")
    driver = folder / "driver"
    run_tool([processor.compiler, *WARNINGS, "-o", driver, SOURCES / "driver.c", "-ldl"])
    return driver


def names_of(library: Path) -> list[str]:
    """Returns the functions that a .so wants of Android's C library, in order; InputError if there are none."""
    listed = run_tool(["readelf", "--dyn-syms", "--wide", library])
    found = sorted(set(re.findall(r" FUNC +GLOBAL +DEFAULT +UND (\w+)@LIBC\b", listed)))
    if not found:
        raise InputError(f"{library}: asks for no function of Android's C library; take the aar's own")
    return found


def stubs(abi: str, names: list[str]) -> str:
    """Returns the assembly that has a function for each name, which is shim.c's or glibc's."""
    own = set(re.findall(r"\bbionic_(\w+)\(", (SOURCES / "shim.c").read_text(encoding="utf-8")))
    lines = [
        STUB.format(name=name, jump=JUMP[abi].format(f"bionic_{name}" if name in own else name))
        for name in names
    ]
    return ".text\n" + "".join(lines)


def _shared(processor: Processor, folder: Path, name: str, assembly: str, *sources: Path) -> None:
    """A library of this name, whose symbols of the version LIBC are those of the assembly."""
    code, versions = folder / f"{name}.s", folder / f"{name}.map"
    write_text(code, assembly + '.section .note.GNU-stack,"",%progbits\n')
    write_text(versions, "LIBC { local: stub_*; bionic_*; };\n")
    command: list[str | Path] = [processor.compiler, *WARNINGS, "-shared", "-fPIC"]
    command += ["-o", folder / f"{name}.so", *sources, code]
    command += [f"-Wl,-soname,{name}.so", f"-Wl,--version-script={versions}", "-lm", "-ldl", "-lpthread"]
    run_tool(command)
