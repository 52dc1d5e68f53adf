/** @file A peer's face detector in a document of its own, named by the address: ?name=human; asked by browser.py. */
import {openFaceApiDetector} from './subjects/face_api.js';
import {openHumanDetector} from './subjects/human.js';

/** @typedef {(picture: HTMLCanvasElement) => Promise<number[][]>} Detect centre x, centre y and width of each face */

/** @type {Map<string | null, () => Promise<Detect>>} */
const OPEN = new Map(Object.entries({
  human: openHumanDetector,
  'face-api-ssd': () => openFaceApiDetector('ssd'),
  'face-api-tiny': () => openFaceApiDetector('tiny'),
}));

/** @returns {Promise<Detect>} */
async function open() {
  const name = new URLSearchParams(location.search).get('name');
  const detector = OPEN.get(name);
  if (!detector) throw new RangeError(`?name=${name}: one of ${[...OPEN.keys()].join(', ')} is expected`);
  return detector();
}

const detector = open();
globalThis.ready = detector.then(() => true);

/**
 * The faces of a picture.
 * @param {string} data the PNG file in base64
 * @returns {Promise<number[][]>}
 */
globalThis.find = async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return (await detector)(canvas);
};
