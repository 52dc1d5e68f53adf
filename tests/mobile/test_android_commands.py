"""The commands that renew what stands in mobile/android/: the API dump and the table of what a frame costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from face_emotion.errors import InputError
from mobile.android.ci import api, pace


def test_the_api_is_compared_or_renewed_by_the_same_tests() -> None:
    compare, renew = (api.maven_command(flag, Path("/build")) for flag in (False, True))
    assert "-Dtest=ApiTest" in compare and "-Dbuild.folder=/build" in compare and "clean" in compare
    assert set(compare) ^ set(renew) == {"-Dapi.renew=false", "-Dapi.renew=true"}


def test_the_dump_says_what_an_app_can_call_and_nothing_of_the_inside() -> None:
    folder = pace.README.parent / "api"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert sorted(texts) == ["core", "emotion", "flow"]
    for line in (
        "public final class org/faceemotionkit/core/FrameSource {",
        "public abstract class org/faceemotionkit/core/FaceEmotionException : java/lang/RuntimeException {",
    ):
        assert line in texts["core"].splitlines()
    assert "\tpublic final fun isCertain ()Z" in texts["core"].splitlines()
    assert "org/faceemotionkit/EmotionStream : java/io/Closeable" in texts["emotion"]
    assert "org/faceemotionkit/flow/EmotionFlow" in texts["flow"]
    for inside in ("TfliteRunner", "YuvFrame", "core/Classifier", "ModelFolder;", "Kt {"):
        assert not any(inside in text for text in texts.values()), inside


def test_the_table_takes_the_place_of_the_one_before() -> None:
    made = pace.table("| one look | 1.25 |\n", "A processor", "2026-11-29")
    assert made == (
        "| on the JVM, 640 × 480 pixels, one face | ms of one core |\n| --- | --- |\n| one look | 1.25 |\n\n"
        "A processor, 2026-11-29; medians, one thread.\n"
    )
    text = f"before\n{pace.BEGIN}old\n{pace.END}after\n"
    new = pace.with_table(text, made)
    assert new == f"before\n{pace.BEGIN}{made}{pace.END}after\n"
    assert pace.with_table(new, made) == new
    with pytest.raises(InputError, match=r"README\.md: the lines <!-- python -m mobile"):
        pace.with_table("no table", made)


def test_the_readme_has_a_row_for_each_work() -> None:
    readme = pace.README.read_text(encoding="utf-8")
    rows = readme.partition(pace.BEGIN)[2].partition(pace.END)[0].removeprefix(pace.HEAD).splitlines()
    works = [line.split(" | ")[0].removeprefix("| ") for line in rows if line.startswith("| ")]
    assert [name for name in works if name.startswith("crop to answer")] == [
        f"crop to answer: `{model}`" for model in ("nano", "small", "base")
    ]
    assert "a camera's frame, its face followed" in works and "a still picture, searched far" in works


def test_the_processor_is_named(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor : 0\nmodel name\t: One Core\n", encoding="utf-8")
    assert pace.processor(tmp_path / "cpuinfo") == "One Core"
    assert pace.processor(tmp_path / "none")


def test_too_few_rounds_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert pace.main(["--rounds", "3"]) == 2
    assert capsys.readouterr().err == "error: --rounds 3: 8 or more are expected\n"
