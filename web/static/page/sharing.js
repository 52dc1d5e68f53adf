/** @file Snapshot and recording: what does them (share/) is fetched when it is first wanted. */
import {t} from './words/words.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./share/studio.js').Studio} Studio */

/** Whether this browser records what is drawn on a canvas. */
export function canRecord() {
  return typeof MediaRecorder === 'function' && 'captureStream' in HTMLCanvasElement.prototype &&
    ['video/webm', 'video/mp4'].some((type) => MediaRecorder.isTypeSupported(type));
}

/** Takes snapshots and records. */
export class Sharing {
  /** @type {Promise<Studio> | null} */
  #studio = null;
  /** @type {Run | null} */
  #run = null;

  /**
   * @param {Pick<import('./elements.js').Elements, 'offers' | 'stage'>} elements
   * @param {import('./results.js').Results} results
   * @param {import('./announcer.js').Announcer} announcer
   * @param {(event: import('./run.js').Event) => void} send
   */
  constructor(elements, results, announcer, send) {
    this.parts = {elements, results, announcer, send};
  }

  /** Takes a snapshot of what is in view. @param {Run} run */
  async snapshot({source}) {
    const studio = await this.#open();
    if (source) await studio?.snapshot(source);
  }

  /** Records, or not, as the run says. @param {Run} run */
  follow(run) {
    this.#run = run;
    if (!run.recording && !this.#studio) return;
    void this.#open().then((studio) => {
      // The last of them: it may have been stopped meanwhile.
      if (studio && this.#run) studio.follow(this.#run);
    });
  }

  async #open() {
    const {announcer, elements, send} = this.parts;
    this.#studio ??= import('./share/studio.js').then(({Studio}) => new Studio(this.parts));
    try {
      return await this.#studio;
    } catch {
      this.#studio = null; // asked for again the next time
      send({type: 'record', on: false});
      announcer.say(elements.offers.textContent = t('share.missing'));
      return null;
    }
  }
}
