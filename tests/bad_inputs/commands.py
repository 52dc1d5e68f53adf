"""Each command of the kit as a line that works, with its inputs and outputs marked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class In:
    """An input: its name in material.py and in the case's folder. flag: of which it is the value, "" of a position.

    wrongly: how many damaged contents are tried. held: a flag and value in one word, --flag=value. pipe: whether
    one that nobody writes into is an input too (of a command that reads pipes it is not a bad one).
    """

    name: str
    flag: str = ""
    wrongly: int = 12
    pipe: bool = True


@dataclass(frozen=True)
class Out:
    """An output: its name in the case's folder; folder: whether it is one."""

    name: str
    flag: str = ""
    folder: bool = False


Word = str | In | Out


@dataclass(frozen=True)
class Command:
    """A command's name, module, sub-command ("" of a module without any), and the words of a line that works.

    flags: whether every flag gets bad values (not where another command has the same). flag_words: in place of
    `words` for these. runs: whether a line that works is run at all: not where it would take minutes, the network, or
    write what belongs to a release.
    """

    name: str
    module: str
    verb: str = ""
    words: tuple[Word, ...] = ()
    flags: bool = True
    runs: bool = True


RUNTIME = "face_emotion"
PICTURES = tuple(
    Command(
        "face-emotion PICTURE",
        RUNTIME,
        "",
        (In(name, wrongly=wrongly, pipe=False), "--format", "csv", *more),
        flags=False,
    )
    for name, wrongly, more in (
        ("portrait.jpg", 40, ()),
        ("face.png", 30, ("--cropped",)),
        ("face.webp", 15, ()),
        ("face.gif", 15, ()),
        ("face.bmp", 15, ()),
        ("face.tif", 15, ()),
    )
)
DATA = (In("data.csv", "--data", wrongly=0), In("votes.csv", "--votes", wrongly=0))
TRAINED = ("--from", In("checkpoint.npz", "--from", 30), "--epochs", "0", "--variant", "nano")

# What is interrupted: each kind of work that takes a while.
INTERRUPTED: tuple[Command, ...] = (
    Command(
        "face-emotion PICTURES",
        RUNTIME,
        "",
        (In("portrait.jpg"), In("face.png"), In("clip.mp4"), Out("saved", "--save")),
    ),
    Command("model_build audit", "model_build", "audit", (*DATA, Out("out", "--out"))),
    Command(
        "model_build build",
        "model_build",
        "build",
        (
            *DATA,
            "--variant",
            "nano",
            "--epochs",
            "2",
            "--qat-epochs",
            "1",
            "--batch-size",
            "14",
            Out("out", "--out"),
        ),
    ),
    Command("model_build verify", "model_build", "verify", (In("models/nano"),)),
    Command(
        "converters tflite",
        "converters",
        "tflite",
        (In("saved_model"), Out("out.tflite"), "--kind", "float32"),
    ),
    Command("converters tfjs", "converters", "tfjs", (In("models/nano/int8.tflite"), Out("out"))),
    Command("benchmarks artifacts", "benchmarks", "artifacts", (In("models/nano"), "--rounds", "20")),
)

COMMANDS: tuple[Command, ...] = (
    *PICTURES,
    Command("face-emotion", RUNTIME, "", (In("portrait.jpg", wrongly=0, pipe=False), "--reach", "near")),
    Command(
        "face-emotion VIDEO",
        RUNTIME,
        "",
        (In("clip.mp4", wrongly=25, pipe=False), "--format", "jsonl"),
        flags=False,
    ),
    Command(
        "face-emotion --files-from",
        RUNTIME,
        "",
        (In("list.txt", "--files-from", 20, pipe=False), "--format", "jsonl"),
        flags=False,
    ),
    Command(
        "face-emotion --model",
        RUNTIME,
        "",
        ("--cropped", "face.png", In("models/nano", "--model", 70)),
        flags=False,
    ),
    Command(
        "face-emotion --detector",
        RUNTIME,
        "",
        ("face.png", In("models/face_detector", "--detector", 50)),
        flags=False,
    ),
    Command(
        "face-emotion --neutral",
        RUNTIME,
        "",
        ("--cropped", "face.png", In("models/nano", "--model", 0), In("baseline.json", "--neutral", 60)),
        flags=False,
    ),
    Command(
        "face-emotion --save",
        RUNTIME,
        "",
        (
            "portrait.jpg",
            "--neutral",
            "portrait.jpg",
            Out("saved", "--save", folder=True),
            Out("kept.json", "--save-neutral"),
        ),
        flags=False,
    ),
    Command(
        "model_build audit",
        "model_build",
        "audit",
        (In("data.csv", "--data", 80), In("votes.csv", "--votes", 40), Out("out", "--out", folder=True)),
    ),
    Command(
        "model_build crop",
        "model_build",
        "crop",
        (In("people", wrongly=20), Out("out", folder=True)),
    ),
    Command(
        "model_build shard",
        "model_build",
        "shard",
        (In("data.csv", "--data", 20), In("votes.csv", "--votes", 10), Out("out", "--out", folder=True)),
    ),
    Command("model_build face-detector", "model_build", "face-detector", runs=False),
    Command(
        "model_build audit FOLDER",
        "model_build",
        "audit",
        (In("faces", "--data", 30), Out("out", "--out", folder=True)),
        flags=False,
    ),
    Command(
        "model_build train",
        "model_build",
        "train",
        (
            *DATA,
            In("checkpoint.npz", "--from", 60),
            "--epochs",
            "0",
            "--variant",
            "nano",
            Out("out", "--out", folder=True),
        ),
    ),
    Command(
        "model_build build",
        "model_build",
        "build",
        (*DATA, "--variant", "nano", Out("out", "--out", folder=True)),
        runs=False,
    ),
    Command(
        "model_build quantize",
        "model_build",
        "quantize",
        (In("build", wrongly=50), *DATA, "--qat-epochs", "0", "--qat-calibration", "1"),
        flags=False,
        runs=False,
    ),
    Command(
        "model_build convert",
        "model_build",
        "convert",
        (In("build", wrongly=15), *DATA),
        flags=False,
        runs=False,
    ),
    Command("model_build golden", "model_build", "golden", (In("models/nano", wrongly=25),)),
    Command(
        "model_build evaluate", "model_build", "evaluate", (In("models/nano", wrongly=30), *DATA), runs=False
    ),
    Command("model_build report", "model_build", "report", (In("build", wrongly=60),)),
    Command(
        "model_build report TWO",
        "model_build",
        "report",
        (In("build", wrongly=10), In("models/nano", wrongly=10), "--rounds", "1", Out("out.html", "--out")),
        flags=False,
    ),
    Command("model_build verify", "model_build", "verify", (In("models/nano", wrongly=60),)),
    Command(
        "model_build release",
        "model_build",
        "release",
        (In("build", wrongly=20), Out("models-out", "--models", folder=True)),
    ),
    Command(
        "model_build robustness",
        "model_build",
        "robustness",
        (In("models/nano", wrongly=10), *DATA),
        runs=False,
    ),
    Command(
        "model_build figures",
        "model_build",
        "figures",
        (In("models/nano", wrongly=60), Out("out.csv", "--csv")),
    ),
    Command(
        "model_build stock",
        "model_build",
        "stock",
        (In("models/nano", wrongly=5), "--rounds", "1"),
        runs=False,
    ),
    Command(
        "model_build baseline",
        "model_build",
        "baseline",
        (In("models/nano", wrongly=10), In("people", "--data", 20)),
    ),
    Command("model_build architectures", "model_build", "architectures", (), runs=False),
    Command(
        "model_build experiment",
        "model_build",
        "experiment",
        (*DATA, "--only", "nothing", Out("out", "--out", folder=True)),
        runs=False,
    ),
    Command(
        "model_build matrix",
        "model_build",
        "matrix",
        (*DATA, "--variant", "nothing", Out("out", "--out", folder=True)),
        runs=False,
    ),
    Command("model_build released", "model_build", "released", ("nano", "--print")),
    Command(
        "model_build seeds", "model_build", "seeds", (In("models/nano", wrongly=30), Out("out.json", "--out"))
    ),
    Command("model_build ensemble", "model_build", "ensemble", (In("checkpoint.npz", wrongly=30), *DATA)),
    Command(
        "model_build interpolate",
        "model_build",
        "interpolate",
        (In("checkpoint.npz", wrongly=25), "checkpoint.npz", *DATA, Out("out", "--out", folder=True)),
    ),
    Command(
        "model_build crop-calibration",
        "model_build",
        "crop-calibration",
        (In("data.csv", "--data", 5), Out("out.png", "--plot")),
    ),
    Command("model_build.synthetic", "model_build.synthetic", "", (Out("out.png", "--out"), "--people", "1")),
    Command(
        "converters tflite",
        "converters",
        "tflite",
        (In("saved_model", wrongly=15), Out("out.tflite"), "--kind", "float32"),
    ),
    Command(
        "converters tflite int8_ptq",
        "converters",
        "tflite",
        (
            In("saved_model", wrongly=0),
            Out("out.tflite"),
            "--kind",
            "int8_ptq",
            In("faces.npy", "--representative", 30),
            In("models/nano", "--contract", 10),
        ),
        flags=False,
    ),
    Command(
        "converters tfjs",
        "converters",
        "tfjs",
        (In("models/nano/int8.tflite", wrongly=40), Out("out", folder=True)),
    ),
    Command(
        "converters onnx", "converters", "onnx", (In("models/nano", wrongly=20), Out("out.onnx", "--out"))
    ),
    Command(
        "converters stock",
        "converters",
        "stock",
        (In("saved_model", wrongly=4), Out("out", folder=True)),
        runs=False,
    ),
    Command(
        "converters answers", "converters", "answers", (In("models", wrongly=20), Out("out.json")), runs=False
    ),
    Command(
        "converters conformance",
        "converters",
        "conformance",
        (In("models/nano", wrongly=30), In("answers.json", "--answers", 60)),
    ),
    Command("converters kernels", "converters", "kernels", (In("models/nano", wrongly=20),)),
    Command("converters released", "converters", "released", (In("models", wrongly=0),)),
    Command("converters sequence", "converters", "sequence", (), runs=False),
    Command("converters baseline", "converters", "baseline", (), runs=False),
    Command("converters decoding", "converters", "decoding", (), runs=False),
    Command("web", "web", "serve", (In("models", "--models", 10),), runs=False),
    Command("web export", "web", "export", (In("models", "--models", 70), Out("site", folder=True))),
    Command("web compress", "web", "compress", (In("models", "--models", 5),), runs=False),
    Command("web.npm", "web.npm", "", (In("models", "--models", 30), Out("package", folder=True))),
    Command(
        "web.react_native",
        "web.react_native",
        "",
        (In("models", "--models", 20), Out("package", folder=True)),
    ),
    Command("web.vendor", "web.vendor", "", ("--check",), runs=False),
    Command("web.checks", "web.checks", "", (), runs=False),
    Command(
        "benchmarks artifacts",
        "benchmarks",
        "artifacts",
        (In("models/nano", wrongly=15), "--rounds", "1", Out("out.json", "--out")),
    ),
    Command("benchmarks peers", "benchmarks", "peers", (In("data.csv", "--data", 3),), runs=False),
    Command(
        "benchmarks off-data",
        "benchmarks",
        "off-data",
        (In("people", "--data", 3), In("models", "--models", 3)),
        runs=False,
    ),
    Command("benchmarks page", "benchmarks", "page", ("--rounds", "2"), runs=False),
    Command("benchmarks detector", "benchmarks", "detector", (In("people", "--data", 0),), runs=False),
    Command(
        "benchmarks pace", "benchmarks", "pace", (In("people", "--data", 3), "--only", "nothing"), runs=False
    ),
    Command(
        "benchmarks recognizer", "benchmarks", "recognizer", (In("models/nano", wrongly=15), "--rounds", "1")
    ),
    Command("benchmarks processors", "benchmarks", "processors", ("--inputs", "1"), runs=False),
    Command(
        "benchmarks training",
        "benchmarks",
        "training",
        (*DATA, "--variant", "nano", "--steps", "0"),
        runs=False,
    ),
    Command("benchmarks refresh", "benchmarks", "refresh", ("--list",), runs=False),
    Command("benchmarks tables", "benchmarks", "tables", (), runs=False),
    *(
        Command(f"mobile.android.ci.{name}", f"mobile.android.ci.{name}", "", words, runs=False)
        for name, words in (
            ("lint", (In("list.txt", wrongly=0),)),
            ("align", (In("face.png", wrongly=10), Out("out.apk"))),
            ("api", ()),
            ("check_versions", ()),
            ("pace", ("--rounds", "0")),
            ("package", ("--variant", "nothing", Out("out", "--target", folder=True))),
            ("package_apk", (In("models", "--maven", 0), Out("out", "--target", folder=True))),
            ("package_maven", (In("models", "--maven", 0), Out("out", "--target", folder=True))),
            ("package_resources", (Out("out", folder=True), "--variant", "nothing")),
            ("undex", (In("face.png", wrongly=5), Out("out", folder=True))),
            (
                "native",
                (
                    In("models/nano/int8.tflite", wrongly=0),
                    In("faces.npy", wrongly=0),
                    Out("out", folder=True),
                ),
            ),
        )
    ),
    Command("examples.one_image", "examples.one_image", "", (In("portrait.jpg", wrongly=20, pipe=False),)),
    Command(
        "examples.batch_to_csv", "examples.batch_to_csv", "", (In("people", wrongly=10), Out("faces.csv"))
    ),
    Command("tests.mutants", "tests.mutants", "", ("--list",)),
    Command("tests.bad_inputs", "tests.bad_inputs", "", ("--list",)),
)
