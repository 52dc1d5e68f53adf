/** @file One video worked through from its beginning to its end: how far it has come, and what was read. */
import {NoFrameError} from '../../runtime/errors.js';
import {BrokenOffError, NotShownError} from '../sought.js';
import {framesIn} from './clock.js';
import {Frames} from './frames.js';
import {Pictures} from './pictures.js';
import {Samples} from './samples.js';

/** @typedef {'waiting' | 'whole' | 'stopped' | 'changed' | 'broken' | 'full'} End waiting: it is not at its end; changed: another model was chosen */
/** @typedef {import('../loader.js').Loaded} Loaded */

/** A reading. It can be interrupted and goes on where it was, as long as nobody else asks the recognizer in between. */
export class Reading {
  /** Frames that were read. */
  frames = 0;
  /** Of these, how many the browser did not show: nothing is said of them. */
  missed = 0;
  /** @type {End} */
  end = 'waiting';
  /** Seconds that the work took so far. */
  worked = 0;
  duration = 0;
  begun = new Date();
  /** @type {Frames | null} */
  #player = null;

  /**
   * @param {Blob} file
   * @param {Loaded} loaded
   * @param {number} rate frames a second
   */
  constructor(file, {recognizer, choice}, rate) {
    this.file = file;
    this.name = file instanceof File ? file.name : '';
    this.rate = rate;
    this.recognizer = recognizer;
    this.labels = recognizer.labels;
    this.model = String(recognizer.manifest.name);
    this.engine = choice.engine;
    this.samples = new Samples(this.labels);
    this.pictures = new Pictures(this.labels);
  }

  /** Seconds of the video that were read. */
  get until() {
    return Math.min(this.duration, this.frames / this.rate);
  }

  /**
   * Reads frame after frame.
   * @param {AbortSignal} signal interrupts it
   * @param {() => void} onFrame told after each
   * @throws what the recognizer throws
   */
  async read(signal, onFrame) {
    if (this.frames === 0) await this.recognizer.reset();
    let before = performance.now();
    const onStep = () => {
      const now = performance.now();
      [this.worked, before] = [this.worked + (now - before) / 1000, now];
      onFrame();
    };
    try {
      this.#player ??= await Frames.open(this.file, signal);
      this.duration = this.#player.duration;
      await this.#readOn(this.#player, signal, onStep);
      this.end = this.samples.isFull ? 'full' : 'whole';
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BrokenOffError)) throw error;
      this.end = 'broken';
      if (error.last !== null) this.#cutOff(error.last);
    } finally {
      if (!signal.aborted) this.close();
    }
  }

  /** Ends it here, if it has not come to its end. @param {'stopped' | 'changed'} why */
  stop(why) {
    if (this.end === 'waiting') this.end = why;
    this.close();
  }

  /** Frees the file; what was read stays. */
  close() {
    this.#player?.close();
    this.#player = null;
  }

  /** Forgets what was read of the last frame that there is as if there had been more. @param {number} last seconds */
  #cutOff(last) {
    this.frames = Math.min(this.frames, Math.floor(last * this.rate + 1e-6) + 1);
    this.samples.cutOff(last + 1e-6);
  }

  /** @param {Frames} player @param {AbortSignal} signal @param {() => void} onStep */
  async #readOn(player, signal, onStep) {
    // A last frame of unknown length, which may lie between two that are read, is read as well.
    const end = player.last ?? Infinity;
    const last = player.last === null ? framesIn(this.duration, this.rate) : Math.ceil(end * this.rate - 1e-6) + 1;
    const place = () => Math.min(this.frames / this.rate, end);
    let coming = player.at(place(), signal);
    try {
      while (this.frames < last && !this.samples.isFull) {
        const seconds = place();
        const frame = await coming.catch((error) => {
          if (error instanceof NotShownError) return null;
          throw error;
        });
        try {
          // The next one is looked up while this one is read.
          if (this.frames + 1 < last) coming = player.at(Math.min((this.frames + 1) / this.rate, end), signal);
          coming.catch(() => {}); // it fails when it is its turn
          if (!frame) throw new NoFrameError('');
          const faces = await this.recognizer.recognize(frame, {time: seconds});
          signal.throwIfAborted();
          this.samples.add(faces, seconds);
          this.pictures.consider(faces, frame, seconds);
        } catch (error) {
          if (!(error instanceof NoFrameError)) throw error;
          this.missed += 1;
        } finally {
          frame?.close();
        }
        this.frames += 1;
        onStep();
      }
    } finally {
      coming.then((frame) => frame.close(), () => {});
    }
  }
}
