/** @file What is known of a video file beside its picture: its length, and what was read of it. */
import {asError} from '../../runtime/errors.js';
import {UnusableFileError} from '../files.js';
import {formatNumber, t} from '../words/words.js';
import {clockOf} from './clock.js';
import {Frames} from './frames.js';

/** Of one file; it goes when the file does. */
export class Known {
  /** Seconds; 0 while they are not known. */
  duration = 0;
  /** @type {import('./reading.js').Reading | null} */
  reading = null;
  #problem = '';
  #isMeasured = false;

  /**
   * Takes the length that a player knows, or finds that of a file that does not say it.
   * @param {HTMLVideoElement} video
   * @param {unknown} file
   * @param {() => void} onFound
   */
  measure({duration}, file, onFound) {
    if (Number.isFinite(duration)) {
      this.duration = duration;
      return onFound();
    }
    if (this.#isMeasured || !(file instanceof Blob)) return undefined;
    this.#isMeasured = true;
    return void Frames.open(file).then((frames) => {
      this.duration = frames.duration;
      frames.close();
      onFound();
    }, () => {}); // without a length there is no bar to seek on; reading it says why
  }

  /** The player cannot go on. @param {number} time where it is */
  breakOff(time) {
    this.#problem = t('video.damaged', {time: clockOf(time)});
  }

  /**
   * Reads on, and takes note of a file that cannot be read.
   * @param {AbortSignal} signal
   * @param {() => void} onFrame
   * @throws whatever has nothing to do with the file
   */
  async read(signal, onFrame) {
    try {
      this.#problem = '';
      await this.reading?.read(signal, onFrame);
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error;
      this.#problem = asError(error).message;
    }
  }

  /** What is to be said of a reading that came to the end of the file. */
  get success() {
    if (this.reading?.end !== 'whole' || this.#problem) return '';
    const {worked, duration} = this.reading;
    const speed = formatNumber(duration / worked, {minimumFractionDigits: 1, maximumFractionDigits: 1});
    return t('video.took', {time: clockOf(Math.ceil(worked)), speed});
  }

  /** What is to be said of it: how far it was read, if not to its end, or what is wrong with it. */
  get notice() {
    if (this.#problem || !this.reading) return this.#problem;
    return [this.#short(this.reading), missedOf(this.reading)].filter(Boolean).join(' ');
  }

  /** @param {import('./reading.js').Reading} reading */
  #short({end, until, duration, model}) {
    const place = {time: clockOf(until), duration: clockOf(duration), model};
    switch (end) {
      case 'stopped': return t('video.stopped', place);
      case 'changed': return t('video.changed', place);
      case 'broken': return t(duration ? 'video.broken' : 'video.unreadable', place);
      case 'full': return t('video.full', place);
      default: return '';
    }
  }
}

/** @param {import('./reading.js').Reading} reading */
function missedOf({end, missed}) {
  return end !== 'waiting' && missed ? t('video.missed', {count: missed}) : '';
}
