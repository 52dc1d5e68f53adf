"""Makes the page's pictures: its samples and icons, and the screenshots of README and docs/PAGE.md.

    python examples/page_pictures.py samples        # web/static/samples, web/static/icons/*.png
    python examples/page_pictures.py screenshots    # assets/page-*.png

Needs requirements-dev.txt and Chromium. The portrait is scikit-image's `astronaut`: Eileen Collins, NASA, public
domain. The other faces are drawn by model_build.synthetic.scenes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from skimage.data import astronaut  # noqa: E402

from examples.page_clip import frame  # noqa: E402
from face_emotion.errors import CommandParser, run_command  # noqa: E402
from model_build.synthetic.scenes import draw_frame  # noqa: E402
from tests.support.browser import chromium, on_canvas, page_of, write_camera  # noqa: E402
from tests.support.web import released_models, serving  # noqa: E402

STATIC = ROOT / "web" / "static"
ASSETS = ROOT / "assets"
HAPPY, SURPRISE, NEUTRAL = 3, 5, 6
THREE, SURPRISED = 196, 84  # frames of the clip, whose faces `small` reads as they are drawn


def write_samples() -> None:
    """Writes the sample pictures, of a few kB each, and the icons that a home screen needs.

    Two of them, two-faces and surprise, are for the tests alone: `small` is not sure of them.
    """
    portrait = cv2.resize(astronaut()[:360, 60:420], (300, 300), interpolation=cv2.INTER_AREA)
    two = draw_frame(400, 300, [(60, 80, 170, 190), (235, 90, 345, 200)], [HAPPY, NEUTRAL], 4)
    one = draw_frame(300, 300, [(90, 90, 210, 210)], [SURPRISE], 1)
    three = frame(THREE)
    for name, picture in (
        ("portrait", portrait),
        ("two-faces", two),
        ("surprise", one),
        ("three-faces", three),
        ("surprised", frame(SURPRISED)[:, 60:420]),
        ("clip", cv2.resize(three, (160, 120), interpolation=cv2.INTER_AREA)),
    ):
        _write_jpeg(STATIC / "samples" / f"{name}.jpg", picture)
    with chromium() as browser:
        for side in (192, 512):
            page = browser.new_page(viewport={"width": side, "height": side})
            page.goto((STATIC / "icons" / "mark.svg").as_uri())
            page.screenshot(path=STATIC / "icons" / f"mark-{side}.png", omit_background=True)


def write_screenshots() -> None:
    """Photographs the page at work: on a desktop, on a phone, comparing models, and a whole video read."""
    camera = write_camera(Path("/tmp") / "page_pictures.mjpeg", [on_canvas(astronaut())] * 2)
    desktop = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with serving("--models", str(released_models())) as server, chromium(camera) as browser:
        for name, look in (("desktop", desktop), ("phone", phone)):
            with page_of(browser, server.url, **look) as page:
                page.get_by_role("button", name="Start camera").click(timeout=60_000)
                page.wait_for_selector(".face")
                page.wait_for_timeout(12_000)  # a part of the chart
                page.screenshot(path=ASSETS / f"page-{name}.png")
                if look is desktop:
                    _photograph_comparison(page)
        with page_of(browser, server.url, **desktop) as page:
            _photograph_video(page)


def _photograph_comparison(page: Page) -> None:
    page.get_by_role("button", name="Compare models").click()
    for button in page.get_by_role("button", name="Load the others").all():
        button.click()
    page.wait_for_selector("text=All 3 models say")
    page.wait_for_timeout(8_000)  # the heat map
    page.locator("dialog").screenshot(path=ASSETS / "page-compare.png")


def _photograph_video(page: Page) -> None:
    page.wait_for_selector("#card-action:visible", timeout=60_000)
    page.locator('input[value="video"]').check(force=True)
    page.set_input_files("#file", STATIC / "samples" / "clip.webm")
    page.get_by_role("button", name="Read the whole video").click()
    page.get_by_role("button", name="Read it again").wait_for(timeout=120_000)
    page.locator(".whole").screenshot(path=ASSETS / "page-video.png")


def _write_jpeg(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(exist_ok=True)
    bgr = picture if picture.ndim == 2 else np.ascontiguousarray(picture[..., ::-1])
    path.write_bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes())
    print(f"{path}: {path.stat().st_size} bytes")


def _main() -> int:
    writers = {"samples": write_samples, "screenshots": write_screenshots}
    parser = CommandParser(prog="python examples/page_pictures.py", description=__doc__.split("\n", 1)[0])
    parser.add_argument("pictures", choices=writers, help="which to make")
    writers[parser.parse_args().pictures]()
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
