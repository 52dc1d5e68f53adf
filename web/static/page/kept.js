/** @file What the page keeps on the device, if it is asked to: a person's own neutral, as numbers. */
import {Baseline} from '../runtime/baseline.js';
import {asError} from '../runtime/errors.js';
import {t} from './words/words.js';

const NAME = 'face-emotion-neutral';

/** The one baseline that is kept, or none. */
export class Kept {
  /** @type {Baseline | null} what can be used with the model in use */
  baseline = null;
  /** Whether something is kept, of whatever model. */
  isAny = false;

  /**
   * Looks for what can be used with a model.
   * @param {import('../runtime/emotion.js').EmotionRecognizer} recognizer
   * @returns {string} why what is kept cannot; '' if it can, or there is nothing
   */
  readFor(recognizer) {
    this.baseline = null;
    const text = stored();
    this.isAny = text !== null;
    if (text === null) return '';
    let baseline;
    try {
      baseline = Baseline.from(text);
    } catch {
      return t('neutral.unreadable');
    }
    try {
      recognizer.checkBaseline(baseline);
    } catch (error) {
      if (asError(error).name === 'BaselineError') return t('neutral.foreign');
      throw error;
    }
    this.baseline = baseline;
    return '';
  }

  /**
   * Keeps a baseline instead of any other, or none.
   * @param {Baseline | null} baseline
   * @returns {boolean} whether one is kept now
   */
  write(baseline) {
    try {
      if (baseline) localStorage.setItem(NAME, JSON.stringify(baseline));
      else localStorage.removeItem(NAME);
      this.baseline = baseline;
    } catch {
      this.baseline = null; // storage is turned off or full
    }
    this.isAny = this.baseline !== null;
    return this.isAny;
  }
}

function stored() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}
