"""Things at random, one after the other: the page ends in a state of its own making."""

from __future__ import annotations

import random

import pytest

from tests.support.browser import hide, state_of, until
from tests.support.run import (
    LIVE,
    NOT_LOADING,
    choose_mode,
    looks_within,
    open_picture,
    open_video,
    portrait,
    start,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_sixty_things_at_random_leave_one_loop_and_the_camera_as_it_is_shown(page, clip: bytes, seed: int):
    dice = random.Random(seed)
    picture = portrait(300)

    def press(selector: str) -> None:
        page.evaluate(
            "(selector) => { const found = document.querySelector(selector); if (found.offsetParent) found.click(); }",
            selector,
        )

    actions = {
        **{
            f"mode {name}": lambda name=name: press(f"#modes input[value={name}] + span")
            for name in ("camera", "picture", "video")
        },
        **{
            name: lambda name=name: press(f"#{name}")
            for name in ("pause", "stop", "mirror", "neutral-learn", "pause")
        },
        "start": lambda: state_of(page) in ("ready", "gone", "nocamera") and press("#card-action"),
        "start again": lambda: state_of(page) in ("ready", "gone", "nocamera") and press("#card-action"),
        "sample": lambda: (
            press("#samples li:last-child button") if page.locator("#samples button").count() else None
        ),
        "picture": lambda: open_picture(page, picture),
        "clip": lambda: open_video(page, clip),
        "hide": lambda: hide(page, True),
        "show": lambda: hide(page, False),
        "small": lambda: page.select_option("#model", label="small"),
        "nano": lambda: page.select_option("#model", label="nano"),
        "camera": lambda: (
            press("#camera-choice") or page.evaluate("camera.dispatchEvent(new Event('change'))")
        ),
    }
    done = []
    for _ in range(60):
        name = dice.choice(list(actions))
        done.append(name)
        actions[name]()
        page.wait_for_timeout(dice.choice([0, 0, 20, 150, 500]))
    hide(page, False)
    until(page, f"{NOT_LOADING} && !['reading', 'starting', 'opening'].includes(stage.dataset.state)", 60)
    page.wait_for_timeout(800)
    assert_consistent(page, done)
    choose_mode(page, "Picture")
    choose_mode(page, "Camera")
    start(page)
    page.wait_for_timeout(800)
    assert_consistent(page, done)
    assert page.evaluate(LIVE) == 1, done
    page.get_by_role("button", name="Stop").click()
    assert page.evaluate(LIVE) == 0 and looks_within(page, 700) == 0, done


def assert_consistent(page, done: list[str]) -> None:
    """Frames are looked at by one loop, if at all; the camera is on exactly while it is shown."""
    mode = page.evaluate("document.body.dataset.mode")
    paused = page.get_attribute("#pause", "aria-pressed") == "true"
    shown = state_of(page) is None
    moves = shown and not paused and mode != "picture"
    assert page.evaluate(LIVE) == int(moves and mode == "camera"), done
    assert (page.evaluate("video.srcObject !== null")) == (shown and mode == "camera"), done
    assert page.locator("#picture").is_visible() == (shown and mode == "picture"), done
    assert page.locator("#stop").is_disabled() != shown, done
    assert max(page.evaluate("waiting.size") for _ in range(10)) <= int(moves), done
    assert (looks_within(page, 1200) > 0) == moves, done
