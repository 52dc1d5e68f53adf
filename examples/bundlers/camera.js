import {NoFrameError} from 'face-emotion-kit';

/** @typedef {import('face-emotion-kit').EmotionRecognizer} EmotionRecognizer */
const start = /** @type {HTMLButtonElement} */ (document.getElementById('start'));
const video = /** @type {HTMLVideoElement} */ (document.getElementById('camera'));
const answer = /** @type {HTMLElement} */ (document.getElementById('answer'));

/**
 * What the apps of this folder have in common: the faces before the camera, in words.
 * @param {(options?: {engine?: 'tfjs' | 'litert'}) => Promise<EmotionRecognizer>} load
 */
export async function run(load) {
  const recognizer = await load();
  start.disabled = false;
  start.addEventListener('click', () => {
    look(recognizer).catch((error) => { answer.textContent = error.message; });
  });
}

/** @param {EmotionRecognizer} recognizer */
async function look(recognizer) {
  video.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await video.play();
  for (;;) {
    try {
      const faces = await recognizer.recognize(video, {time: performance.now() / 1000});
      answer.textContent = faces.map(({track, label, certain}) => `${track} ${certain ? label : 'unclear'}`).join(', ') || 'no face';
    } catch (error) {
      if (!(error instanceof NoFrameError)) throw error; // a video that begins or buffers: there will be a frame
    }
    await new Promise(requestAnimationFrame);
  }
}
