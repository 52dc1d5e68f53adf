/** @file What stands in the stage's place while all pictures of a batch are in view: progress, filter, exports, the grid. */
import {make, setText} from '../elements.js';
import {formatNumber, t} from '../words/words.js';
import {Filter} from './filter.js';
import {Grid} from './grid.js';
import {countKinds} from './kinds.js';
import {statusOf} from './status.js';

/** @typedef {import('./collect.js').Item} Item */
/** @typedef {import('./status.js').State} State */

/** The panel. */
export class Panel {
  /** @type {Item[]} */
  #items = [];
  #title = make('h2', '');
  #shown = make('span', 'count');
  #csv = button('CSV', t('batch.export.csv'));
  #json = button('JSON', t('batch.export.json'));
  #bar = make('progress', '');
  #status = make('p', 'batch-status');
  #hold = button('');
  #kinds = make('div', 'batch-kinds');
  #left = make('p', 'batch-left');
  #list = make('ul', 'batch-grid');
  #empty = make('p', 'batch-empty');

  /**
   * @param {object} acts
   * @param {(item: Item) => void} acts.open
   * @param {() => void} acts.hold stops the reading, or lets it go on
   * @param {(form: 'csv' | 'json') => void} acts.save
   */
  constructor({open, hold, save}) {
    this.node = make('section', 'batch');
    this.#title.id = 'batch-heading';
    this.node.setAttribute('aria-labelledby', this.#title.id);
    this.#bar.setAttribute('aria-label', t('batch.progress'));
    this.#kinds.setAttribute('role', 'group');
    this.#kinds.setAttribute('aria-label', t('batch.filter'));
    this.#list.setAttribute('aria-label', t('batch.list'));
    this.#list.setAttribute('role', 'list'); // which Safari forgets of lists without bullets
    this.#list.tabIndex = -1;
    this.#csv.addEventListener('click', () => save('csv'));
    this.#json.addEventListener('click', () => save('json'));
    this.#hold.addEventListener('click', hold);
    const head = make('div', 'batch-head');
    const buttons = make('div', 'buttons');
    buttons.append(this.#csv, this.#json);
    head.append(this.#title, this.#shown, buttons);
    const progress = make('div', 'batch-progress');
    progress.append(this.#status, this.#hold, this.#bar);
    this.node.append(head, progress, this.#left, this.#kinds, this.#empty, this.#list);
    this.grid = new Grid(this.#list, open);
    this.filter = new Filter(this.#kinds, (wanted) => {
      this.grid.filter(wanted);
      this.#count();
    });
  }

  /** Shows pictures, of which nothing is known. @param {Item[]} items @param {string[]} labels of the model; none: not yet known */
  reset(items, labels) {
    this.#items = items;
    this.filter.reset(labels);
    this.grid.wanted = this.filter.wanted;
    this.grid.fill(items, labels);
    setText(this.#title, t('batch.title', {count: items.length}));
  }

  /** Says what was left out. @param {string} sentence */
  leave(sentence) {
    setText(this.#left, sentence);
    this.#left.hidden = sentence === '';
  }

  /** Counts anew, and shows how far it is. @param {State} state */
  progress(state) {
    const {total, done, phase} = state;
    setText(this.#status, statusOf(state));
    this.#bar.hidden = phase === 'done' || phase === 'empty';
    this.#bar.max = Math.max(total, 1);
    if (phase === 'gathering') this.#bar.removeAttribute('value');
    else this.#bar.value = done;
    this.#hold.hidden = phase !== 'reading' && phase !== 'held';
    setText(this.#hold, phase === 'held' ? t('batch.goon') : t('batch.cancel'));
    this.#csv.disabled = this.#json.disabled = done === 0;
    this.#title.hidden = phase === 'gathering' || phase === 'empty';
    this.#kinds.hidden = this.#list.hidden = total === 0;
    this.#count();
  }

  #count() {
    this.filter.count(this.#items.length, countKinds(this.#items));
    const {shown, wanted} = this.grid;
    setText(this.#shown, wanted.size === 0 ? '' : t('batch.shown', {count: shown.length, total: formatNumber(this.#items.length)}));
    setText(this.#empty, t('batch.nothing'));
    this.#empty.hidden = shown.length > 0 || this.#items.length === 0;
  }
}

/** @param {string} text @param {string} [title] */
function button(text, title = '') {
  const made = make('button', '', text);
  made.type = 'button';
  made.title = title;
  return made;
}
