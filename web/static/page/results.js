/** @file Shows the faces of a frame everywhere: boxes, bars, chart, hint, figures, live region. */
import {announceFaces} from './announcer.js';
import {FacePanel} from './bars.js';
import {byId, setText} from './elements.js';
import {problemOf, showHint} from './hints.js';
import {drawFaces} from './overlay.js';
import {dashOf, shadeOf} from './palette.js';
import {drawTimeline, Timeline} from './timeline.js';

const CHART_INTERVAL = 0.2; // seconds between two drawings of the chart

/** @typedef {import('../runtime/emotion.js').Faces} Faces */

/** The result of the page. `mirrored`: whether the picture is shown mirrored. */
export class Results {
  mirrored = false;
  /** @type {string[]} */
  #labels = [];
  /** @type {number | null} key of the face in the chart */
  #selected = null;
  /** @type {{faces: import('../runtime/emotion.js').Face[], width: number, height: number}} */
  #last = {faces: [], width: 0, height: 0};
  /** @type {number | null} */
  #lastTime = null;
  /** @type {number | null} seconds between two frames, smoothed */
  #interval = null;
  #drawn = -1;
  #timeline = new Timeline();
  #panel = new FacePanel(byId('faces'), byId('count'), byId('faces-empty'), (key) => {
    this.#selected = key;
    this.#drawn = -1;
    this.#panel.update(this.#last.faces, key);
    this.#drawChart(this.#lastTime ?? performance.now() / 1000);
  });

  constructor() {
    byId('export-csv').addEventListener('click', () => download('expressions.csv', 'text/csv', this.#timeline.toCsv()));
    byId('export-json').addEventListener('click', () =>
      download('expressions.json', 'application/json', this.#timeline.toJson()));
    addEventListener('resize', () => this.redraw());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
  }

  /**
   * Starts anew for a model on an engine.
   * @param {import('../runtime/emotion.js').EmotionRecognizer} recognizer
   * @param {string} engine
   */
  reset(recognizer, engine) {
    this.#labels = recognizer.labels;
    this.#panel.reset(this.#labels);
    byId('legend').replaceChildren(...this.#labels.map(legendEntry));
    this.#timeline.reset(this.#labels, recognizer.manifest.name, engine);
    this.clear();
  }

  /** Takes the boxes off, as nothing is in view any more; the last minute stays. */
  clear() {
    this.#last = {faces: [], width: 0, height: 0};
    this.#lastTime = this.#interval = null;
    for (const figure of [byId('detect-time'), byId('classify-time'), byId('frame-rate')]) figure.textContent = '–';
    showHint('', 0);
    this.#panel.update([], null);
    this.redraw();
  }

  /**
   * Shows a frame's faces.
   * @param {Faces} faces
   * @param {number} width of the frame in pixels
   * @param {number} height
   * @param {number | null} time seconds; null for a still picture
   */
  show(faces, width, height, time) {
    const keys = faces.map((face, index) => face.track ?? index + 1);
    if (keys.length && (this.#selected === null || !keys.includes(this.#selected))) this.#selected = keys[0];
    this.#last = {faces, width, height};
    drawFaces(byId('overlay'), faces, width, height, this.#labels, this.mirrored);
    this.#panel.update(faces, this.#selected);
    showHint(problemOf(faces, width, height), time ?? Infinity);
    announceFaces(faces, time ?? Infinity);
    setText(byId('detect-time'), milliseconds(faces.timings?.detect));
    setText(byId('classify-time'), milliseconds(faces.timings?.classify));
    if (time === null) return;
    if (this.#lastTime !== null && time > this.#lastTime) {
      const interval = time - this.#lastTime;
      this.#interval = this.#interval === null ? interval : 0.9 * this.#interval + 0.1 * interval;
      setText(byId('frame-rate'), (1 / this.#interval).toFixed(0));
    }
    this.#lastTime = time;
    this.#timeline.add(faces, time);
    if (time - this.#drawn >= CHART_INTERVAL) this.#drawChart(time);
  }

  /** Draws boxes and chart again, after the page changed its size or its colours. */
  redraw() {
    const {faces, width, height} = this.#last;
    drawFaces(byId('overlay'), faces, width, height, this.#labels, this.mirrored);
    this.#drawChart(this.#lastTime ?? performance.now() / 1000);
  }

  /** @param {number} time */
  #drawChart(time) {
    this.#drawn = time;
    drawTimeline(byId('chart'), this.#timeline, this.#selected, time);
    const empty = this.#timeline.samples.length === 0;
    byId('export-csv').disabled = byId('export-json').disabled = empty;
    setText(byId('timeline-face'), empty || this.#last.faces.length < 2 ? '' : `Face ${this.#selected}`);
  }
}

/** @param {string} label @param {number} index */
function legendEntry(label, index) {
  const item = document.createElement('li');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  line.setAttribute('viewBox', '0 0 24 6');
  line.setAttribute('class', 'stroke');
  line.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', 'M1 3h22');
  path.setAttribute('stroke', shadeOf(index));
  path.setAttribute('stroke-width', '3');
  path.setAttribute('stroke-dasharray', dashOf(index).join(' '));
  line.append(path);
  item.append(line, label);
  return item;
}

/**
 * A time as exactly as the browser tells it: some have clocks of whole milliseconds, in WebKit whole but for rounding.
 * @param {number | undefined} value
 */
function milliseconds(value) {
  if (typeof value !== 'number') return '–';
  return `${value.toFixed(Math.abs(value - Math.round(value)) < 1e-6 ? 0 : 1)} ms`;
}

/** @param {string} name @param {string} type @param {string} text */
function download(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
