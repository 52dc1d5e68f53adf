/** @file The embedding example: everything comes from emotion.js. */
import {EmotionRecognizer} from '../runtime/emotion.js';

const [start, video, answer] = ['start', 'camera', 'answer'].map((id) => document.getElementById(id));
const recognizer = await EmotionRecognizer.load('models/small/manifest.json');
start.disabled = false;
answer.textContent = 'Ready.';

start.addEventListener('click', async () => {
  video.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await video.play();
  for (;;) {
    const faces = await recognizer.recognize(video, {time: performance.now() / 1000});
    answer.textContent = faces.map(({label}) => label).join(', ') || 'no face';
    await new Promise(requestAnimationFrame);
  }
});
