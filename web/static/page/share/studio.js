/** @file Takes snapshots and records what is in view, as the run says, and offers what came of it. */
import {make} from '../elements.js';
import {t} from '../words/words.js';
import {clockTime} from './names.js';
import {Offers} from './offers.js';
import {recorderOf} from './recorder.js';
import {Recording} from './recording.js';
import {snapshotOf} from './snapshot.js';

/** @typedef {import('../run.js').Run} Run */
/** @typedef {import('../sources.js').Source} Source */
/** @typedef {import('../sharing.js').Sharing['parts']} Parts */

const TICK = 250; // milliseconds between two looks at the clock

/** What makes pictures and films of the page's picture. */
export class Studio {
  /** @type {Recording | null} */
  #recording = null;
  #end = new AbortController();

  /** @param {Parts} parts */
  constructor({elements, results, announcer, send}) {
    this.results = results;
    this.announcer = announcer;
    this.send = send;
    this.offers = new Offers(elements.offers, announcer);
    this.clock = make('p', 'recording');
    this.clock.setAttribute('role', 'timer');
    this.clock.hidden = true;
    elements.stage.append(this.clock);
    addEventListener('beforeunload', (event) => {
      if (this.#recording || this.offers.hasUnsaved) event.preventDefault();
    });
  }

  /** Takes a snapshot and offers it. @param {Source} source */
  async snapshot(source) {
    try {
      const {blob, width, height} = await snapshotOf(source, this.results.scene);
      const title = t('share.snapshot.title', {size: `${width}\u202f×\u202f${height}`});
      this.offers.add({blob, title, isPicture: true});
      this.announcer.say(t('share.taken'));
    } catch {
      this.announcer.say(t('share.nopicture'));
    }
  }

  /** Records, rests or ends, as the run says. @param {Run} run */
  follow(run) {
    const wanted = recorderOf(run);
    if (wanted === 'off' || !run.source) return this.#finish();
    if (!this.#recording) return wanted === 'on' ? this.#begin(/** @type {HTMLVideoElement} */ (run.source.surface)) : undefined;
    if (this.#recording.isPaused === (wanted === 'paused')) return undefined;
    this.#recording[wanted === 'paused' ? 'pause' : 'resume']();
    this.announcer.say(t(wanted === 'paused' ? 'share.rests' : 'share.goeson'));
    return this.#tick();
  }

  /** @param {HTMLVideoElement} video */
  #begin(video) {
    const end = () => this.send({type: 'record', on: false});
    try {
      this.#recording = new Recording(video, () => this.results.scene, end);
    } catch {
      this.announcer.say(t('share.norecorder'));
      return end();
    }
    const {signal} = this.#end = new AbortController();
    video.addEventListener('ended', end, {signal});
    const timer = setInterval(() => this.#tick(), TICK);
    signal.addEventListener('abort', () => clearInterval(timer));
    this.announcer.say(t('share.begins'));
    return this.#tick();
  }

  #finish() {
    const recording = this.#recording;
    if (!recording) return;
    const {isFull} = recording;
    this.#recording = null;
    this.#end.abort();
    this.clock.hidden = true;
    recording.end().then(({blob, width, height, seconds}) => {
      if (blob.size === 0) return this.announcer.say(t('share.nothing'));
      const title = t('share.recording.title', {size: `${width}\u202f×\u202f${height}`, time: clockTime(seconds)});
      this.offers.add({blob, title: isFull ? `${title} · ${t('share.full')}` : title, isPicture: false});
      return this.announcer.say(isFull ? `${t('share.full')} ${t('share.recorded')}` : t('share.recorded'));
    }, () => this.announcer.say(t('share.nothing')));
  }

  /** Shows how long the recording is by now. */
  #tick() {
    const recording = this.#recording;
    if (!recording) return;
    this.clock.hidden = false;
    this.clock.textContent = clockTime(recording.seconds);
    this.clock.classList.toggle('rests', recording.isPaused);
    this.clock.setAttribute('aria-label', t(recording.isPaused ? 'share.rests' : 'share.begins'));
    if (recording.isFull) this.send({type: 'record', on: false});
  }
}
