/** @file The samples on the stage, pictures and a clip; fetched when their mode is chosen, not before. */
import {UnusableFileError} from './files.js';
import {t} from './words/words.js';

/** What each mode has: a file, what it shows, and a picture of it if it is none. @type {Record<string, [string, import('./words/words.js').Key, string?][]>} */
const SAMPLES = {
  picture: [['portrait.jpg', 'sample.portrait'], ['three-faces.jpg', 'sample.three'], ['surprised.jpg', 'sample.surprise']],
  video: [['clip.webm', 'sample.clip', 'clip.jpg']],
};

/**
 * Fills the list with those of a mode.
 * @param {HTMLElement} list
 * @param {import('./sources.js').Mode} mode
 * @param {(fetchSample: (signal: AbortSignal) => Promise<Blob>) => void} onSample given what fetches the sample that was
 *   chosen, and throws an UnusableFileError where it does not come
 */
export function fillSamples(list, mode, onSample) {
  if (list.dataset.mode === mode) return;
  list.dataset.mode = mode;
  list.replaceChildren(...(SAMPLES[mode] ?? []).map(([name, title, look]) => {
    const url = new URL(`../samples/${name}`, import.meta.url);
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    const image = document.createElement('img');
    image.src = look ? new URL(look, url).href : url.href;
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
