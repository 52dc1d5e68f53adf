import {EmotionRecognizer} from 'face-emotion-kit';

const [start, video, answer] = ['start', 'camera', 'answer'].map((id) => document.getElementById(id));
const recognizer = await EmotionRecognizer.load('face-emotion-kit/models/small/manifest.json');
start.disabled = false;

start.addEventListener('click', async () => {
  video.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await video.play();
  for (;;) {
    const faces = await recognizer.recognize(video, {time: performance.now() / 1000});
    answer.textContent = faces.map(({track, label}) => `${track} ${label}`).join(', ') || 'no face';
    await new Promise(requestAnimationFrame);
  }
});
