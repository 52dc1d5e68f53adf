// An app without a screen: it answers the golden vectors and reads pictures, and prints what came of them. In place of the native
// call stands what the networks answered in node, which is looked up by the bytes that they are given: `recorded` holds it.
import {createRecognizer} from 'face-emotion-kit-react-native';
import {answersOf} from 'face-emotion-kit-react-native/conformance.js';
import model from 'face-emotion-kit-react-native/models/small.js';

/** @typedef {import('../../../../mobile/react-native/tflite.js').NativeModel} NativeModel */

/** @param {string} text */
function bytesOf(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let place = 0; place < bytes.length; place++) bytes[place] = parseInt(text.slice(2 * place, 2 * place + 2), 16);
  return bytes.buffer;
}

/** As in record.mjs. @param {ArrayBuffer} buffer */
function digest(buffer) {
  let hash = 2166136261;
  for (const word of new Int32Array(buffer)) hash = Math.imul(hash ^ word, 16777619);
  return hash;
}

/** @param {string} file @returns {Promise<NativeModel>} */
function load(file) {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return Promise.resolve({
    ...recorded.networks[name],
    run: ([input]) => {
      const found = recorded.runs[`${name} ${digest(input)}`];
      if (!found) throw new Error(`${name} was given other numbers than in node`);
      return Promise.resolve(found.map(bytesOf));
    },
  });
}

async function main() {
  const answers = await answersOf({model, load, golden: recorded.golden, runtime: 'Hermes'});
  const recognizer = await createRecognizer({model, load});
  const pictures = [];
  for (const {rgba, width, height, options} of recorded.pictures) {
    const faces = await recognizer.recognize({data: bytesOf(rgba), width, height}, options);
    pictures.push(faces.map((face) => ({...face, probabilities: [...face.probabilities],
      smoothed: face.smoothed && [...face.smoothed]})));
  }
  print(JSON.stringify({answers, pictures, isExact: recognizer.isExact}));
}

main().catch((error) => print(`${error.name}: ${error.message}`));
