/** @file The last minute: what was seen, drawn as lines, and written out as CSV and JSON. */
import {contextOf} from './elements.js';
import {dashOf, percent, shadeOf, shownProbabilities} from './palette.js';
import {t} from './words/words.js';

/** @typedef {{time: number, face: number, label: string, certain: boolean, probabilities: number[],
 *   box: number[]}} Sample */
/** @typedef {{left: number, top: number, width: number, height: number}} Area of the chart in CSS pixels */

const SPAN = 60; // seconds that are kept and shown

/** Remembers a minute of results, numbers only. */
export class Timeline {
  /** @type {Sample[]} */
  samples = [];
  /** @type {string[]} */
  labels = [];
  model = '';
  engine = '';
  #started = new Date();

  /**
   * Forgets everything, and starts anew for a model.
   * @param {string[]} labels @param {string} model its name @param {string} engine
   */
  reset(labels, model, engine) {
    Object.assign(this, {labels, model, engine, samples: []});
    this.#started = new Date(Date.now() - performance.now());
  }

  /** Forgets what was seen. */
  clear() {
    this.samples = [];
  }

  /**
   * Adds the faces of a frame.
   * @param {Omit<import('../runtime/emotion.js').Face, 'score' | 'eyes' | 'keypoints' | 'small' | 'crop'>[]} faces
   * @param {number} time seconds since the page was opened
   */
  add(faces, time) {
    faces.forEach((face, index) => this.samples.push({
      time,
      face: face.track ?? index + 1,
      label: face.label,
      certain: face.certain,
      probabilities: Array.from(shownProbabilities(face)),
      box: [face.box.x, face.box.y, face.box.width, face.box.height],
    }));
    const first = this.samples.findIndex((sample) => sample.time >= time - SPAN);
    if (first > 0) this.samples.splice(0, first);
  }

  /** Returns the samples as CSV (RFC 4180): one row a face and frame. */
  toCsv() {
    const header = ['time', 'seconds', 'face', 'label', 'certain', ...this.labels.map((label) => `p_${label}`), 'x', 'y', 'width', 'height'];
    const rows = this.samples.map((sample) => [
      this.#clock(sample), sample.time.toFixed(3), sample.face, sample.label, String(sample.certain),
      ...sample.probabilities.map((share) => share.toFixed(4)), ...sample.box.map((side) => side.toFixed(1)),
    ]);
    return [header, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n';
  }

  /** Returns the samples as JSON. */
  toJson() {
    const {labels, model, engine} = this;
    const samples = this.samples.map((sample) => ({...sample, time: this.#clock(sample), seconds: sample.time}));
    return `${JSON.stringify({model, engine, labels, samples}, null, 1)}\n`;
  }

  /** @param {Sample} sample */
  #clock({time}) {
    return new Date(this.#started.getTime() + time * 1000).toISOString();
  }
}

/** @param {string | number} value */
function quoted(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Draws one face's lines.
 * @param {HTMLCanvasElement} canvas
 * @param {Timeline} timeline
 * @param {number | null} face whose samples
 * @param {number} now seconds; the right edge
 */
export function drawTimeline(canvas, timeline, face, now) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const style = getComputedStyle(canvas);
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = '12px system-ui, sans-serif';
  const left = Math.ceil(context.measureText(percent(1)).width) + 10; // as wide as the system's font makes it
  const area = {left, top: 8, width: width - left - 10, height: height - 32};
  /** @param {number} time */
  const xOf = (time) => area.left + area.width * (1 - (now - time) / SPAN);
  /** @param {number} share */
  const yOf = (share) => area.top + area.height * (1 - share);
  drawGrid(context, style, area, yOf);
  const samples = timeline.samples.filter((sample) => sample.face === face);
  timeline.labels.forEach((_, index) => {
    context.beginPath();
    samples.forEach((sample, place) => {
      const broken = place === 0 || sample.time - samples[place - 1].time > 1;
      context[broken ? 'moveTo' : 'lineTo'](xOf(sample.time), yOf(sample.probabilities[index]));
    });
    context.strokeStyle = shadeOf(index);
    context.setLineDash(dashOf(index));
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.stroke();
  });
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style
 * @param {Area} area
 * @param {(share: number) => number} yOf
 */
function drawGrid(context, style, area, yOf) {
  context.strokeStyle = style.getPropertyValue('--line');
  context.fillStyle = style.getPropertyValue('--muted');
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const share of [0, 0.5, 1]) {
    context.beginPath();
    context.moveTo(area.left, yOf(share));
    context.lineTo(area.left + area.width, yOf(share));
    context.stroke();
    context.fillText(percent(share), area.left - 8, yOf(share));
  }
  context.textBaseline = 'top';
  /** @type {[number, string, CanvasTextAlign][]} */
  const marks = [[0, t('chart.ago', {seconds: SPAN}), 'left'], [0.5, t('chart.ago', {seconds: SPAN / 2}), 'center'], [1, t('chart.now'), 'right']];
  for (const [place, text, align] of marks) {
    context.textAlign = align;
    context.fillText(text, area.left + area.width * place, area.top + area.height + 8);
  }
}
