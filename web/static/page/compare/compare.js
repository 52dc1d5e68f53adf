/** @file Comparing models on one face: what each says of it by either opinion, and what an answer hangs on. */
import {readContract} from '../../runtime/contract.js';
import {normalized} from '../../runtime/normalization.js';
import {contextOf, make, setText} from '../elements.js';
import {failureOf} from '../failures.js';
import {wordsOf} from '../states.js';
import {t} from '../words/words.js';
import {sentenceOf} from './agreement.js';
import {paint} from './colours.js';
import {makeAnswers, makeDialog, withStyle} from './dialog.js';
import {freeze} from './frozen.js';
import {HeatPanel} from './heat_panel.js';
import {SIDE} from './occlusion.js';
import {Peers} from './peers.js';
import {conclude, HEADS, megabytes, Row, topOf} from './table.js';

/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */

const ROUNDS = 7; // classifications that the time is the median of

/** Compares, one face after another. */
export class Comparison {
  #peers;

  /** @param {import('../models.js').Models} models */
  constructor(models) {
    this.#peers = new Peers(models);
  }

  /**
   * Shows the comparison of a face until the user closes it.
   * @param {import('../loader.js').Loaded} current the model in hand
   * @param {import('../sources.js').Source} source which nobody else looks at meanwhile
   * @param {import('../../runtime/emotion.js').Face} face of it
   * @param {boolean} isPersonal whether the page takes a neutral face off its answers, which is not done here
   * @throws if the picture or the style cannot be read; then nothing is shown
   */
  async open(current, source, face, isPersonal) {
    const {recognizer} = current;
    const [frozen] = await Promise.all([freeze(recognizer, source, face), withStyle()]);
    const token = new AbortController();
    const {dialog, body} = makeDialog();
    const answers = makeAnswers(isPersonal);
    const contract = readContract(recognizer.manifest);
    const seen = normalized(frozen.crop, contract.normalization);
    const heat = new HeatPanel({recognizer, frozen, seen, signal: token.signal, heads: ['both', ...contract.heads]});
    body.append(pictureOf(seen, contract.normalization.kind), answers.section, heat.element);
    document.body.append(dialog);
    dialog.showModal();
    const closed = new Promise((resolve) => { dialog.addEventListener('close', resolve); });
    void this.#fill(current, frozen.crop, answers, heat, token.signal);
    await closed;
    token.abort();
    dialog.remove();
    this.#peers.rest();
  }

  /**
   * @param {import('../loader.js').Loaded} current
   * @param {Uint8Array} crop
   * @param {import('./dialog.js').AnswersPart} answers
   * @param {HeatPanel} heat
   * @param {AbortSignal} signal
   */
  async #fill(current, crop, answers, heat, signal) {
    const candidates = await this.#peers.candidates(current);
    if (signal.aborted) return;
    const isCurrent = (/** @type {{choice: {manifest: string}}} */ {choice}) => choice.manifest === current.choice.manifest;
    const rows = candidates.map((candidate) => new Row(candidate, isCurrent(candidate)));
    answers.rows.replaceChildren(...rows.map(({element}) => element));
    /** @param {Row} row @param {() => Promise<EmotionRecognizer>} load */
    const answer = async (row, load) => {
      try {
        const recognizer = await load();
        const said = await ask(recognizer, crop);
        if (signal.aborted) return;
        row.show(said.answers, recognizer.labels, said.milliseconds);
        conclude(rows, answers.sentence, sentenceOf);
      } catch (error) {
        if (!signal.aborted) row.say(t('compare.failed', {model: row.candidate.name, reason: reasonOf(error)}));
      }
    };
    const own = rows.find(({candidate}) => isCurrent(candidate));
    if (own) await answer(own, () => Promise.resolve(current.recognizer));
    if (own?.answers?.both && !signal.aborted) await heat.show(topOf(own.answers.both));
    const others = rows.filter((row) => row !== own);
    const here = await Promise.all(others.map(({candidate}) => this.#peers.isHere(candidate)));
    /** @param {Row[]} wanted */
    const load = async (wanted) => {
      answers.offer.hidden = true;
      for (const row of wanted) {
        if (signal.aborted) return;
        await answer(row, () => this.#load(row));
      }
      offer();
    };
    const offer = () => {
      const missing = others.filter((row) => !row.answers);
      const bytes = missing.reduce((sum, {candidate}) => sum + candidate.bytes, 0);
      answers.offer.hidden = missing.length === 0;
      const values = {models: missing.map(({candidate}) => candidate.name).join(', '), size: megabytes(bytes)};
      setText(answers.text, bytes ? t('compare.loads', values) : values.models);
      answers.load.onclick = () => void load(missing);
    };
    for (const row of others) row.say(t('compare.waits'));
    await load(others.filter((_, index) => here[index]));
  }

  /** @param {Row} row */
  #load(row) {
    const progress = make('progress', '');
    progress.setAttribute('aria-label', t('compare.loading', {model: row.candidate.name}));
    row.say('', progress);
    return this.#peers.load(row.candidate.choice, (share) => { progress.value = share; });
  }
}

/**
 * What a model says of a crop by each of its heads, and how long it takes.
 * @param {EmotionRecognizer} recognizer
 * @param {Uint8Array} crop
 */
async function ask(recognizer, crop) {
  const {heads} = readContract(recognizer.manifest);
  /** @type {import('./table.js').Answers} */
  const answers = {};
  for (const head of HEADS) {
    if (head === 'both' || heads.includes(head)) [answers[head]] = await recognizer.classify([crop], {head});
  }
  const {times} = await recognizer.classify(Array(ROUNDS).fill(crop));
  return {answers, milliseconds: [...times].sort((one, other) => one - other)[ROUNDS >> 1]};
}

/** @param {Uint8Array} seen @param {'none' | 'stretch'} kind */
function pictureOf(seen, kind) {
  const section = make('section', 'compare-face');
  const canvas = make('canvas', 'compare-crop');
  canvas.width = canvas.height = SIDE;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', t('compare.crop'));
  contextOf(canvas).putImageData(new ImageData(paint(seen, null, 1), SIDE, SIDE), 0, 0);
  section.append(canvas, make('p', 'muted', t(kind === 'stretch' ? 'compare.seen' : 'compare.seenAsIs')));
  return section;
}

/** @param {unknown} error */
function reasonOf(error) {
  const {name, text} = failureOf(error);
  return (text ?? wordsOf(name).title).replace(/\.$/, '');
}
