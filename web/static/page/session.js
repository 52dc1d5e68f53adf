/** @file Carries out what a run asks for: one piece of work at a time, with one signal that ends it. */
import {BatchReader} from './batch_reader.js';
import {failureOf} from './failures.js';
import {BEGINNING, step} from './run.js';
import {coverOf, isHeld, workOf} from './run_outcome.js';
import {MODES, sizeOf} from './sources.js';
import {t} from './words/words.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./run.js').Event} Event */
/** @typedef {import('./sources.js').Source} Source */

/** The page's run. Everything that happens is an event; nothing else changes what the page does. */
export class Session {
  /** @type {Run} */
  run = BEGINNING;
  /** Of the work that is being done: whoever waits in it asks afterwards whether it is still wanted. */
  #token = new AbortController();
  #batchReader;
  /** @type {Event[]} */
  #events = [];

  /**
   * @param {object} parts
   * @param {import('./view.js').View} parts.view
   * @param {import('./card.js').Card} parts.card
   * @param {import('./mirror.js').Mirror} parts.mirror
   * @param {import('./results.js').Results} parts.results
   * @param {import('./neutral.js').Neutral} parts.neutral
   * @param {import('./looker.js').Looker} parts.looker
   * @param {import('./sharing.js').Sharing} parts.sharing
   * @param {import('./video_door.js').VideoDoor} parts.door
   * @param {{current: import('./loader.js').Loaded | null}} parts.loader whose model is in hand whenever the run says so
   */
  constructor({view, card, mirror, results, neutral, looker, sharing, door, loader}) {
    this.view = view;
    this.card = card;
    this.mirror = mirror;
    this.results = results;
    this.neutral = neutral;
    this.looker = looker;
    this.sharing = sharing;
    this.door = door;
    this.loader = loader;
    this.#batchReader = new BatchReader(loader, (event) => this.send(event), (error) => this.fail(error));
  }

  /**
   * Takes an event; one that comes of another one follows it.
   * @param {Event} event
   */
  send(event) {
    if (this.#events.push(event) > 1) return;
    try {
      for (; this.#events.length > 0; this.#events.shift()) this.#take(this.#events[0]);
    } finally {
      this.#events = [];
    }
  }

  /** @param {Event} event */
  #take(event) {
    const before = this.run;
    const now = this.run = step(before, event);
    if (now === before) return;
    this.#tell(before, now, event);
    const changed = now.source !== before.source || workOf(now) !== workOf(before) || now.sought !== before.sought;
    if (changed) this.#token.abort();
    if (before.source && before.source !== now.source) before.source.close(false);
    else if (now.source && isHeld(before) && !isHeld(now)) now.source.close(now.phase === 'paused');
    if (changed) this.#work(now);
    this.#batchReader.follow(before, now);
    this.view.show(now);
    this.sharing.follow(now);
    this.door.show(now);
    if (now.mode !== before.mode) this.results.redraw(); // a picture's page has no room for the chart
    // Once the stage has its shape.
    if (event.type === 'read' || event.type === 'scanned' || (event.type === 'opened' && now.phase === 'paused')) this.#recall(now);
  }

  /** Tells results and neutral what has changed. @param {Run} before @param {Run} now @param {Event} event */
  #tell(before, now, event) {
    const {results, neutral, loader: {current}} = this;
    if (hasNobody(now) !== hasNobody(before)) neutral.turnTo(hasNobody(now));
    if (before.source !== now.source) {
      neutral.drop(t('neutral.ended'));
      results.clear();
    } else if (coverOf(now)?.name === 'hidden') {
      results.clear();
    }
    if (now.frozen !== before.frozen) this.looker.stand(now.frozen);
    if (event.type === 'load') neutral.giveUp(t('neutral.othermodel'));
    if (event.type === 'loaded' && current) {
      neutral.drop(t('neutral.othermodel'));
      results.reset(current.recognizer, current.choice.engine);
      neutral.reset(current.recognizer);
    }
    if (event.type === 'opened' && now.source) {
      if (!before.begun) this.mirror.begin(now.source);
      this.card.shape(sizeOf(now.source.surface));
    }
    if (event.type === 'pause' && before.phase === 'paused') now.source?.resume();
  }

  /** Begins what is to be done. @param {Run} run */
  #work(run) {
    const {signal} = this.#token = new AbortController();
    const {source} = run;
    if (!source) return;
    this.#workOn(source, workOf(run), signal).catch((error) => {
      if (!signal.aborted) this.send({type: 'fail', failure: source.failureOf(error)});
    });
  }

  /** @param {Source} source @param {import('./run_outcome.js').Work} work @param {AbortSignal} signal */
  async #workOn(source, work, signal) {
    const {current} = this.loader;
    const recognizer = current?.recognizer;
    if (work === 'open') {
      await source.open(signal);
      if (!signal.aborted) this.send({type: 'opened'});
    } else if (work === 'look' && recognizer) {
      await this.looker.follow(source, recognizer, signal);
    } else if (work === 'seek' && recognizer) {
      await this.looker.seek(source, recognizer, this.run.sought ?? 0, () => this.run.phase === 'paused', signal);
      if (!signal.aborted) this.send({type: 'landed'});
    } else if (work === 'scan' && current) {
      await this.looker.rest(); // a frame that came in between would be taken for one of the file's
      if (!signal.aborted) await this.door.scan(source, current, signal);
      if (!signal.aborted) this.send({type: 'scanned'});
    } else if (work === 'read' && recognizer) {
      await this.looker.read(source, recognizer);
      if (!signal.aborted) this.send({type: 'read'});
    }
  }

  /** Shows what is still known of the picture that stands there. @param {Run} run */
  #recall({source}) {
    const {current} = this.loader;
    if (!source || !current) return;
    source.show();
    this.looker.recall(source, current.recognizer);
  }

  /** Ends the run with an error that has nothing to do with its source. @param {unknown} error */
  fail(error) {
    this.send({type: 'fail', failure: failureOf(error)});
  }
}

/** Whether there is nobody whose neutral face could be learnt. @param {Run} run */
function hasNobody({mode, source}) {
  return !MODES[mode].pauses || (source?.isDemo ?? mode === 'video');
}
