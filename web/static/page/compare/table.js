/** @file The table of what each model says of a face, by either opinion and both. */
import {make, setText} from '../elements.js';
import {percent, shadeOf} from '../palette.js';
import {formatNumber, labelWord, t} from '../words/words.js';
import {commonOf} from './agreement.js';
import {ARTIFACTS} from './peers.js';

/** @typedef {import('./agreement.js').Opinion} Opinion */
/** @typedef {import('./peers.js').Candidate} Candidate */
/** @typedef {Partial<Record<Head, Float32Array>>} Answers */
/** @typedef {(typeof HEADS)[number]} Head */

const WORTH_SAYING = 0.01; // of a probability: a second choice that has less is none

/** The columns. */
export const HEADS = /** @type {const} */ (['labels', 'votes', 'both']);

/** What a column is called. @param {Head} head */
export function headName(head) {
  return t(`compare.${head}`);
}

/** Megabytes, as a person reads them. @param {number} bytes */
export function megabytes(bytes) {
  return formatNumber(bytes / 1e6, {maximumFractionDigits: bytes < 1e6 ? 2 : 1, style: 'unit', unit: 'megabyte'});
}

/** A row of the table: one model. */
export class Row {
  /** @type {Answers | null} none until it is loaded */
  answers = null;
  element = make('tr', '');
  #meta = make('span', 'compare-meta');
  /** @type {Map<Head, HTMLElement>} */
  #cells = new Map();

  /** @param {Candidate} candidate @param {boolean} isCurrent whether the page goes on with it */
  constructor(candidate, isCurrent) {
    this.candidate = candidate;
    this.element.classList.toggle('current', isCurrent);
    const head = make('th', '', candidate.name);
    head.scope = 'row';
    head.append(this.#meta);
    this.element.append(head);
    this.#describe();
  }

  /** Shows a sentence instead of answers. @param {string} text @param {HTMLElement[]} more */
  say(text, ...more) {
    const cell = make('td', 'compare-note', text);
    cell.colSpan = HEADS.length;
    cell.append(...more);
    this.#fill([cell]);
  }

  /**
   * Shows what the model says.
   * @param {Answers} answers
   * @param {string[]} labels
   * @param {number} milliseconds that one classification takes
   */
  show(answers, labels, milliseconds) {
    this.answers = answers;
    this.labels = labels;
    this.#describe(milliseconds);
    this.#fill(HEADS.map((head) => {
      const cell = cellOf(answers[head], labels, this.candidate.manifest?.contract?.unsure_below ?? 0);
      this.#cells.set(head, cell);
      return cell;
    }));
  }

  /** What the row says, for a sentence; null until it is loaded. @returns {Opinion | null} */
  get opinion() {
    const {answers, labels} = this;
    if (!answers?.both || !labels) return null;
    /** @param {Float32Array | undefined} answer */
    const said = (answer) => answer && {label: labels[topOf(answer)], share: Math.max(...answer)};
    return /** @type {Opinion} */ ({
      name: this.candidate.name, labels: said(answers.labels), votes: said(answers.votes), both: said(answers.both)});
  }

  /** Marks what is another class than the common one. @param {string} label */
  mark(label) {
    for (const [head, cell] of this.#cells) {
      const said = this.opinion?.[head];
      const differs = said !== undefined && said.label !== label;
      cell.classList.toggle('differs', differs);
      cell.querySelector('.compare-mark')?.remove();
      if (differs) cell.append(make('span', 'compare-mark', t('compare.differs')));
    }
  }

  /** @param {HTMLElement[]} cells */
  #fill(cells) {
    this.element.replaceChildren(this.element.children[0], ...cells);
  }

  /** @param {number} [milliseconds] */
  #describe(milliseconds) {
    const {manifest, bytes, choice} = this.candidate;
    const {headline, artifacts} = manifest?.metrics ?? {};
    const score = (artifacts?.[ARTIFACTS[choice.engine]] ?? artifacts?.[headline?.artifact])?.[headline?.set];
    const parts = [bytes ? megabytes(bytes) : '', milliseconds === undefined ? '' : t('compare.time', {
      time: milliseconds < 0.05 ? '< 1' : formatNumber(milliseconds, {minimumFractionDigits: 1, maximumFractionDigits: 1})}),
    score ? t('compare.right', {share: percent(score.accuracy)}) : ''];
    this.#meta.replaceChildren(...parts.filter(Boolean).map((part) => make('span', '', part)));
  }
}

/**
 * What a head says: its first choice, how the probability is shared out, its second.
 * @param {Float32Array | undefined} answer none of a head that the model does not have
 * @param {string[]} labels
 * @param {number} unsureBelow what the page calls unclear has less
 */
function cellOf(answer, labels, unsureBelow) {
  const cell = make('td', '');
  if (!answer) {
    cell.append(make('span', 'compare-none', t('compare.noHead')));
    return cell;
  }
  const [first, second, ...others] = [...answer.keys()].sort((one, other) => answer[other] - answer[one]);
  const bar = make('span', 'compare-bar');
  bar.setAttribute('aria-hidden', 'true');
  bar.append(...[first, second, ...others.slice(0, 2)].map((index) => {
    const part = make('span', '');
    part.style.setProperty('--shade', shadeOf(index));
    part.style.setProperty('--share', String(answer[index]));
    return part;
  }));
  cell.append(make('span', 'compare-word', labelWord(labels[first])), ' ', make('span', 'compare-share', percent(answer[first])), bar);
  if (answer[second] >= WORTH_SAYING) {
    const choice = {label: labelWord(labels[second]), share: percent(answer[second])};
    cell.append(make('span', 'compare-second', t('compare.second', choice)));
  }
  if (answer[first] < unsureBelow) cell.append(make('span', 'compare-unsure', t('emotion.unclear')));
  return cell;
}

/** Marks all rows that have answered. @param {Row[]} rows @param {HTMLElement} sentence @param {(opinions: Opinion[]) => string} say */
export function conclude(rows, sentence, say) {
  const opinions = rows.flatMap((row) => row.opinion ?? []);
  if (opinions.length === 0) return;
  const common = commonOf(opinions);
  for (const row of rows) row.mark(common);
  setText(sentence, say(opinions));
}

/** The place of the largest number. @param {Float32Array} answer */
export function topOf(answer) {
  return answer.indexOf(Math.max(...answer));
}
