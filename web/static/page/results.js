/** @file Shows the faces of a frame everywhere: boxes, bars, chart, hint, figures, live region. */
import {FacePanel} from './faces/panel.js';
import {saveFile} from './download.js';
import {setText} from './elements.js';
import {Figures} from './figures.js';
import {Hint, problemOf} from './hints.js';
import {drawFaces} from './overlay.js';
import {dashOf, faceName, shadeOf} from './palette.js';
import {drawTimeline, Timeline} from './timeline.js';
import {labelWord} from './words/words.js';

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
   * @param {Pick<Elements, 'faces' | 'count' | 'faces-empty' | 'hint' | 'overlay' | 'picture' | 'video' | 'chart' | 'legend' | 'timeline-face' |
   *   'compare' | 'export-csv' | 'export-json' | 'detect-time' | 'classify-time' | 'frame-rate'>} elements
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
    csv.addEventListener('click', () => saveFile('expressions.csv', new Blob([this.#timeline.toCsv()], {type: 'text/csv'})));
    json.addEventListener('click', () => saveFile('expressions.json', new Blob([this.#timeline.toJson()], {type: 'application/json'})));
    addEventListener('resize', () => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(elements.overlay);
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
    this.#panel.begin();
    this.#selected = null;
    this.#drawChart();
  }

  /** The face that the user has chosen, or the surest one; null while none is in view. */
  get selected() {
    const {faces} = this.#last;
    return faces.find((face, index) => (face.track ?? index + 1) === this.#selected) ?? faces[0] ?? null;
  }

  /** Takes the boxes off, as nothing is in view any more; the last minute stays. @param {string} [problem] why, if it is to be told */
  clear(problem = '') {
    this.#last = {faces: [], width: 0, height: 0};
    this.elements.compare.disabled = true;
    this.#figures.clear();
    this.#hint.show(problem, Infinity);
    if (problem) this.announcer.say(problem);
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
    const {picture, video} = this.elements;
    this.#last = {faces, width, height};
    this.elements.compare.disabled = faces.length === 0;
    drawFaces(this.elements.overlay, faces, width, height, this.#labels, this.mirrored);
    this.#panel.update(faces, this.#selected);
    this.#hint.show(problemOf(faces, width, height), time ?? Infinity);
    this.announcer.sayFaces(faces, time ?? Infinity);
    this.#figures.show(faces.timings, time);
    if (time !== null) this.#timeline.add(faces, time);
    this.#panel.paint(picture.hidden ? video : picture, this.#timeline.samples, time);
    if (time === null) return;
    if (time - this.#drawn >= CHART_INTERVAL) this.#drawChart(time);
  }

  /** What is in view, to be painted elsewhere. @returns {import('./overlay.js').Scene} */
  get scene() {
    return {...this.#last, labels: this.#labels, mirrored: this.mirrored};
  }

  /** Draws boxes and chart again, after the page changed its size or its colours. */
  redraw() {
    this.elements.faces.classList.toggle('mirrored', this.mirrored);
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
    setText(name, empty || this.#last.faces.length < 2 ? '' : faceName({track: this.#selected}, 0));
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
  item.append(line, labelWord(label));
  return item;
}
