/** @file The embedding example: everything comes from emotion.js. */
import {EmotionRecognizer, NoFrameError} from '../runtime/emotion.js';

const start = /** @type {HTMLButtonElement} */ (document.getElementById('start'));
const video = /** @type {HTMLVideoElement} */ (document.getElementById('camera'));
const answer = /** @type {HTMLElement} */ (document.getElementById('answer'));
const recognizer = await EmotionRecognizer.load('models/small/manifest.json');
start.disabled = false;
answer.textContent = 'Ready.';

start.addEventListener('click', () => {
  look().catch((error) => { answer.textContent = error.message; });
});

async function look() {
  video.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await video.play();
  for (;;) {
    try {
      const faces = await recognizer.recognize(video, {time: performance.now() / 1000});
      answer.textContent = faces.map(({label, certain}) => (certain ? label : 'unclear')).join(', ') || 'no face';
    } catch (error) {
      if (!(error instanceof NoFrameError)) throw error; // a video that begins or buffers: there will be a frame
    }
    await new Promise(requestAnimationFrame);
  }
}
