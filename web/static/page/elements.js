/**
 * @file The elements of index.html that scripts use, each by its id as what it is, and new ones.
 *
 * @typedef {Record<'card-action' | 'compare' | 'export-csv' | 'export-json' | 'full-screen' | 'mirror' | 'model-again' |
 *     'neutral-forget' | 'neutral-learn' | 'neutral-use' | 'open' | 'open-folder' | 'pause' | 'record' | 'snapshot' | 'stop',
 *     HTMLButtonElement> &
 *   Record<'chart' | 'overlay' | 'picture', HTMLCanvasElement> &
 *   Record<'camera' | 'engine' | 'model' | 'resolution', HTMLSelectElement> &
 *   Record<'file' | 'folder' | 'neutral-keep', HTMLInputElement> &
 *   Record<'card-progress' | 'neutral-progress', HTMLProgressElement> &
 *   Record<'video', HTMLVideoElement> &
 *   Record<'announcer' | 'camera-choice' | 'camera-size' | 'card' | 'card-glyph' | 'card-text' | 'card-title' | 'classify-time' |
 *     'compare-problem' |
 *     'count' | 'detect-time' | 'faces' | 'faces-empty' | 'frame-rate' | 'hint' | 'input' | 'legend' | 'model-problem' |
 *     'model-problem-text' | 'neutral' | 'neutral-keep-choice' | 'neutral-text' | 'notices' | 'quality' | 'samples' |
 *     'offers' | 'record-text' | 'stage' | 'timeline-face', HTMLElement>} Elements
 */

/** Gathers the elements of index.html, once: main.js hands them to those who use them. */
export function gatherElements() {
  const found = [...document.querySelectorAll('[id]')].map((element) => [element.id, element]);
  return /** @type {Elements} */ (Object.fromEntries(found));
}

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {string} [text]
 */
export function make(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/**
 * Changes a text that is another one: what reads the page aloud is told of a change only.
 * @param {HTMLElement} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Changes an attribute that is another one.
 * @param {HTMLElement} node
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * Changes a property of the style sheets that is another one.
 * @param {HTMLElement} node
 * @param {string} name e.g. --share
 * @param {string} value
 */
export function setStyle(node, name, value) {
  if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
}

/**
 * Returns what draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @throws {Error} where the browser has no memory left for one
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext('2d', settings);
  if (!context) throw new Error('The browser has no canvas to draw on.');
  return context;
}
