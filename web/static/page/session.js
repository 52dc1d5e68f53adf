/** @file What the page is doing: camera, picture or video → recognizer → results, and every way out of that. */
import {say} from './announcer.js';
import {Camera, listCameras} from './camera.js';
import {activate, showMode, showPaused} from './controls.js';
import {closeVideo, drawPicture, kindOf, openVideo, UnusableFileError} from './files.js';
import {FrameLoop} from './loop.js';
import {listModels, loadChosen} from './models.js';
import {Results} from './results.js';
import {fillSamples} from './samples.js';
import {shapeStage, showPicture, showState, stateOfError} from './states.js';

const byId = (id) => document.getElementById(id);
const [video, picture] = [byId('video'), byId('picture')];
const results = new Results();
const camera = new Camera(video, () => fail('unplugged'));
const loop = new FrameLoop(video, lookAtVideo, (error) => failWith(error));
let recognizer = null;
let mode = 'camera';
let mirror = true;
let paused = false;
let resume = null; // does again what runs now, for another model
let turn = 0; // counts what the user asked for, so that a late answer to an earlier wish is dropped

/** Shows a state, and says it. */
function state(name, options) {
  say(showState(name, options));
}

/** Lets go of camera, video and picture. */
function release() {
  turn += 1;
  loop.stop();
  camera.close();
  closeVideo(video);
  picture.hidden = true;
  results.clear();
  paused = false;
  showPaused(false);
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

function fail(name, text) {
  release();
  resume = null;
  const again = {refused: startCamera, nocamera: startCamera, busy: startCamera, unplugged: startCamera,
    unreadable: () => byId('file').click()};
  state(name, {text, act: again[name] ?? (() => location.reload())});
}

function failWith(error) {
  if (error instanceof UnusableFileError || error?.name === 'UnsupportedImageError') return fail('unreadable', error.message);
  const {name, text} = stateOfError(error);
  return fail(name, text);
}

/** Opens the chosen camera and starts looking. */
export async function startCamera() {
  release();
  const mine = turn;
  resume = startCamera;
  state('starting');
  try {
    await camera.open(byId('camera').value);
    if (mine !== turn) return;
    await listCameras(byId('camera'));
    turnMirror(camera.facesUser);
    begin();
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

/** Starts looking at the video, which shows the camera or a file. */
function begin() {
  setMirror();
  shapeStage(video.videoWidth, video.videoHeight);
  showPicture();
  recognizer.reset();
  activate(['stop', 'pause']);
  if (!document.hidden) loop.start();
}

async function lookAtVideo() {
  const mine = turn;
  const time = performance.now() / 1000;
  const faces = await recognizer.recognize(video, {time});
  if (mine === turn && loop.isRunning) results.show(faces, video.videoWidth, video.videoHeight, time);
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
    if (mode === 'video') {
      await openVideo(file, video);
      if (mine === turn) begin();
      return;
    }
    await drawPicture(file, picture);
    const faces = await recognizer.recognize(picture, {time: null});
    if (mine !== turn) return;
    setMirror();
    shapeStage(picture.width, picture.height);
    picture.hidden = false;
    showPicture();
    activate(['stop']);
    results.show(faces, picture.width, picture.height, null);
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

/**
 * Turns to a mode; `rest` or a source comes next.
 * @param {'camera' | 'picture' | 'video'} name
 */
export function choose(name) {
  mode = name;
  showMode(name);
}

/** Turns the mirror on or off, or over if `on` is not given. */
export function turnMirror(on = !mirror) {
  mirror = on;
  byId('mirror').setAttribute('aria-pressed', String(on));
  setMirror();
}

function setMirror() {
  results.mirrored = mode === 'camera' && mirror;
  video.classList.toggle('mirrored', results.mirrored);
  results.redraw();
}

/** Pauses or resumes, or the other of the two if `on` is not given. */
export function pause(on = !paused) {
  paused = on;
  showPaused(on);
  if (on) {
    loop.stop();
    video.pause();
  } else {
    video.play();
    loop.start();
  }
}

/** Loads the chosen model on the chosen engine; what was being looked at is looked at again. */
export async function load() {
  release();
  const mine = turn;
  recognizer?.dispose();
  recognizer = null;
  state('loading');
  try {
    if (byId('model').options.length === 0) await listModels();
    const loaded = await loadChosen();
    if (mine !== turn) return loaded.dispose();
    recognizer = loaded;
    results.reset(recognizer, byId('engine').value);
    if (resume) resume();
    else rest();
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

/** Rests while the tab is hidden: no picture is looked at. */
export function hide() {
  const active = camera.isOpen || video.src;
  if (!active || paused) return;
  if (document.hidden) {
    loop.stop();
    video.pause();
    state('hidden');
  } else {
    showPicture();
    video.play();
    loop.start();
  }
}

/** Starts the camera again on another choice, if it runs. */
export function changeCamera() {
  if (camera.isOpen) startCamera();
}
