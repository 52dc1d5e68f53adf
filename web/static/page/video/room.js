/** @file What a video file has beside its picture: a seek bar, its whole length read, and what came of that. */
import {make} from '../elements.js';
import {isOwnName} from '../share/names.js';
import {isAtEnd} from '../sought.js';
import {t} from '../words/words.js';
import {FrameCost} from './frame_cost.js';
import {Known} from './known.js';
import {WholePanel} from './panel.js';
import {ReadBar} from './read_bar.js';
import {Reading} from './reading.js';
import {SeekBar} from './seek_bar.js';

/** @typedef {import('../run.js').Run} Run */
/** @typedef {import('../video_source.js').VideoSource} VideoSource */
/** @typedef {Pick<import('../elements.js').Elements, 'stage' | 'video' | 'pause' | 'chart'>} Places */

const REDRAWN = 1000; // milliseconds between two drawings of lines that grow

/** The room. */
export class VideoRoom {
  /** @type {Run | null} */
  #run = null;
  /** What is known of each source, as long as the page keeps it. @type {WeakMap<object, Known>} */
  #known = new WeakMap();
  /** Seconds that a frame took when a video was read. @type {number | null} */
  #cost = null;
  #played = new FrameCost();
  #rate = 10;

  /**
   * @param {Places} elements
   * @param {import('../announcer.js').Announcer} announcer
   * @param {(event: import('../run.js').Event) => void} send
   */
  constructor({stage, video, pause, chart}, announcer, send) {
    this.video = video;
    this.announcer = announcer;
    this.send = send;
    document.head.append(Object.assign(make('link', ''), {rel: 'stylesheet', href: new URL('../../styles/video.css', import.meta.url).href}));
    const onSeek = (/** @type {number} */ time) => send({type: 'seek', time});
    this.bar = new SeekBar(stage, onSeek);
    this.reader = new ReadBar(/** @type {HTMLElement} */ (pause.closest('.controls')), {
      start: (rate) => this.#start(rate), cancel: () => send({type: 'scanned'}), rate: () => this.#show(),
    });
    this.panel = new WholePanel(/** @type {Element} */ (chart.closest('section')), onSeek);
    for (const event of ['timeupdate', 'seeking', 'seeked', 'durationchange', 'ended', 'emptied']) {
      video.addEventListener(event, () => this.#place());
    }
    video.addEventListener('error', () => this.#breakOff());
    const follow = () => {
      if (!video.paused && this.#source) this.#place();
      requestAnimationFrame(follow);
    };
    follow();
  }

  /** @param {Run} run */
  show(run) {
    const before = this.#run;
    this.#run = run;
    const known = before?.source && this.#known.get(before.source);
    if (before?.phase === 'scanning' && run.phase !== 'scanning' && known) this.#finish(known, run.model === 'ready' ? 'stopped' : 'changed');
    this.#show();
  }

  /** As of VideoDoor. @param {import('../sources.js').Source} source @param {import('../loader.js').Loaded} loaded @param {AbortSignal} signal */
  async scan(source, loaded, signal) {
    const known = this.#knownOf(/** @type {VideoSource} */ (source));
    const {file} = /** @type {VideoSource} */ (source);
    if (!(file instanceof Blob)) return;
    if (known.reading?.end !== 'waiting') {
      known.reading = new Reading(file, loaded, this.#rate);
      this.announcer.say(t('video.begun'));
    }
    const {reading} = known;
    let drawn = -Infinity;
    let pause = REDRAWN;
    await known.read(signal, () => {
      this.reader.progress(reading, false);
      const now = performance.now();
      if (now - drawn < pause) return;
      this.panel.show(reading, '');
      drawn = performance.now();
      pause = Math.max(REDRAWN, 20 * (drawn - now));
    });
  }

  /** The video file that is open. */
  get #source() {
    const {mode, source} = this.#run ?? {};
    return mode === 'video' && source ? /** @type {VideoSource} */ (source) : null;
  }

  /** @param {number} rate */
  #start(rate) {
    this.#rate = rate;
    this.send({type: 'scan'});
  }

  /** @param {Known} known @param {'stopped' | 'changed'} why */
  #finish(known, why) {
    const {reading} = known;
    if (!reading) return;
    reading.stop(why);
    if (reading.frames) this.#cost = reading.worked / reading.frames;
    this.announcer.say(known.notice || t('video.done', {count: reading.samples.faces.length}));
  }

  #show() {
    const source = this.#source;
    for (const {element} of [this.bar, this.reader]) element.hidden = !source;
    if (!source || !this.#run) return this.panel.show(null, '');
    const known = this.#knownOf(source);
    const {phase, hidden, model} = this.#run;
    if (phase === 'scanning') {
      if (known.reading) this.reader.progress(known.reading, hidden);
    } else {
      const {duration, reading} = known;
      const notice = known.notice || known.success;
      const cost = this.#cost ?? this.#played.seconds;
      const isOwn = source.file instanceof File && isOwnName(source.file.name);
      this.reader.offer({duration, cost, notice, isAgain: Boolean(reading), isOwn}, model === 'ready' && (phase === 'live' || phase === 'paused'));
    }
    this.panel.show(known.reading, known.notice);
    return this.#place();
  }

  #place() {
    const source = this.#source;
    if (!source || !this.#run) return;
    const known = this.#knownOf(source);
    const {phase, sought} = this.#run;
    const isOpen = phase !== 'starting' && this.video.readyState > 0;
    if (isOpen && !known.duration) {
      known.measure(this.video, source.file, () => this.#show());
      if (known.duration) return;
    }
    if (phase === 'live' && this.#played.add(source.seen)) this.#show(); // now it can be said better how long it takes
    const time = sought ?? (isAtEnd(this.video) ? known.duration : Math.min(this.video.currentTime, known.duration || Infinity));
    this.bar.show(time, known.duration, phase === 'live' || phase === 'paused');
    this.panel.place(time);
  }

  /** The player has come to something that it cannot play. */
  #breakOff() {
    const source = this.#source;
    if (!source || !this.#run || this.#run.phase === 'starting' || !this.video.error) return;
    this.#knownOf(source).breakOff(this.video.currentTime);
    this.#show();
  }

  /** @param {VideoSource} source */
  #knownOf(source) {
    const known = this.#known.get(source) ?? new Known();
    this.#known.set(source, known);
    return known;
  }
}
