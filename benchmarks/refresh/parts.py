"""What is made of the released models and of the page, each part with its inputs and the command that makes it.

A part is stale when one of its `models` changed: the release is not whole then, and a test fails. What else it is made
of, `code`, changes from day to day; it is made anew with the others, and no test asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

CLASSIFIERS = ("models/*/int8.tflite", "models/*/tfjs/*", "models/*/manifest.json")
DETECTOR = ("models/face_detector/manifest.json", "models/face_detector/*.tflite")
FIGURES = (
    *(f"models/small/{name}.json" for name in ("manifest", "evaluation", "robustness", "benchmark")),
    "models/small/*.elsewhere.json",
)
PAGE = (
    "web/static/*.*",
    "web/static/page/**/*",
    "web/static/runtime/**/*",
    "web/static/samples/*",
    "web/static/styles/*",
)
DATA, VOTES, ELSEWHERE = "{data}", "{votes}", "{elsewhere}"
# What a command may want beside a checkout: by its name, what to give for it.
WANTED = {
    DATA: "--data fer2013.tar.gz",
    VOTES: "--votes fer2013new.csv",
    ELSEWHERE: "--elsewhere, class folders or a .tar of other people's faces (docs/FIGURES.md)",
}


@dataclass(frozen=True)
class Part:
    """One thing that a command makes.

    what: in words. command: words after `python`, with blanks of WANTED. outputs, models, code: patterns of files from
    the repository's root. minutes: on two idle cores. needs: what else must be there, in words. by_hand: what is left
    to do once the command has run.
    """

    name: str
    what: str
    command: tuple[str, ...]
    outputs: tuple[str, ...]
    models: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    minutes: float = 0.5
    needs: str = ""
    by_hand: str = ""

    def wants(self) -> list[str]:
        """Returns the blanks in its command, in WANTED's order."""
        return [blank for blank in WANTED if blank in self.command]


# In the order in which they are made: what a later one reads stands before it.
PARTS = (
    Part(
        "drawn-faces",
        "the contact sheet of drawn faces",
        ("-m", "model_build.synthetic", "--out", "assets/synthetic_faces.png"),
        ("assets/synthetic_faces.png",),
        code=("model_build/synthetic/*.py",),
        minutes=0.1,
    ),
    Part(
        "architecture",
        "the picture of the rooms",
        ("docs/draw_architecture.py",),
        ("docs/architecture.svg",),
        code=(
            "docs/draw_architecture.py",
            *(f"{room}/**/*.py" for room in ("face_emotion", "converters", "model_build")),
            *(f"{room}/**/*.py" for room in ("benchmarks", "web", "mobile")),
        ),
        minutes=0.1,
        needs="requirements-dev.txt",
    ),
    Part(
        "clip",
        "the clip that the page opens on",
        ("examples/page_clip.py",),
        ("web/static/samples/clip.webm",),
        code=("examples/page_clip.py", "model_build/synthetic/*.py"),
        minutes=0.5,
        needs="requirements-dev.txt",
    ),
    Part(
        "samples",
        "the page's sample pictures and icons",
        ("examples/page_pictures.py", "samples"),
        ("web/static/samples/*.jpg", "web/static/icons/mark-*.png"),
        code=("examples/page_pictures.py", "examples/page_clip.py", "model_build/synthetic/*.py"),
        needs="requirements-dev.txt, Chromium",
    ),
    Part(
        "types",
        "types of the npm package",
        ("-m", "web.npm", "--types"),
        ("web/package/types/*.d.ts", "web/package/types.json"),
        code=("web/static/runtime/**/*.js",),
        minutes=1,
        needs="npm's registry",
    ),
    Part(
        "compressed",
        "brotli forms of what the default page loads",
        ("-m", "web", "compress"),
        ("web/compressed/*.br",),
        models=(
            "models/*/manifest.json",
            "models/small/tfjs/*",
            "models/face_detector/tfjs/*",
            "models/face_detector/tfjs_far/*",
        ),
        code=(*PAGE, "web/static/vendor/**/*"),
    ),
    Part(
        "screenshots",
        "pictures of the page",
        ("examples/page_pictures.py", "screenshots"),
        ("assets/page-*.png",),
        models=(*CLASSIFIERS, *DETECTOR),
        code=(*PAGE, "examples/page_pictures.py"),
        minutes=3,
        needs="requirements-dev.txt, Chromium, a quiet machine",
    ),
    Part(
        "notebooks",
        "the three notebooks' outputs",
        ("notebooks/execute.py",),
        ("notebooks/*.ipynb",),
        models=("models/small/int8.tflite", "models/small/tfjs/*", *FIGURES, *DETECTOR),
        code=("notebooks/support.py",),
        minutes=4,
        needs="requirements-dev.txt",
    ),
    Part(
        "peers",
        "our models beside others' on FER2013",
        ("-m", "benchmarks", "peers", "--data", DATA, "--votes", VOTES),
        ("models/PEERS.json", "assets/peers.png"),
        models=CLASSIFIERS,
        code=("benchmarks/peers/*.py",),
        minutes=25,
        needs="PyPI and npm once, a quiet machine",
    ),
    Part(
        "tables",
        "what docs/ says of PEERS.json and SEEDS.json",
        ("-m", "benchmarks", "tables"),
        ("docs/RESULTS.md", "docs/TRAINING.md"),
        models=("models/PEERS.json", "models/SEEDS.json"),
        code=("benchmarks/peers/table.py",),
        minutes=0.1,
        by_hand="the other sentences with figures: python -m pytest tests/test_figures.py names the wrong ones",
    ),
    Part(
        "crop",
        "where detected faces stand in the crop",
        (
            *("-m", "model_build", "crop-calibration", "--data", DATA),
            *("--model", "models/small", "--plot", "assets/crop-calibration.png"),
        ),
        ("assets/crop-calibration.png",),
        models=("models/small/int8.tflite", *DETECTOR),
        minutes=5,
        by_hand="docs/MODEL_FILE.md: the share that is found, and the accuracy",
    ),
    Part(
        "off-data",
        "our models and others' on other people's pictures",
        ("-m", "benchmarks", "off-data", "--data", ELSEWHERE, "--detect"),
        ("docs/FIGURES.md",),
        models=("models/*/int8.tflite", *DETECTOR),
        minutes=15,
        needs="PyPI and npm once",
        by_hand="docs/FIGURES.md: the first table",
    ),
    Part(
        "reach",
        "how far face detectors reach",
        ("-m", "benchmarks", "detector", "--data", ELSEWHERE, "--browser"),
        ("docs/FIGURES.md",),
        models=DETECTOR,
        minutes=40,
        needs="npm once, Chromium",
        by_hand="docs/FIGURES.md: the table of faces that are found",
    ),
    Part(
        "pace",
        "videos whose faces are followed",
        ("-m", "benchmarks", "pace", "--data", ELSEWHERE),
        ("docs/FIGURES.md",),
        models=("models/small/int8.tflite", *DETECTOR),
        minutes=30,
        by_hand="docs/FIGURES.md: the table of clips",
    ),
    Part(
        "processors",
        "whether all processors give one answer",
        ("-m", "benchmarks", "processors"),
        ("docs/FIGURES.md",),
        models=("models/*/int8.tflite",),
        minutes=15,
        needs="qemu-user, and Maven Central once",
        by_hand="docs/FIGURES.md: the table of processors",
    ),
    Part(
        "page-figures",
        "the page beside others",
        ("-m", "benchmarks", "page"),
        ("docs/PAGE.md",),
        models=("models/small/int8.tflite", "models/small/tfjs/*", *DETECTOR),
        minutes=20,
        needs="npm once, Chromium, a quiet machine",
        by_hand="docs/PAGE.md: its figures",
    ),
)
