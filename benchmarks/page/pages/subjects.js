/**
 * @file Who is measured, by name. A subject lives in a document of its own: TF.js keeps its state in globals.
 *
 * @typedef {object} Subject
 * @property {() => Promise<void>} classify the classifier alone, on one face that is cut out already
 * @property {(frame: HTMLCanvasElement) => Promise<string[]>} recognize detection and classification: the labels
 */

/** @typedef {'kit-tfjs' | 'kit-litert' | 'human' | 'face-api'} Name */
/** @type {Map<string | null, () => Promise<Subject>>} */
const OPEN = new Map(Object.entries({
  'kit-tfjs': async () => (await import('./subjects/kit.js')).openKit('tfjs'),
  'kit-litert': async () => (await import('./subjects/kit.js')).openKit('litert'),
  human: async () => (await import('./subjects/human.js')).openHuman(),
  'face-api': async () => (await import('./subjects/face_api.js')).openFaceApi(),
}));

/**
 * Loads the subject that this document's address names: …?name=human.
 * @returns {Promise<Subject>}
 */
export function openNamed() {
  const name = new URLSearchParams(location.search).get('name');
  const open = OPEN.get(name);
  if (!open) throw new RangeError(`?name=${name}: one of ${[...OPEN.keys()].join(', ')} is expected`);
  return open();
}
