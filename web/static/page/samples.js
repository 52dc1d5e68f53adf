/** @file The sample pictures on the stage; fetched when pictures are chosen, not before. */
import {UnusableFileError} from './files.js';
import {t} from './words/words.js';

/** @type {[string, import('./words/words.js').Key][]} */
const SAMPLES = [
  ['portrait.jpg', 'sample.portrait'], ['two-faces.jpg', 'sample.two'], ['surprise.jpg', 'sample.surprise'],
];

/**
 * Fills the list once.
 * @param {HTMLElement} list
 * @param {(fetchSample: (signal: AbortSignal) => Promise<Blob>) => void} onSample given what fetches the sample that was
 *   chosen, and throws an UnusableFileError where it does not come
 */
export function fillSamples(list, onSample) {
  if (list.childElementCount) return;
  list.append(...SAMPLES.map(([name, title]) => {
    const url = new URL(`../samples/${name}`, import.meta.url);
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    const image = document.createElement('img');
    image.src = url.href;
    image.alt = t(title);
    button.append(image);
    button.addEventListener('click', () => onSample((signal) => fetchSample(url, signal)));
    item.append(button);
    return item;
  }));
}

/** @param {URL} url @param {AbortSignal} signal */
async function fetchSample(url, signal) {
  const response = await fetch(url, {signal}).catch(() => null);
  if (!response?.ok) throw new UnusableFileError(t('sample.offline'));
  return response.blob();
}
