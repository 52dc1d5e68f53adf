"""What the page reads of canvases and cameras in real headless Chromium: the pixels that a canvas shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from face_emotion.images import pixels_from
from model_build.synthetic.faces import draw_faces
from tests.support.browser import chromium, page_of, require_chromium, write_camera
from tests.support.web import Server

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

PRELUDE = """
const {frameOf} = await import(new URL('runtime/frames.js', location.href));
const {pixelsOf, withPixelsOf} = await import(new URL('runtime/pixels.js', location.href));
const drawn = (source, width, height) => {
  const context = new OffscreenCanvas(width, height).getContext('2d', {alpha: false, willReadFrequently: true});
  context.drawImage(source, 0, 0);
  return context.getImageData(0, 0, width, height).data;
};
const difference = (one, other) => {
  if (one.length !== other.length) return Infinity;
  let most = 0;
  one.forEach((value, k) => { if (k % 4 < 3) most = Math.max(most, Math.abs(value - other[k])); });
  return most;
};
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    face = draw_faces(1, 3)[0][0].repeat(8, 0).repeat(8, 1)
    with chromium(write_camera(Path(tmp_path_factory.mktemp("camera")) / "face.mjpeg", [face])) as running:
        yield running


@pytest.mark.parametrize("alpha", [255, 100], ids=["opaque", "transparent"])
def test_a_canvas_is_read_as_it_is_shown_over_black(server: Server, browser, alpha: int):
    with page_of(browser, server.url, mock={}) as page:
        found = page.evaluate(
            f"""async (alpha) => {{ {PRELUDE}
            const results = [];
            for (const [width, height] of [[64, 48], [33, 57], [64, 48], [64, 48]]) {{
              const canvas = Object.assign(document.createElement('canvas'), {{width, height}});
              const image = new ImageData(width, height);
              const first = width + 90 * results.length; // each another picture
              image.data.forEach((_, k) => {{ image.data[k] = (k & 3) === 3 ? alpha : (k * 37 + first) % 256; }});
              canvas.getContext('2d').putImageData(image, 0, 0);
              const {{frame}} = await frameOf(canvas);
              const kind = frame.constructor.name;
              const pixels = await pixelsOf(frame);
              results.push([kind, pixels.width, pixels.height, difference(pixels.data, drawn(canvas, width, height))]);
            }}
            return results; }}""",
            alpha,
        )
    sizes = [(width, height) for _, width, height, _ in found]
    assert sizes == [(64, 48), (33, 57), (64, 48), (64, 48)]
    assert {kind for kind, *_ in found} == {"VideoFrame"}  # the quick way is taken here
    assert max(most for *_, most in found) <= 1


def test_image_data_lies_over_black_as_a_picture_file_does(server: Server, browser):
    """round(level × opacity / 255), as face_emotion/pictures.py defines it; what was given stays as it is."""
    rows, columns = np.indices((16, 16))
    ramp = np.dstack([16 * rows + columns] * 3 + [16 * columns + rows]).astype(np.uint8)
    with page_of(browser, server.url, mock={}) as page:
        seen, given, opaque = page.evaluate(
            f"""async (levels) => {{ {PRELUDE}
            const image = new ImageData(Uint8ClampedArray.from(levels), 16, 16);
            const {{frame}} = await frameOf(image);
            const seen = [...(await pixelsOf(frame)).data];
            const opaque = Uint8ClampedArray.from(levels, (level, k) => (k & 3) === 3 ? 255 : level);
            const plain = new ImageData(opaque, 16, 16);
            return [seen, [...image.data], (await pixelsOf(plain)).data === plain.data]; }}""",
            ramp.ravel().tolist(),
        )
    assert given == ramp.ravel().tolist() and opaque
    expected = np.floor(ramp[..., :3] * (ramp[..., 3:] / 255) + 0.5).astype(np.uint8)
    found = np.array(seen, np.uint8).reshape(16, 16, 4)
    assert np.array_equal(found[..., :3], expected) and (found[..., 3] == 255).all()
    assert np.array_equal(pixels_from(ramp), expected)  # Python's


def test_arrays_in_place_of_a_picture_are_told_what_to_become(server: Server, browser):
    with page_of(browser, server.url, mock={}) as page:
        said = page.evaluate(
            f"""async () => {{ {PRELUDE}
            const row = Array(20).fill(0), plane = Array(10).fill(row), levels = new Uint8ClampedArray(3200);
            const sources = [
              [plane, plane, plane], {{shape: [3, 480, 640], data: levels}}, plane.map(() => row.map(() => [0, 0, 0])),
              levels, levels.buffer, {{data: levels, width: 40, height: 20}},
            ];
            const said = [];
            for (const source of sources) {{
              said.push(await frameOf(source).catch(({{name, message}}) => `${{name}}: ${{message}}`));
            }}
            return said; }}"""
        )
    image = "new ImageData(bytes, width, height)"
    first = f"has its channels first ([C, H, W]): bring them pixel by pixel, R, G, B and 255, into {image}."
    numbers = (
        f"Numbers without a width are no picture: {image} is one, of R, G, B and 255 of each pixel; "
        "a picture file's content is new Blob([bytes])."
    )
    assert said == [
        f"UnsupportedImageError: {words}"
        for words in (
            f"An array of shape [3, 10, 20] {first}",
            f"An array of shape [3, 480, 640] {first}",
            "An array of shape [10, 20, 3] is no picture: bring one, as R, G, B and 255 of each pixel, "
            f"into {image}.",
            numbers,
            numbers,
            "An object with data is no picture: new ImageData(data, width, height) is one, "
            "of R, G, B and 255 of each pixel, row by row.",
        )
    ]


def test_a_camera_is_read_as_it_is_shown(server: Server, browser):
    with page_of(browser, server.url, mock={}) as page:
        kind, spread, most = page.evaluate(
            f"""async () => {{ {PRELUDE}
            const video = Object.assign(document.createElement('video'), {{muted: true}});
            video.srcObject = await navigator.mediaDevices.getUserMedia({{video: true}});
            await video.play();
            const {{frame}} = await frameOf(video);
            const expected = drawn(frame, video.videoWidth, video.videoHeight);
            const kind = frame.constructor.name;
            const {{data}} = await pixelsOf(frame);
            const reds = data.filter((_, k) => k % 4 === 0).sort();
            const spread = reds.at(-1) - reds[0];
            return [kind, spread, difference(data, expected)]; }}"""
        )
    assert kind == "VideoFrame" and spread > 50
    assert most <= 2  # two conversions of the camera's YUV to RGB, each rounded


def test_of_a_camera_only_what_is_needed_is_read(server: Server, browser):
    """A square of a frame, then another, then all; a canvas's frame, which may be transparent, is read as a whole."""
    with page_of(browser, server.url, mock={}) as page:
        found = page.evaluate(
            f"""async () => {{ {PRELUDE}
            const rects = [];
            const {{copyTo}} = VideoFrame.prototype;
            VideoFrame.prototype.copyTo = function (data, options) {{
              rects.push(options.rect ? Object.values(options.rect) : 'all');
              return copyTo.call(this, data, options);
            }};
            const video = Object.assign(document.createElement('video'), {{muted: true}});
            video.srcObject = await navigator.mediaDevices.getUserMedia({{video: true}});
            await video.play();
            const {{frame}} = await frameOf(video);
            const {{data: all, width}} = await pixelsOf(frame.clone());
            const seen = [];
            rects.length = 0;
            const kept = all.slice(); // the next frame's pixels take its place
            const answer = await withPixelsOf(frame, async (pixels) => {{
              pixels.data.fill(0);
              for (const place of [[151, 121, 60.5], [260, 90, 33]]) {{
                await pixels.need([{{centerX: place[0], centerY: place[1], side: place[2], angle: 0.1}}]);
              }}
              const own = pixels.data.slice();
              for (const rect of rects) {{
                let most = 0;
                for (let row = rect[1]; row < rect[1] + rect[3]; row++) {{
                  const [from, to] = [4 * (row * width + rect[0]), 4 * (row * width + rect[0] + rect[2])];
                  most = Math.max(most, difference(own.slice(from, to), kept.slice(from, to)));
                }}
                seen.push(most);
              }}
              seen.push(own[0] + own[1] + own[2]);
              await pixels.need();
              seen.push(difference(pixels.data, kept));
              return 'answer';
            }});
            const canvas = new OffscreenCanvas(64, 48);
            canvas.getContext('2d').fillRect(0, 0, 9, 9);
            const whole = await withPixelsOf((await frameOf(canvas)).frame, async ({{need}}) => typeof need);
            const levels = kept.filter((_, k) => (k & 3) < 3).sort();
            const spread = levels.at(-1) - levels[0];
            return {{answer, rects, seen, whole, closed: frame.format === null, spread}}; }}"""
        )
    assert found["answer"] == "answer" and found["closed"] and found["spread"] > 50
    assert found["rects"] == [[114, 84, 74, 74], [238, 68, 44, 44], "all", "all"]
    assert found["seen"] == [0, 0, 0, 0]
    assert found["whole"] == "undefined"


def test_large_pictures_are_scaled_down_less_where_far_is_looked_at(server: Server, browser):
    with page_of(browser, server.url, mock={}) as page:
        found = page.evaluate(
            f"""async () => {{ {PRELUDE}
            const results = {{}};
            for (const [width, height] of [[2048, 1000], [3000, 1000], [1000, 6000]]) {{
              const canvas = new OffscreenCanvas(width, height);
              canvas.getContext('2d').fillRect(0, 0, 9, 9);
              for (const reach of ['near', 'far']) {{
                const {{frame, scale}} = await frameOf(canvas, reach);
                const {{width: across, height: down}} = await pixelsOf(frame);
                results[`${{width}}x${{height}} ${{reach}}`] = [across, down, scale];
              }}
            }}
            return results; }}"""
        )
    assert found == {
        "2048x1000 near": [2048, 1000, 1],
        "2048x1000 far": [2048, 1000, 1],
        "3000x1000 near": [2048, 683, 3000 / 2048],
        "3000x1000 far": [3000, 1000, 1],
        "1000x6000 near": [341, 2048, 6000 / 2048],
        "1000x6000 far": [683, 4096, 6000 / 4096],
    }


def test_a_video_that_seeks_is_waited_for(server: Server, browser):
    with page_of(browser, server.url, mock={}) as page:
        found = page.evaluate(
            f"""async () => {{ {PRELUDE}
            const video = Object.assign(document.createElement('video'), {{muted: true, src: 'samples/clip.webm'}});
            const none = await frameOf(document.createElement('video')).catch(({{name}}) => name);
            await new Promise((resolve) => video.addEventListener('loadeddata', resolve));
            video.currentTime = 2;
            const before = video.readyState;
            const {{frame}} = await frameOf(video);
            const {{width}} = await pixelsOf(frame);
            return {{none, before, isWhole: width === video.videoWidth, at: video.currentTime}}; }}"""
        )
    assert found == {"none": "UnsupportedImageError", "before": 1, "isWhole": True, "at": 2}


def test_pixels_that_are_no_srgb_bytes_become_them(server: Server, browser):
    """Half floats and wider colours, as getImageData gives them of the same canvas; bytes that are gone are refused."""
    with page_of(browser, server.url, mock={}) as page:
        found = page.evaluate(
            f"""async () => {{ {PRELUDE}
            const context = new OffscreenCanvas(64, 48).getContext('2d');
            context.fillStyle = 'rgb(200 40 90)';
            context.fillRect(0, 0, 40, 48);
            const all = (settings) => context.getImageData(0, 0, 64, 48, settings);
            const same = {{}};
            const others = {{halves: {{pixelFormat: 'rgba-float16'}}, wide: {{colorSpace: 'display-p3'}}}};
            for (const [name, settings] of Object.entries(others)) {{
              const image = all(settings);
              const {{data}} = await pixelsOf((await frameOf(image)).frame);
              same[name] = [image.data[0] === 200, difference(data, drawn(context.canvas, 64, 48)) <= 1];
            }}
            const gone = all({{}});
            structuredClone(gone.data.buffer, {{transfer: [gone.data.buffer]}});
            return {{same, gone: await frameOf(gone).catch(({{name}}) => name)}}; }}"""
        )
    assert found["same"] == {"halves": [False, True], "wide": [False, True]}
    assert found["gone"] == "UnsupportedImageError"
