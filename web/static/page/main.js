/** @file The page: puts source, recognizer and results together. */
import {say} from './announcer.js';
import {Camera, listCameras} from './camera.js';
import {acceptFiles, closeVideo, drawPicture, kindOf, openVideo, UnusableFileError} from './files.js';
import {FrameLoop} from './loop.js';
import {listModels, loadChosen} from './models.js';
import {registerWorker, watchConnection} from './offline.js';
import {Results} from './results.js';
import {fillSamples} from './samples.js';
import {showPicture, showState, stateOfError} from './states.js';

const byId = (id) => document.getElementById(id);
const [video, picture, stage] = [byId('video'), byId('picture'), byId('stage')];
const results = new Results();
const camera = new Camera(video, () => fail('unplugged'));
const loop = new FrameLoop(video, lookAtVideo, (error) => failWith(error));
let recognizer = null;
let mode = 'camera';
let mirror = true;
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
  for (const id of ['stop', 'pause']) byId(id).disabled = true;
  byId('pause').setAttribute('aria-pressed', 'false');
}

/** Shows what the chosen mode begins with. */
function rest() {
  release();
  if (!recognizer) return;
  if (mode === 'camera') return state('ready', {act: startCamera});
  if (mode === 'picture') fillSamples(byId('samples'), openFile);
  state(mode, {act: () => byId('file').click()});
}

function fail(name, text) {
  release();
  const again = {refused: startCamera, nocamera: startCamera, busy: startCamera, unplugged: startCamera,
    unreadable: () => byId('file').click()};
  state(name, {text, act: again[name] ?? (() => location.reload())});
}

function failWith(error) {
  if (error instanceof UnusableFileError || error?.name === 'UnsupportedImageError') return fail('unreadable', error.message);
  const {name, text} = stateOfError(error);
  return fail(name, text);
}

async function startCamera() {
  release();
  const mine = turn;
  state('starting');
  try {
    await camera.open(byId('camera').value);
    if (mine !== turn) return;
    await listCameras(byId('camera'));
    begin();
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

/** Starts looking at the video, which shows the camera or a file. */
function begin() {
  setMirror();
  showPicture();
  recognizer.reset?.();
  for (const id of ['stop', 'pause']) byId(id).disabled = false;
  if (!document.hidden) loop.start();
  byId('stop').focus({preventScroll: true});
}

async function lookAtVideo() {
  const mine = turn;
  const time = performance.now() / 1000;
  const faces = await recognizer.recognize(video, {time});
  if (mine === turn && loop.isRunning) results.show(faces, video.videoWidth, video.videoHeight, time);
}

async function openFile(file) {
  if (!recognizer) return;
  choose(kindOf(file));
  release();
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
    picture.hidden = false;
    showPicture();
    byId('stop').disabled = false;
    results.show(faces, picture.width, picture.height, null);
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

function choose(name) {
  mode = name;
  document.querySelector(`input[name="mode"][value="${name}"]`).checked = true;
  const live = name === 'camera';
  for (const id of ['mirror', 'camera-choice']) byId(id).hidden = !live;
  byId('pause').hidden = name === 'picture';
  byId('open').hidden = live;
  byId('file').accept = name === 'video' ? 'video/*' : 'image/*';
  byId('stop').textContent = live ? 'Stop' : 'Close';
}

function setMirror() {
  results.mirrored = mode === 'camera' && mirror;
  video.classList.toggle('mirrored', results.mirrored);
  results.redraw();
}

function pause(on) {
  byId('pause').setAttribute('aria-pressed', String(on));
  byId('pause').textContent = on ? 'Resume' : 'Pause';
  if (on) {
    loop.stop();
    video.pause();
  } else {
    video.play();
    loop.start();
  }
}

/** Loads the chosen model; what was running starts again when it is there. */
async function load() {
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
    rest();
  } catch (error) {
    if (mine === turn) failWith(error);
  }
}

function hide() {
  const active = camera.isOpen || video.src;
  if (!active || byId('pause').getAttribute('aria-pressed') === 'true') return;
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

document.querySelectorAll('input[name="mode"]').forEach((input) => input.addEventListener('change', () => {
  choose(input.value);
  rest();
}));
byId('stop').addEventListener('click', rest);
byId('pause').addEventListener('click', () => pause(byId('pause').getAttribute('aria-pressed') !== 'true'));
byId('mirror').addEventListener('click', () => {
  mirror = !mirror;
  byId('mirror').setAttribute('aria-pressed', String(mirror));
  setMirror();
});
byId('camera').addEventListener('change', () => camera.isOpen && startCamera());
byId('open').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', () => {
  const [file] = byId('file').files;
  byId('file').value = '';
  if (file) openFile(file);
});
for (const id of ['model', 'engine']) byId(id).addEventListener('change', load);
acceptFiles(stage, openFile);
document.addEventListener('visibilitychange', hide);
navigator.mediaDevices?.addEventListener?.('devicechange', () => listCameras(byId('camera')));
watchConnection();
choose('camera');
await load();
registerWorker();
