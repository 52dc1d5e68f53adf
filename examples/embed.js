import {EmotionRecognizer} from './runtime/emotion.js';

const file = /** @type {HTMLInputElement} */ (document.getElementById('file'));
const list = /** @type {HTMLElement} */ (document.getElementById('faces'));
const recognizer = await EmotionRecognizer.load('models/small/manifest.json');
file.disabled = false;

file.addEventListener('change', () => {
  for (const picture of file.files ?? []) facesOf(picture).then(show, (error) => show([error.message]));
});

/** @param {File} picture */
async function facesOf(picture) {
  const faces = await recognizer.recognize(await createImageBitmap(picture));
  const lines = faces.map((face) => `${face.certain ? face.label : 'unclear'} ${Math.round(100 * Math.max(...face.probabilities))} %`);
  return lines.length ? lines : ['no face'];
}

/** @param {string[]} lines */
function show(lines) {
  list.replaceChildren(...lines.map((line) => Object.assign(document.createElement('li'), {textContent: line})));
}
