/** @file Shows the faces of a frame everywhere: boxes, bars, chart, hint, figures, live region. */
import {FacePanel} from './bars.js';
import {setText} from './elements.js';
import {Figures} from './figures.js';
import {Hint, problemOf} from './hints.js';
import {drawFaces} from './overlay.js';
import {dashOf, shadeOf} from './palette.js';
import {drawTimeline, Timeline} from './timeline.js';

const SVG = 'http://www.w3.org/2000/svg';
const CHART_INTERVAL = 0.2; // seconds between two drawings of the chart

/** @typedef {import('../runtime/emotion.js').Faces} Faces */
/** @typedef {import('./elements.js').Elements} Elements */

/** The result of the page. `mirrored`: whether the picture is shown mirrored. */
export class Results {
  mirrored = false;
  /** @type {string[]} */
  #labels = [];
  /** @type {number | null} key of the face in the chart */
  #selected = null;
  /** @type {{faces: import('../runtime/emotion.js').Face[], width: number, height: number}} */
  #last = {faces: [], width: 0, height: 0};
  #drawn = -1;
  #timeline = new Timeline();
  #figures;
  #hint;
  #panel;

  /**
   * @param {Pick<Elements, 'faces' | 'count' | 'faces-empty' | 'hint' | 'overlay' | 'chart' | 'legend' | 'timeline-face' |
   *   'export-csv' | 'export-json' | 'detect-time' | 'classify-time' | 'frame-rate'>} elements
   * @param {import('./announcer.js').Announcer} announcer
   */
  constructor(elements, announcer) {
    this.elements = elements;
    this.announcer = announcer;
    this.#figures = new Figures(elements);
    this.#hint = new Hint(elements.hint);
    this.#panel = new FacePanel(elements.faces, elements.count, elements['faces-empty'], (key) => {
      this.#selected = key;
      this.#panel.update(this.#last.faces, key);
      this.#drawChart();
    });
    const {'export-csv': csv, 'export-json': json} = elements;
    csv.addEventListener('click', () => download('expressions.csv', 'text/csv', this.#timeline.toCsv()));
    json.addEventListener('click', () => download('expressions.json', 'application/json', this.#timeline.toJson()));
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
    this.elements.legend.replaceChildren(...this.#labels.map(legendEntry));
    this.#timeline.reset(this.#labels, recognizer.manifest.name, engine);
    this.clear();
  }

  /** Forgets the last minute: another camera or video begins. */
  begin() {
    this.#timeline.clear();
    this.#selected = null;
    this.#drawChart();
  }

  /** Takes the boxes off, as nothing is in view any more; the last minute stays. */
  clear() {
    this.#last = {faces: [], width: 0, height: 0};
    this.#figures.clear();
    this.#hint.show('', 0);
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
    drawFaces(this.elements.overlay, faces, width, height, this.#labels, this.mirrored);
    this.#panel.update(faces, this.#selected);
    this.#hint.show(problemOf(faces, width, height), time ?? Infinity);
    this.announcer.sayFaces(faces, time ?? Infinity);
    this.#figures.show(faces.timings, time);
    if (time === null) return;
    this.#timeline.add(faces, time);
    if (time - this.#drawn >= CHART_INTERVAL) this.#drawChart(time);
  }

  /** Draws boxes and chart again, after the page changed its size or its colours. */
  redraw() {
    const {faces, width, height} = this.#last;
    drawFaces(this.elements.overlay, faces, width, height, this.#labels, this.mirrored);
    this.#drawChart();
  }

  /** @param {number} [time] its right edge: when something was last seen */
  #drawChart(time = this.#timeline.samples.at(-1)?.time ?? performance.now() / 1000) {
    const {chart, 'export-csv': csv, 'export-json': json, 'timeline-face': name} = this.elements;
    this.#drawn = time;
    drawTimeline(chart, this.#timeline, this.#selected, time);
    const empty = this.#timeline.samples.length === 0;
    csv.disabled = json.disabled = empty;
    setText(name, empty || this.#last.faces.length < 2 ? '' : `Face ${this.#selected}`);
  }
}

/** @param {string} label @param {number} index */
function legendEntry(label, index) {
  const item = document.createElement('li');
  const line = document.createElementNS(SVG, 'svg');
  line.setAttribute('viewBox', '0 0 24 6');
  line.setAttribute('class', 'stroke');
  line.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M1 3h22');
  path.setAttribute('stroke', shadeOf(index));
  path.setAttribute('stroke-width', '3');
  path.setAttribute('stroke-dasharray', dashOf(index).join(' '));
  line.append(path);
  item.append(line, label);
  return item;
}

/**
 * Hands a text to the user as a file.
 * @param {string} name @param {string} type @param {string} text
 */
export function download(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
