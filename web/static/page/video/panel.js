/** @file The panel with what was read of a whole video: lines, best frames, files to take away. */
import {make, setText} from '../elements.js';
import {faceName, percent, shadeOf} from '../palette.js';
import {labelWord, t} from '../words/words.js';
import {clockOf} from './clock.js';
import {handOut, nameFor, toCsv, toJson} from './exports.js';
import {LineRow} from './line_row.js';
import {reportOf} from './report.js';
import {linesOf} from './segments.js';

/** @typedef {import('./reading.js').Reading} Reading */

const FEW = 6; // lines that are shown where nobody asked for all
const MOST = 200; // rows of a list that one still looks through; the files have all

/** The panel. */
export class WholePanel {
  /** @type {Reading | null} */
  #reading = null;
  #notice = '';
  #drawn = '';
  #all = false;
  #time = 0;
  /** @type {LineRow[]} */
  #rows = [];
  #heading = Object.assign(make('h2', '', t('video.whole')), {id: 'whole-heading'});
  #note = make('p', 'muted');
  #legend = make('ul', 'whole-legend');
  #lines = make('ol', 'lines');
  #more = Object.assign(make('button', 'more'), {type: 'button', hidden: true});
  #bestHeading = make('h3', '', t('video.best'));
  #best = make('ul', 'best');

  /**
   * @param {Element} before which it stands before
   * @param {(time: number) => void} onSeek
   */
  constructor(before, onSeek) {
    this.onSeek = onSeek;
    this.element = make('section', 'panel whole');
    this.element.setAttribute('aria-labelledby', this.#heading.id);
    const buttons = make('div', 'buttons');
    buttons.append(
      this.#exporter('CSV', 'video.csv', (reading) => handOut(nameFor(reading.name, 'csv'), 'text/csv', toCsv(reading))),
      this.#exporter('JSON', 'video.json', (reading) => handOut(nameFor(reading.name, 'json'), 'application/json', toJson(reading))),
      this.#exporter(t('video.report'), 'video.html', (reading) => (
        handOut(nameFor(reading.name, 'html'), 'text/html', [reportOf(reading, this.#notice)]))));
    const head = make('div', 'panel-head');
    head.append(this.#heading, buttons);
    this.#legend.setAttribute('aria-label', t('video.legend'));
    this.#best.setAttribute('aria-label', t('video.best'));
    this.#more.addEventListener('click', () => {
      this.#all = !this.#all;
      this.#draw();
    });
    this.element.append(head, this.#note, this.#legend, this.#lines, this.#more, this.#bestHeading, this.#best);
    before.before(this.element);
    this.element.hidden = true;
  }

  /**
   * @param {Reading | null} reading null: there is nothing to be shown
   * @param {string} notice how far it came, if not to the end
   */
  show(reading, notice) {
    const isOther = reading !== this.#reading;
    if (isOther) this.#all = false;
    [this.#reading, this.#notice] = [reading, notice];
    this.element.hidden = !reading?.frames;
    const state = `${reading?.frames} ${reading?.end}`;
    if (!reading?.frames || (!isOther && state === this.#drawn)) return;
    this.#drawn = state;
    this.#draw();
  }

  /** Moves the playheads. @param {number} time */
  place(time) {
    if (time === this.#time) return;
    this.#time = time;
    for (const row of this.#rows) row.place(time);
  }

  #draw() {
    const reading = this.#reading;
    if (!reading) return;
    const lines = linesOf(reading.samples, 1 / reading.rate, reading.duration);
    const shown = lines.slice(0, this.#all ? MOST : FEW);
    while (this.#rows.length < shown.length) this.#rows.push(new LineRow(this.onSeek));
    this.#rows.length = shown.length;
    shown.forEach((line, index) => {
      this.#rows[index].show(line, reading);
      this.#rows[index].place(this.#time);
    });
    if (this.#lines.children.length !== shown.length) this.#lines.replaceChildren(...this.#rows.map(({element}) => element));
    this.#more.hidden = lines.length <= FEW;
    this.#more.textContent = this.#all ? t('video.few') : t('video.all', {count: lines.length});
    this.#more.setAttribute('aria-expanded', String(this.#all));
    setText(this.#note, lines.length === 0 ? t('video.none') : this.#all && lines.length > MOST ? t('video.most', {count: MOST}) : '');
    this.#note.hidden = this.#note.textContent === '';
    const used = new Set(lines.flatMap(({shares}) => shares.map(({label}) => label)));
    this.#legend.replaceChildren(...[...used].sort((one, other) => (one < 0 ? 1 : other < 0 ? -1 : one - other)).map((label) => {
      const item = make('li', label < 0 ? 'unclear' : '', this.#word(label));
      if (label >= 0) item.style.setProperty('--shade', shadeOf(label));
      return item;
    }));
    this.#drawBest(reading);
  }

  /** @param {Reading} reading */
  #drawBest({pictures}) {
    const best = [...pictures.best.values()].sort((one, other) => one.label - other.label);
    this.#bestHeading.hidden = best.length === 0;
    this.#best.replaceChildren(...best.map(({label, share, seconds, face, canvas}) => {
      const button = Object.assign(make('button', ''), {type: 'button'});
      const place = `${clockOf(seconds)} · ${faceName({track: face}, 0)}`;
      button.append(canvas, make('b', '', `${this.#word(label)} ${percent(share)}`), make('span', 'muted', place));
      button.addEventListener('click', () => this.onSeek(seconds));
      const item = make('li', '');
      item.append(button);
      return item;
    }));
  }

  /** @param {string} text @param {import('../words/words.js').Key} said @param {(reading: Reading) => void} hand */
  #exporter(text, said, hand) {
    const button = Object.assign(make('button', '', text), {type: 'button'});
    button.setAttribute('aria-label', t(said));
    button.addEventListener('click', () => this.#reading && hand(this.#reading));
    return button;
  }

  /** @param {number} label */
  #word(label) {
    return label < 0 ? t('emotion.unclear') : labelWord(this.#reading?.labels[label] ?? '');
  }
}
