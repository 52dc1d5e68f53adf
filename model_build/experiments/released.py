"""Trains a released model again: the commands that led to it, one after another.

    python -m model_build released small --data fer2013.tar.gz --votes fer2013new.csv [--seeds] [--print]

With --seeds, the trainings instead that differ in nothing but their seed, and then their mean and spread
(seeds.py). A step that is done is skipped, an interrupted one goes on where it stopped. Each leaves a
folder of its own in build/; the last one's is what `python -m model_build release` copied into models/. Teachers that
stand in models/teachers are taken as they are; models/EXPERIMENTS.md has their commands, and what each step brought.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import dataclass

from face_emotion.errors import InputError
from face_emotion.termination import EXIT_INTERRUPTED

COMMON = "--noise 0.05 --optimizer muon --batch-size 256 --ema 0.997"
ALONE = "--noise 0 --precision bfloat16 --weight-decay 5e-4 --epochs 40 --muon-rate 0.01 --keep last"
KEPT = "--epochs 0 --qat-epochs 0"
TWO = ("residual-muon", "residual-muon-strong")
THREE = (*TWO, "residual-muon-taught")
FIVE = (*THREE, "small-eighth", "base-first")
FOUR = ("residual-muon", "base-interpolated", "residual-muon-second", "residual-muon-stretched")
BETTER_BASE = ("residual-muon", "base-views", "residual-muon-second", "residual-muon-stretched")
# Images that are spoilt a little, as a camera does, and teachers that see neither noise nor JPEG.
GENTLE = (
    "--rotate 10 --scale 0.12 --shift 0.08 --contrast 0.2 --gamma 0.25 --soften 0.1 --noise 0.04 --jpeg 0.1"
    " --erase 0.2 --distill 0.7 --teacher-noise 0 --teacher-mirror 1"
)
UNDER_FOUR = f"{GENTLE} --teacher-weights 0.23,0.35,0.20,0.22"
UNDER_BETTER_BASE = f"{GENTLE} --teacher-weights 0.21,0.41,0.18,0.20"
UNDER_TWO = f"{GENTLE} --teacher-weights 0.47,0.53 --votes-weight 3"


@dataclass(frozen=True)
class Step:
    """One command. verb: of python -m model_build. variant: what is trained. teachers: files in models/teachers, or
    steps. start: the step whose weights it starts from. flags: its own. minutes: it took on two cores.
    views: of each image that the teachers answer to. normalization: of the crops. end: of an interpolation, the step
    whose weights it ends with."""

    verb: str
    variant: str
    teachers: tuple[str, ...]
    start: str | None
    flags: str
    minutes: int
    views: int = 12
    normalization: str = "none"
    end: str | None = None

    @property
    def needs(self) -> list[str]:
        """The steps whose checkpoints it reads."""
        return [name for name in (*self.teachers, self.start, self.end) if name in STEPS]


# Cycles: each starts from the weights of the one before, and its learning rate rises and falls anew.
STEPS = {
    # Teachers. The first one, models/teachers/residual-muon.npz, is taken as it is.
    "residual-muon-strong": Step(
        "train",
        "teacher",
        (),
        None,
        "--rotate 15 --scale 0.15 --erase 0.5 --precision bfloat16 --weight-decay 5e-4 --epochs 40 --muon-rate 0.01"
        " --seed 3",
        68,
        views=0,
    ),
    "residual-muon-taught": Step(
        "train",
        "teacher",
        TWO,
        None,
        "--distill 0.8 --precision bfloat16 --weight-decay 5e-4 --epochs 30 --muon-rate 0.01 --seed 4",
        37,
    ),
    "small-fifth": Step("train", "small", TWO, None, "--distill 0.8 --epochs 50 --muon-rate 0.01", 65),
    "small-sixth": Step(
        "train", "small", TWO, "small-fifth", "--distill 0.8 --epochs 26 --muon-rate 0.006 --seed 1", 36
    ),
    "small-seventh": Step(
        "train", "small", THREE, "small-sixth", "--distill 0.8 --epochs 40 --muon-rate 0.006 --seed 2", 47
    ),
    "small-ferplus-second": Step(
        "train",
        "small-ferplus",
        THREE,
        "small-seventh",
        "--distill 0.5 --targets both --votes-weight 3 --epochs 12 --muon-rate 0.004 --seed 1",
        14,
    ),
    "small-eighth": Step(
        "build",
        "small",
        THREE,
        "small-ferplus-second",
        "--distill 0.5 --votes-weight 3 --epochs 30 --muon-rate 0.005 --qat-epochs 2 --seed 3",
        34,
    ),
    "base-first": Step(
        "build",
        "base",
        (*THREE, "small-eighth"),
        "small-eighth",
        "--distill 0.5 --votes-weight 3 --teacher-mirror 1 --epochs 24 --muon-rate 0.006 --qat-epochs 2 --seed 4",
        70,
    ),
    "base-second": Step(
        "build",
        "base",
        FIVE,
        "base-first",
        "--distill 0.6 --votes-weight 3 --teacher-mirror 1 --epochs 20 --muon-rate 0.006 --qat-epochs 2"
        " --qat-learning-rate 0.002 --seed 5",
        80,
        views=8,
    ),
    "nano-first": Step(
        "build",
        "nano",
        FIVE,
        None,
        "--distill 0.7 --votes-weight 2 --teacher-mirror 1 --epochs 64 --muon-rate 0.012 --qat-epochs 2 --seed 6",
        80,
        views=8,
    ),
    "small-ninth": Step(
        "build",
        "small",
        FIVE,
        "small-eighth",
        "--distill 0.6 --votes-weight 3 --teacher-mirror 1 --epochs 26 --muon-rate 0.006 --qat-epochs 2"
        " --qat-learning-rate 0.002 --seed 8",
        53,
        views=8,
    ),
    "nano-second": Step(
        "build",
        "nano",
        FIVE,
        "nano-first",
        "--distill 0.7 --votes-weight 2 --teacher-mirror 1 --epochs 40 --muon-rate 0.008 --qat-epochs 2"
        " --qat-learning-rate 0.002 --seed 7",
        48,
        views=8,
    ),
    "nano-third": Step(
        "build",
        "nano",
        FIVE,
        "nano-second",
        "--distill 0.7 --votes-weight 2 --teacher-mirror 1 --epochs 36 --muon-rate 0.008 --qat-epochs 2"
        " --qat-learning-rate 0.002 --seed 15",
        46,
        views=8,
    ),
    # Images as a camera spoils them, teachers that see neither noise nor JPEG; then the best network on the way there.
    "nano-fourth": Step(
        "train",
        "nano",
        ("residual-muon", "base-second"),
        "nano-third",
        "--rotate 13 --scale 0.15 --shift 0.08 --contrast 0.3 --gamma 0.5 --soften 0.25 --noise 0.06 --jpeg 0.2"
        " --erase 0.3 --distill 0.7 --votes-weight 2 --teacher-weights 0.47,0.53 --teacher-noise 0"
        " --teacher-mirror 1 --epochs 16 --muon-rate 0.008 --seed 21",
        79,
        views=4,
        normalization="stretch",
    ),
    "nano-between": Step("interpolate", "nano", (), "nano-third", "", 2, end="nano-fourth"),
    "nano-interpolated": Step("build", "nano", (), "nano-between", f"{KEPT} --seed 26", 10, 0, "stretch"),
    # The same weights behind a stretched crop, calibrated anew; both heads go out.
    "base-stretched": Step("build", "base", (), "base-second", f"{KEPT} --seed 25", 10, 0, "stretch"),
    # A short cycle at a low rate on images that are spoilt less than nano's, and the best network on the way there.
    "small-gentle": Step(
        "train",
        "small",
        ("residual-muon", "base-stretched"),
        "small-ninth",
        f"{UNDER_TWO} --epochs 9 --muon-rate 0.002 --learning-rate 0.03 --seed 27",
        78,
        views=4,
        normalization="stretch",
    ),
    "small-blend": Step("interpolate", "small", (), "small-ninth", "", 2, end="small-gentle"),
    "small-interpolated": Step("build", "small", (), "small-blend", f"{KEPT} --seed 29", 10, 0, "stretch"),
    "base-gentle": Step(
        "train",
        "base",
        ("residual-muon", "base-second"),
        "base-second",
        f"{UNDER_TWO} --epochs 5 --muon-rate 0.002 --learning-rate 0.03 --seed 28",
        91,
        views=4,
        normalization="stretch",
    ),
    "base-blend": Step("interpolate", "base", (), "base-second", "", 3, end="base-gentle"),
    "base-interpolated": Step("build", "base", (), "base-blend", f"{KEPT} --seed 30", 15, 0, "stretch"),
    # Teachers that differ from the first one in their seed, and their last epochs, by which they differ more.
    "residual-muon-second": Step("train", "teacher", (), None, f"{ALONE} --seed 60", 46, 0),
    "residual-muon-stretched": Step("train", "teacher", (), None, f"{ALONE} --seed 61", 46, 0, "stretch"),
    # Cycles long enough, and of views enough, to gain by such teachers.
    "base-views": Step(
        "train",
        "base",
        FOUR,
        "base-interpolated",
        f"{UNDER_FOUR} --votes-weight 1.5 --epochs 28 --muon-rate 0.005 --learning-rate 0.05 --seed 51",
        59,
        normalization="stretch",
    ),
    "small-views": Step(
        "train",
        "small",
        FOUR,
        "small-interpolated",
        f"{UNDER_FOUR} --votes-weight 1.5 --epochs 24 --muon-rate 0.006 --learning-rate 0.06 --seed 50",
        52,
        normalization="stretch",
    ),
    "small-second-views": Step(
        "train",
        "small",
        FOUR,
        "small-views",
        f"{UNDER_FOUR} --votes-weight 2.5 --epochs 36 --muon-rate 0.006 --learning-rate 0.06 --seed 56",
        72,
        views=36,
        normalization="stretch",
    ),
    "nano-views": Step(
        "train",
        "nano",
        FOUR,
        "nano-interpolated",
        f"{UNDER_FOUR} --votes-weight 2 --epochs 28 --muon-rate 0.006 --learning-rate 0.06 --seed 57",
        36,
        normalization="stretch",
    ),
    "nano-second-views": Step(
        "train",
        "nano",
        BETTER_BASE,
        "nano-views",
        f"{UNDER_BETTER_BASE} --votes-weight 2 --epochs 36 --muon-rate 0.006 --learning-rate 0.06 --seed 62",
        60,
        views=32,
        normalization="stretch",
    ),
    # As far towards the new ends as FER+'s own rule stays as good as was asked for.
    "base-mixed": Step("interpolate", "base", (), "base-interpolated", "--share 0.625", 2, end="base-views"),
    "small-mixed": Step(
        "interpolate", "small", (), "small-interpolated", "--share 0.875", 1, end="small-second-views"
    ),
    "nano-mixed": Step(
        "interpolate", "nano", (), "nano-interpolated", "--share 0.875", 1, end="nano-second-views"
    ),
    "small-final": Step("build", "small", (), "small-mixed", f"{KEPT} --seed 70", 4, 0, "stretch"),
    "base-final": Step("build", "base", (), "base-mixed", f"{KEPT} --seed 71", 7, 0, "stretch"),
    "nano-final": Step("build", "nano", (), "nano-mixed", f"{KEPT} --seed 72", 4, 0, "stretch"),
    **{
        f"small-seed-{seed}": Step(
            "build",
            "small",
            FIVE,
            None,
            "--distill 0.7 --votes-weight 3 --teacher-mirror 1 --epochs 40 --muon-rate 0.01 --qat-epochs 1"
            f" --qat-learning-rate 0.002 --seed {seed}",
            45,
            views=8,
        )
        for seed in (10, 11, 12)
    },
}
RELEASED = {"base": "base-final", "nano": "nano-final", "small": "small-final"}
# Alike but for the seed; all from the start, since a common start would hide most of what a seed changes.
SEEDS = {"small": ("small-seed-10", "small-seed-11", "small-seed-12")}


def chain(*last: str) -> list[str]:
    """Returns the names of some steps and of all that they need, in the order in which they have to run."""
    order = [step for name in last for step in (*chain(*STEPS[name].needs), name)]
    return list(dict.fromkeys(order))


def words(name: str, data: str, votes: str) -> list[str]:
    """Returns the arguments of `python -m model_build` that run a step on a data set and its FER+ votes."""
    step = STEPS[name]
    sources = ["--data", data, "--votes", votes]
    teachers = [_checkpoint(t) if t in STEPS else f"models/teachers/{t}.npz" for t in step.teachers]
    if step.start and step.end:
        ends = [_checkpoint(step.start), _checkpoint(step.end)]
        return [step.verb, *ends, *sources, *step.flags.split(), "--out", f"build/{name}"]
    start = ["--from", _checkpoint(step.start)] if step.start else []
    shared = [step.verb, "--variant", step.variant, *sources]
    taught = ["--teacher", *teachers, "--views", str(step.views)] if teachers else []
    own = ["--normalization", step.normalization, *COMMON.split(), *step.flags.split()]
    return [*shared, *start, *taught, *own, "--out", f"build/{name}"]


def _checkpoint(step: str) -> str:
    return f"build/{step}/float/checkpoint.npz"


def run_build(command: list[str]) -> int:
    """Runs `python -m model_build COMMAND` as a process of its own, which gives its memory back; returns its status."""
    with subprocess.Popen([sys.executable, "-m", "model_build", *command]) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the child was told too: it ends in its own time, and says the line
            return process.wait() or EXIT_INTERRUPTED


def run(model: str, data: str, votes: str, seeds: bool = False, only_print: bool = False) -> int:
    """Runs the commands that led to a released model, one process after another; returns the exit status.

    model: one of RELEASED. data, votes: paths. seeds: those that differ in their seed instead, then their spread.
    only_print: run none. A command that fails ends it. Raises InputError for seeds of a model that has one only.
    """
    if seeds and model not in SEEDS:
        raise InputError(f"--seeds: there are several seeds of {', '.join(SEEDS)} only, not of {model}")
    last = SEEDS[model] if seeds else (RELEASED[model],)
    commands = [
        (f"about {STEPS[name].minutes} minutes on two cores", words(name, data, votes))
        for name in chain(*last)
    ]
    if seeds:
        spread = ["seeds", *(f"build/{name}" for name in last), "--out", "build/seeds.json"]
        commands.append(("mean and spread", spread))
    for number, (note, command) in enumerate(commands, start=1):
        print(f"# {number} of {len(commands)}, {note}", flush=True)
        print(f"python -m model_build {shlex.join(command)}", flush=True)
        status = 0 if only_print else run_build(command)
        if status:
            return status
    return 0
