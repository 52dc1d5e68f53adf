/** @file Pictures that are read one after the other, and shown side by side: a batch of a run. */
import {hasBatch} from '../batch_run.js';
import {saveFile} from '../download.js';
import {coverOf} from '../run_outcome.js';
import {t} from '../words/words.js';
import {Bar} from './bar.js';
import {collect} from './collect.js';
import {Panel} from './panel.js';
import {Pictures} from './pictures.js';
import {readAll} from './pipeline.js';
import {BatchPicture} from './source.js';
import {leftOut, statusOf} from './status.js';
import {toCsv, toJson} from './table.js';

/** @typedef {import('./collect.js').Item} Item */
/** @typedef {import('../sources.js').Batch} BatchOfRun */

const PAUSE = 150; // milliseconds between two countings: of thousands they take their time

/** A batch. @implements {BatchOfRun} */
export class Batch {
  #pictures = new Pictures();
  /** @type {Item | null} which was last shown large */
  #last = null;
  #end = new AbortController();
  #timer = 0;
  #collected;

  /**
   * @param {import('../files.js').Given} given
   * @param {{elements: import('../elements.js').Elements, announcer: import('../announcer.js').Announcer,
   *   send: (event: import('../run.js').Event) => void}} parts
   */
  constructor(given, {elements, announcer, send}) {
    this.elements = elements;
    this.announcer = announcer;
    this.send = send;
    this.panel = new Panel({
      open: (item) => this.#open(item), hold: () => send({type: 'hold', held: this.#pictures.phase === 'reading'}),
      save: (form) => this.#save(form),
    });
    this.bar = new Bar({back: () => send({type: 'stop'}), step: (by) => this.#step(by)});
    elements.stage.before(this.bar.node, this.panel.node);
    this.panel.node.hidden = true;
    this.panel.reset([], []);
    this.#tell();
    this.#collected = this.#collect(given);
  }

  /** @param {import('../../runtime/emotion.js').EmotionRecognizer} recognizer @param {AbortSignal} signal */
  async read(recognizer, signal) {
    await this.#collected;
    if (signal.aborted || this.#end.signal.aborted) return;
    const pictures = this.#pictures;
    if (pictures.belongTo(recognizer)) this.panel.reset(pictures.items, recognizer.labels);
    const {waiting} = pictures;
    this.#turn(waiting.length > 0 ? 'reading' : pictures.items.length > 0 ? 'done' : 'empty');
    if (waiting.length === 0) return;
    this.announcer.say(t('batch.say', {count: waiting.length}));
    pictures.clock.begin(performance.now());
    await readAll(waiting, recognizer, signal, (item) => {
      pictures.clock.tick(performance.now());
      this.panel.grid.update(item);
      this.#timer ||= setTimeout(() => this.#tell(), PAUSE);
    });
    if (signal.aborted) return;
    this.#turn('done');
    this.announcer.say(statusOf(this.#pictures.state));
  }

  /** @param {import('../run.js').Run} run */
  follow(run) {
    const {stage} = this.elements;
    const shown = run.source instanceof BatchPicture && run.source.batch === this ? run.source.item : null;
    const isGrid = coverOf(run)?.name === 'batch';
    const isOne = hasBatch(run) && (shown !== null || (run.failure !== null && this.#last !== null));
    const focus = document.activeElement;
    const hadFocus = focus === document.body || this.bar.node.contains(focus) || this.panel.node.contains(focus);
    const wasGrid = !this.panel.node.hidden;
    this.#last = shown ?? this.#last;
    if (shown) this.#tellPlace(shown);
    this.panel.node.hidden = !isGrid;
    this.bar.show(isOne);
    stage.hidden = isGrid;
    if (isGrid) document.body.dataset.batch = 'all';
    else delete document.body.dataset.batch;
    if (isGrid && !wasGrid && this.#last) this.panel.grid.reveal(this.#last, hadFocus);
    if (isOne && wasGrid && hadFocus) this.bar.focus();
    if (run.held && this.#pictures.phase === 'reading') {
      this.#turn('held');
      this.announcer.say(statusOf(this.#pictures.state));
    }
  }

  /** Forgets all of it. */
  close() {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#pictures.close();
    this.panel.grid.close();
    this.panel.node.remove();
    this.bar.show(false);
    this.bar.node.remove();
    this.elements.stage.hidden = false;
    delete document.body.dataset.batch;
  }

  /** @param {import('../files.js').Given} given */
  async #collect(given) {
    const collected = await collect(given, this.#end.signal, (count) => {
      this.#pictures.count = count;
      this.#tell();
    }).catch(() => null);
    if (!collected) return; // it was closed
    const {items, others} = collected;
    this.#pictures.items = items;
    this.panel.leave(leftOut(others));
    this.panel.reset(items, []);
    this.#turn(items.length > 0 ? 'reading' : 'empty');
    if (items.length === 0) this.announcer.say(`${statusOf(this.#pictures.state)} ${leftOut(others)}`);
  }

  /** @param {import('./status.js').State['phase']} phase */
  #turn(phase) {
    this.#pictures.phase = phase;
    this.#tell();
  }

  #tell() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.panel.progress(this.#pictures.state);
  }

  /** @param {Item} item */
  #open(item) {
    this.send({type: 'open', source: new BatchPicture(this.elements.picture, item, this)});
  }

  /** @param {1 | -1} by */
  #step(by) {
    const {items, place} = this.#pictures.placeOf(this.#last, this.panel.grid.shown);
    const next = items[place + by];
    if (this.#last && next) this.#open(next);
  }

  /** @param {Item} item */
  #tellPlace(item) {
    const {items, place} = this.#pictures.placeOf(item, this.panel.grid.shown);
    this.bar.tell(item.name, place + 1, items.length);
  }

  /** @param {'csv' | 'json'} form */
  #save(form) {
    const {items, by} = this.#pictures;
    const labels = by?.labels ?? [];
    if (form === 'csv') saveFile('expressions.csv', new Blob([toCsv(items, labels)], {type: 'text/csv'}));
    else saveFile('expressions.json', new Blob([toJson(items, labels, by?.manifest.name ?? '')], {type: 'application/json'}));
  }
}
