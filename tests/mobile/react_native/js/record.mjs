// What the same app comes to in node, and all that Hermes needs to do it again without a native call: node record.mjs JOB.json
import {readFileSync, writeFileSync} from 'node:fs';

import {answersOf} from '../../../../mobile/react-native/conformance.js';
import {createRecognizer} from '../../../../mobile/react-native/index.js';
import {goldenOf, modelOf, Native} from './native.mjs';

/** @type {{out: string, pictures: {file: string, width: number, height: number, options: object}[]}} */
const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const native = new Native();
const model = modelOf('small');
const whole = goldenOf('small');
// Few pictures, as Hermes interprets: one near, one far, five frames of one that moves.
const [shown] = whole.detector.frames;
const golden = {...whole, detector: {...whole.detector, frames: [shown], video: {picture: shown.name,
  frames: whole.detector.video.frames.slice(0, 5)}}};
/** @type {Record<string, object>} */
const networks = {};
/** @param {string} file */
const load = async (file) => {
  const opened = await native.load(file);
  networks[file.slice(file.lastIndexOf('/') + 1)] = {inputs: opened.inputs, outputs: opened.outputs};
  return opened;
};
const answers = await answersOf({model, load, golden, runtime: 'Hermes'});
const recognizer = await createRecognizer({model, load});
const pictures = [];
for (const {file, width, height, options} of job.pictures) {
  const faces = await recognizer.recognize({data: new Uint8Array(readFileSync(file)), width, height}, options);
  pictures.push(faces.map((face) => ({...face, probabilities: [...face.probabilities], smoothed: face.smoothed && [...face.smoothed]})));
}
const runs = Object.fromEntries(native.runs.map(({file, input, outputs}) =>
  [`${file} ${digest(input)}`, outputs.map((part) => part.toString('hex'))]));
const given = job.pictures.map(({file, ...rest}) => ({...rest, rgba: readFileSync(file).toString('hex')}));
writeFileSync(`${job.out}/recorded.js`, `var recorded = ${JSON.stringify({networks, runs, golden, pictures: given})};\n`);
writeFileSync(`${job.out}/expected.json`, JSON.stringify({answers, pictures, isExact: recognizer.isExact}));
native.close();

/** As in hermes_app.js. @param {Buffer} bytes */
function digest(bytes) {
  let hash = 2166136261;
  for (const word of new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))) {
    hash = Math.imul(hash ^ word, 16777619);
  }
  return hash;
}
