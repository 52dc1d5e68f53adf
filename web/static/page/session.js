/** @file What the page is doing: a source → recognizer → results, and every way out of that. */
import {asError} from '../runtime/errors.js';
import {say} from './announcer.js';
import {activate, showMode} from './controls.js';
import {byId} from './elements.js';
import {kindOf, UnusableFileError} from './files.js';
import {Live} from './live.js';
import {chosenEngine, listModels, loadChosen} from './models.js';
import {Neutral} from './neutral.js';
import {drawPicture} from './picture.js';
import {Results} from './results.js';
import {fillSamples} from './samples.js';
import {shapeStage, showPicture, showState, stateOfCameraError, stateOfError} from './states.js';

/** @typedef {import('./controls.js').Mode} Mode */
/** @typedef {import('./states.js').StateName} StateName */

const picture = byId('picture');
const results = new Results();
const neutral = new Neutral(failWith);
/** The camera or video; its pause, mirror and rest are the page's. */
export const live = new Live(byId('video'), results, neutral, {
  onState: state,
  onBegin: () => activate(['stop', 'pause']),
  onLost: () => fail({name: 'unplugged'}),
  onError: failWith,
  onCameraError: (error) => fail(stateOfCameraError(error)),
});
/** @type {Mode} */
let mode = 'camera';
/** @type {(() => void) | null} */
let resume = null; // does again what runs now, for another model
let turn = 0; // counts what the user asked for, so that a late answer to an earlier wish is dropped

/** @type {(...shown: Parameters<typeof showState>) => void} shows a state, and says it */
function state(name, options) {
  say(showState(name, options));
}

/** Lets go of camera, video and picture. */
function release() {
  turn += 1;
  live.stop();
  picture.hidden = true;
  results.clear();
  activate([]);
}

/** Shows what the chosen mode begins with. */
export function rest() {
  resume = null;
  if (!live.recognizer) return; // one that is being loaded comes back here
  release();
  if (mode === 'camera') return state('ready', {act: startCamera});
  if (mode === 'picture') fillSamples(byId('samples'), (sample) => watch(sample.then(openFile)));
  state(mode, {act: () => byId('file').click()});
}

/** @type {Partial<Record<StateName, () => void>>} */
const AGAIN = {
  refused: startCamera, nocamera: startCamera, gone: startCamera, busy: startCamera, nopicture: startCamera,
  unplugged: startCamera, unreadable: () => byId('file').click(),
};

/** @param {{name: StateName, text?: string}} shown */
function fail({name, text}) {
  release();
  resume = null;
  state(name, {text, act: AGAIN[name] ?? (() => location.reload())});
}

/** @param {unknown} error */
function failWith(error) {
  const {name, message: text} = asError(error);
  const unreadable = error instanceof UnusableFileError || name === 'UnsupportedImageError';
  fail(unreadable ? {name: 'unreadable', text} : stateOfError(error));
}

/**
 * Shows what goes wrong with a piece of work, unless the user has asked for something else since.
 * @param {Promise<unknown>} work
 */
function watch(work) {
  const mine = turn;
  work.catch((error) => {
    if (mine === turn) failWith(error);
  });
}

/** Opens the chosen camera and starts looking. */
export function startCamera() {
  release();
  resume = startCamera;
  live.startCamera(byId('camera').value);
}

/** Starts the camera again on another choice, if it runs. */
export function changeCamera() {
  if (live.usesCamera) startCamera();
}

/**
 * Shows a picture or a video file and looks at it.
 * @param {Blob} file
 */
export function openFile(file) {
  if (!live.recognizer) return;
  choose(kindOf(file));
  release();
  resume = () => openFile(file);
  watch(mode === 'picture' ? showStill(file) : live.startFile(file));
}

/** @param {Blob} file */
async function showStill(file) {
  const mine = turn;
  state('reading');
  await drawPicture(file, picture);
  if (mine !== turn || !live.recognizer) return;
  const faces = await live.recognizer.recognize(picture, {reach: 'far'});
  if (mine !== turn) return;
  live.showMirror();
  shapeStage(picture.width, picture.height);
  picture.hidden = false;
  showPicture();
  activate(['stop']);
  results.show(faces, picture.width, picture.height, null);
}

/**
 * Turns to a mode; `rest` or a source comes next.
 * @param {Mode} name
 */
export function choose(name) {
  mode = name;
  showMode(name);
  neutral.turnTo(name === 'picture');
}

/** Loads the chosen model on the chosen engine; what was being looked at is looked at again. */
export async function load() {
  neutral.drop('Another model or engine was chosen');
  release();
  const mine = turn;
  live.recognizer?.dispose();
  live.recognizer = null;
  state('loading');
  try {
    if (byId('model').options.length === 0) await listModels();
    const loaded = await loadChosen();
    if (mine !== turn) return loaded.dispose();
    live.recognizer = loaded;
    results.reset(loaded, chosenEngine());
    neutral.reset(loaded);
    if (resume) resume();
    else rest();
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}
