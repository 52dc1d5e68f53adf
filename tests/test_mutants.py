"""The lists of mutants fit the code, and the command tells a mutant that is killed from one that is not."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace

import pytest

from face_emotion.errors import InputError
from tests.mutants.__main__ import main, try_all
from tests.mutants.bench import applied, copied
from tests.mutants.catalogue import JAVASCRIPT, KOTLIN, PYTHON, Mutant, read_mutants, sampled
from tests.support.paths import ROOT

MUTANTS = read_mutants()
AREAS = {
    "geometry",
    "decoding",
    "suppression",
    "tracks",
    "smoothing",
    "table",
    "contract",
    "headers",
    "statuses",
}
SCRIPTS, CLASSES = ROOT / "tests/web/js", ROOT / "mobile/android/core/src/test/kotlin/org/faceemotionkit/core"
OVERLAP = "boxes[left]) > iou_threshold"
TESTS = ("tests/face_emotion/test_suppression.py",)


def suppression(new: str) -> Mutant:
    """A change of the line in which faces that overlap are told from others."""
    return Mutant(PYTHON, "suppression", "face_emotion/suppression.py", OVERLAP, new, "a test", TESTS)


def test_there_are_enough_of_every_area_and_language():
    languages = Counter(mutant.language for mutant in MUTANTS)
    assert len(MUTANTS) >= 120
    assert languages[PYTHON] >= 60 and languages[JAVASCRIPT] >= 35 and languages[KOTLIN] >= 25
    assert {mutant.area for mutant in MUTANTS} == AREAS
    assert len({(mutant.path, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)


def test_every_mutant_still_fits_its_file_and_names_tests_that_are_there():
    for mutant in MUTANTS:
        text = (ROOT / mutant.path).read_text(encoding="utf-8")
        changed = mutant.applied(text)
        assert changed != text and mutant.why, mutant
        for test in mutant.tests:
            if mutant.language == PYTHON:
                ast.parse(changed)
                file, _, name = test.partition("::")
                assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8"), mutant
            elif mutant.language == JAVASCRIPT:
                assert (SCRIPTS / f"{test}.test.mjs").is_file(), mutant
            else:
                assert (CLASSES / f"{test}.kt").is_file(), mutant
        assert mutant.tests, mutant


def test_a_text_that_stands_in_its_file_no_more_or_twice_is_named():
    with pytest.raises(InputError, match=r"^face_emotion/suppression\.py: 'gone' stands there 0 times; mend"):
        replace(suppression("new"), old="gone").applied("text")
    with pytest.raises(InputError, match="2 times"):
        replace(suppression("new"), old="text").applied("text text")


def test_a_sample_is_the_same_for_the_same_seed_and_of_each_language_as_many_as_asked_for():
    chosen = sampled(MUTANTS, (6, 6, 1), "2026-11-29")
    assert chosen == sampled(MUTANTS, (6, 6, 1), "2026-11-29") != sampled(MUTANTS, (6, 6, 1), "2026-11-30")
    assert Counter(mutant.language for mutant in chosen) == {PYTHON: 6, JAVASCRIPT: 6, KOTLIN: 1}
    assert len(set(chosen)) == 13
    assert len(sampled(MUTANTS, (10**6, 0, 0), "")) == sum(mutant.language == PYTHON for mutant in MUTANTS)


def test_a_mutant_lives_in_the_copy_only_and_is_taken_back():
    mutant = suppression(OVERLAP.replace(">", ">="))
    original = (ROOT / mutant.path).read_bytes()
    with copied(ROOT) as copy:
        with applied(copy, mutant) as path:
            assert path.is_relative_to(copy) and b">= iou_threshold" in path.read_bytes()
            assert (ROOT / mutant.path).read_bytes() == original
        assert path.read_bytes() == original
        assert not (copy / ".git").exists()
    assert not copy.exists()


def test_killed_surviving_and_broken_mutants_are_told_apart(capsys):
    killed, survivor, broken = (
        suppression(new)
        for new in (OVERLAP.replace(">", ">="), f"{OVERLAP}  # as before", OVERLAP.replace(">", "> ("))
    )
    script = Mutant(
        JAVASCRIPT,
        "suppression",
        "web/static/runtime/suppression.js",
        "other.values) > iouThreshold",
        "other.values) >= iouThreshold",
        "a test",
        ("suppression",),
    )
    assert try_all([killed, survivor, broken, script]) == 1
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines() if " s  " in line] == [
        "killed",
        "SURVIVED",
        "BROKEN",
        "killed",
    ]
    assert f"SURVIVED: {survivor}  (a test); tests: {TESTS[0]}\n" in printed
    assert "2 of 4 mutants killed (python 1 of 3, javascript 1 of 1, kotlin 0 of 0) in " in printed


def test_tests_that_fail_without_a_change_say_nothing_of_a_mutant():
    elsewhere = replace(suppression(OVERLAP.replace(">", ">=")), tests=("tests/no_such_test.py",))
    with pytest.raises(InputError, match=r"the tests fail where nothing is changed: [\s\S]*no_such_test"):
        try_all([elsewhere])


def test_the_command_lists_and_refuses(capsys):
    assert main(["--only", "smoothing", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == sum(mutant.area == "smoothing" for mutant in MUTANTS)
    assert all(line.startswith("smoothing ") for line in lines)
    assert main(["--only", "nonsense"]) == 2
    assert capsys.readouterr().err == (
        "error: --only nonsense: no mutant is of that area, language or file; see --list\n"
    )
