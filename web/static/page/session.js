/** @file What the page is doing: a source → recognizer → results, and every way out of that. */
import {say} from './announcer.js';
import {activate, showMode} from './controls.js';
import {drawPicture, kindOf, UnusableFileError} from './files.js';
import {Live} from './live.js';
import {listModels, loadChosen} from './models.js';
import {Results} from './results.js';
import {fillSamples} from './samples.js';
import {shapeStage, showPicture, showState, stateOfCameraError, stateOfError} from './states.js';

const byId = (id) => document.getElementById(id);
const picture = byId('picture');
const results = new Results();
/** The camera or video; its pause, mirror and rest are the page's. */
export const live = new Live(byId('video'), results, {
  onState: state,
  onBegin: () => activate(['stop', 'pause']),
  onLost: () => fail('unplugged'),
  onError: failWith,
  onCameraError: (error) => failAs(stateOfCameraError(error)),
});
let recognizer = null;
let mode = 'camera';
let resume = null; // does again what runs now, for another model
let turn = 0; // counts what the user asked for, so that a late answer to an earlier wish is dropped

/** Shows a state, and says it. */
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
  release();
  resume = null;
  if (!recognizer) return;
  if (mode === 'camera') return state('ready', {act: startCamera});
  if (mode === 'picture') fillSamples(byId('samples'), openFile);
  state(mode, {act: () => byId('file').click()});
}

const AGAIN = {
  refused: startCamera, nocamera: startCamera, gone: startCamera, busy: startCamera, nopicture: startCamera,
  unplugged: startCamera, unreadable: () => byId('file').click(),
};

function fail(name, text) {
  release();
  resume = null;
  state(name, {text, act: AGAIN[name] ?? (() => location.reload())});
}

function failAs({name, text}) {
  fail(name, text);
}

function failWith(error) {
  if (error instanceof UnusableFileError || error?.name === 'UnsupportedImageError') fail('unreadable', error.message);
  else failAs(stateOfError(error));
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
 * @param {File | Blob} file
 */
export async function openFile(file) {
  if (!recognizer) return;
  choose(kindOf(file));
  release();
  resume = () => openFile(file);
  const mine = turn;
  try {
    if (mode === 'picture') await showStill(file);
    else await live.startFile(file);
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

async function showStill(file) {
  const mine = turn;
  await drawPicture(file, picture);
  const faces = await recognizer.recognize(picture, {time: null});
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
 * @param {'camera' | 'picture' | 'video'} name
 */
export function choose(name) {
  mode = name;
  showMode(name);
}

/** Loads the chosen model on the chosen engine; what was being looked at is looked at again. */
export async function load() {
  release();
  const mine = turn;
  recognizer?.dispose();
  recognizer = live.recognizer = null;
  state('loading');
  try {
    if (byId('model').options.length === 0) await listModels();
    const loaded = await loadChosen();
    if (mine !== turn) return loaded.dispose();
    recognizer = live.recognizer = loaded;
    results.reset(recognizer, byId('engine').value);
    if (resume) resume();
    else rest();
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}
