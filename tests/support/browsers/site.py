"""The page under test: web/static as it is, a script before all others that keeps errors, and a page to ask engines."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.engines import PRELUDE
from tests.support.paths import ROOT

WATCH = '<script src="watch.js"></script>'
# A page of its own, not a script of the driver: a driver's scripts cannot import modules in Firefox.
ASK = f"""<!doctype html><meta charset="utf-8"><title>Ask</title><link rel="icon" href="icons/mark.svg">{WATCH}
<script type="module" src="ask.js"></script>"""
# What `ask` answers; `numbers` and `jumps`: numbers of a clip's frames (tests/support/videos.py), read and jumped to,
# `hasten` makes that harder; `blunder` does each thing that must not go unseen, `frame` opens the page as narrow as a
# phone.
SCRIPT = """
window.ask = async ({engine, model, faces, count}) => {
  const {classifier: own, loaded} = await classifier(engine, model);
  const all = bytes(faces);
  const greys = Array.from({length: count}, (_, k) => all.subarray(k * 2304, (k + 1) * 2304));
  const raw = [];
  for (const grey of greys) raw.push([...await own.raw(grey)]);
  const probabilities = (await own.probabilities(greys)).map((answer) => [...answer]);
  loaded.dispose();
  return {raw, probabilities};
};
window.blunder = () => {
  setTimeout(() => { throw new Error('thrown'); });
  Promise.reject(new Error('rejected'));
  console.error('said');
  document.body.append(Object.assign(new Image(), {src: 'nowhere.png'}));
  document.body.append(Object.assign(new Image(), {src: 'https://other.invalid/a.png'}));
};
window.numberOf = (image) => {
  const context = new OffscreenCanvas(8, 2).getContext('2d');
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, 8, 2);
  const {data} = context.getImageData(0, 0, 8, 2);
  const isOne = (place) => data[4 * place] > 125;
  const read = (row, one) => [0, 1, 2, 3, 4, 5, 6, 7]
    .reduce((sum, bit) => sum + (isOne(8 * row + bit) === one ? 1 << bit : 0), 0);
  return read(0, true) === read(1, false) ? read(0, true) : null;
};
window.numbers = async (clip, times) => {
  const {Frames} = await import(at('page/video/frames.js'));
  const frames = await Frames.open(new Blob([bytes(clip)], {type: 'video/webm'}));
  const found = [];
  for (const time of times) {
    const frame = await frames.at(time);
    found.push(numberOf(frame));
    frame.close();
  }
  frames.close();
  return found;
};
window.hasten = () => { // as browsers do that say they have arrived before they show it: at once
  const {get, set} = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
  Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', {get, set(time) {
    set.call(this, time);
    queueMicrotask(() => this.dispatchEvent(new Event('seeked')));
  }});
};
window.jumps = async (clip, times) => {
  const {VideoSource} = await import(at('page/video_source.js'));
  const video = Object.assign(document.createElement('video'), {muted: true, playsInline: true});
  document.body.replaceChildren(video);
  const source = new VideoSource(video, new Blob([bytes(clip)], {type: 'video/webm'}));
  const {signal} = new AbortController();
  await source.open(signal);
  const found = [];
  for (const time of times) {
    await source.play();
    await new Promise((resolve) => setTimeout(resolve, 100));
    source.pause();
    found.push(await source.seek(time, signal) ? numberOf(video) : 'not shown');
  }
  source.close();
  return found;
};
window.frame = (width, height) => {
  document.body.replaceChildren(Object.assign(document.createElement('iframe'), {width, height, src: './'}));
};
"""


def write_site(folder: Path) -> Path:
    """Writes the page with what watches it into `folder` and returns that."""
    shutil.copytree(ROOT / "web/static", folder, dirs_exist_ok=True)
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count('<meta charset="utf-8">') == 1
    (folder / "index.html").write_text(
        page.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n  {WATCH}'), encoding="utf-8"
    )
    shutil.copyfile(Path(__file__).with_name("watch.js"), folder / "watch.js")
    (folder / "ask.html").write_text(ASK, encoding="utf-8")
    (folder / "ask.js").write_text(PRELUDE + SCRIPT, encoding="utf-8")
    return folder
