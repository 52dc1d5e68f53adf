/** @file The grid of a batch: a list of tiles, one stop for the keyboard, in which arrow keys move. */
import {isWanted} from './kinds.js';
import {Tile} from './tile.js';

/** @typedef {import('./collect.js').Item} Item */

const NEAR = '600px'; // beyond its edge tiles have their contents already

/** Tiles in a list that scrolls. */
export class Grid {
  /** @type {Map<Item, Tile>} in their order */
  #tiles = new Map();
  /** @type {WeakMap<Element, Tile>} */
  #ofNode = new WeakMap();
  /** @type {Tile | null} which the keyboard gets to */
  #current = null;
  #watcher;
  /** @type {Set<string>} the kinds that are shown; empty: all */
  wanted = new Set();

  /** @param {HTMLElement} list @param {(item: Item) => void} onOpen */
  constructor(list, onOpen) {
    this.list = list;
    this.#watcher = new IntersectionObserver((changes) => {
      for (const {target, isIntersecting} of changes) this.#ofNode.get(target)?.[isIntersecting ? 'fill' : 'empty']();
    }, {root: list, rootMargin: NEAR});
    list.addEventListener('click', (event) => {
      const tile = this.#tileOf(event.target);
      if (tile) onOpen(tile.item);
    });
    list.addEventListener('focusin', (event) => this.#moveTo(this.#tileOf(event.target)));
    list.addEventListener('keydown', (event) => this.#go(event));
  }

  /** Shows pictures, as a model's classes. @param {Item[]} items @param {string[]} labels */
  fill(items, labels) {
    this.close();
    for (const item of items) {
      const tile = new Tile(item, labels);
      this.#tiles.set(item, tile);
      this.#ofNode.set(tile.node, tile);
      tile.node.hidden = !isWanted(item, this.wanted);
      this.#watcher.observe(tile.node);
    }
    this.list.replaceChildren(...[...this.#tiles.values()].map(({node}) => node));
    this.#settle();
  }

  /** Shows what has come of a picture. @param {Item} item */
  update(item) {
    const tile = this.#tiles.get(item);
    if (!tile) return;
    tile.update();
    this.#hide(tile, !isWanted(item, this.wanted));
  }

  /** Shows pictures of certain kinds only. @param {Set<string>} wanted empty: all */
  filter(wanted) {
    this.wanted = wanted;
    for (const [item, {node}] of this.#tiles) node.hidden = !isWanted(item, wanted);
    this.list.scrollTop = 0;
    this.#settle();
  }

  /** The pictures that are shown. */
  get shown() {
    return [...this.#tiles].filter(([, {node}]) => !node.hidden).map(([item]) => item);
  }

  /** Brings a picture's tile into view. @param {Item} item @param {boolean} withFocus */
  reveal(item, withFocus) {
    const tile = this.#tiles.get(item);
    if (!tile || tile.node.hidden) {
      if (withFocus) (this.#current?.button ?? this.list).focus();
      return;
    }
    this.#moveTo(tile);
    tile.node.scrollIntoView({block: 'nearest'});
    if (withFocus) tile.button.focus();
  }

  /** Forgets all tiles. */
  close() {
    this.#watcher.disconnect();
    this.#tiles.clear();
    this.#current = null;
  }

  /** @param {EventTarget | null} target */
  #tileOf(target) {
    const node = target instanceof Element ? target.closest('.tile') : null;
    return (node && this.#ofNode.get(node)) ?? null;
  }

  /** @param {Tile} tile @param {boolean} hidden */
  #hide(tile, hidden) {
    if (tile.node.hidden === hidden) return;
    const hadFocus = hidden && tile.node.contains(document.activeElement);
    tile.node.hidden = hidden;
    this.#settle();
    if (hadFocus) this.#current?.button.focus();
  }

  /** Sees to it that the keyboard gets to a tile that is there. */
  #settle() {
    if (this.#current && !this.#current.node.hidden) return;
    const tiles = [...this.#tiles.values()];
    const place = this.#current ? tiles.indexOf(this.#current) : 0;
    this.#moveTo([...tiles.slice(place), ...tiles.slice(0, place).reverse()].find(({node}) => !node.hidden) ?? null);
  }

  /** @param {Tile | null} tile */
  #moveTo(tile) {
    if (tile === this.#current) return;
    if (this.#current) this.#current.button.tabIndex = -1;
    if (tile) tile.button.tabIndex = 0;
    this.#current = tile;
  }

  /** @param {KeyboardEvent} event */
  #go(event) {
    const tile = this.#tileOf(event.target);
    if (!tile || event.ctrlKey || event.metaKey || event.altKey) return;
    const tiles = [...this.#tiles.values()].filter(({node}) => !node.hidden);
    const columns = getComputedStyle(this.list).gridTemplateColumns.split(' ').length;
    const rows = Math.max(1, Math.floor(this.list.clientHeight / tile.node.offsetHeight));
    /** @type {Record<string, number>} */
    const steps = {
      ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -columns * rows, PageDown: columns * rows,
      Home: -Infinity, End: Infinity,
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const place = tiles.indexOf(tile);
    const wanted = place + step;
    // Up and down keep to their column where there is no further row.
    const next = Math.abs(step) > 1 && Number.isFinite(step) && (wanted < 0 || (wanted >= tiles.length && isLastRow(place, tiles.length, columns))) ?
      place : Math.min(Math.max(wanted, 0), tiles.length - 1);
    tiles[next].button.focus();
  }
}

/** @param {number} place @param {number} count @param {number} columns */
function isLastRow(place, count, columns) {
  return Math.floor(place / columns) === Math.floor((count - 1) / columns);
}
