import {EmotionRecognizer} from 'face-emotion-kit';

const start = /** @type {HTMLButtonElement} */ (document.getElementById('start'));
const video = /** @type {HTMLVideoElement} */ (document.getElementById('camera'));
const answer = /** @type {HTMLElement} */ (document.getElementById('answer'));
const recognizer = await EmotionRecognizer.load('face-emotion-kit/models/small/manifest.json');
start.disabled = false;

start.addEventListener('click', () => {
  look().catch((error) => { answer.textContent = error.message; });
});

async function look() {
  video.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await video.play();
  for (;;) {
    const faces = await recognizer.recognize(video, {time: performance.now() / 1000});
    answer.textContent = faces.map(({track, label, certain}) => `${track} ${certain ? label : 'unclear'}`).join(', ') || 'no face';
    await new Promise(requestAnimationFrame);
  }
}
