// Reads pictures, a video and the golden vectors as an app would, and writes what came of them: node answers.mjs JOB.json
import {readFileSync, writeFileSync} from 'node:fs';

import {answersOf} from '../../../../mobile/react-native/conformance.js';
import {createRecognizer} from '../../../../mobile/react-native/index.js';
import {goldenOf, modelOf, Native} from './native.mjs';

/** @typedef {{file: string, width: number, height: number, options: object}} Picture file: RGBA bytes */

/** @type {{out: string, answers: string[], pictures: Picture[]}} */
const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const native = new Native();
const {load} = native;
for (const name of job.answers) {
  const answers = await answersOf({model: modelOf(name), load, golden: goldenOf(name), runtime: `React Native's package in node, ${name}`});
  writeFileSync(`${job.out}/${name}.json`, JSON.stringify(answers));
}
const recognizer = await createRecognizer({model: modelOf('small'), load, decode: ({file, width, height}) =>
  ({data: new Uint8Array(readFileSync(file)), width, height})});
const pictures = [];
for (const picture of job.pictures) {
  const faces = await recognizer.recognize(picture, picture.options);
  pictures.push(faces.map((face) => ({...face, probabilities: [...face.probabilities], smoothed: face.smoothed && [...face.smoothed]})));
}
writeFileSync(`${job.out}/pictures.json`, JSON.stringify({pictures, isExact: recognizer.isExact}));
native.close();
