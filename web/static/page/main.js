/** @file The page's start: connects controls and events with what they do. */
import {listCameras} from './camera.js';
import {modeInputs} from './controls.js';
import {byId} from './elements.js';
import {acceptFiles} from './files.js';
import {registerWorker, watchConnection} from './offline.js';
import {changeCamera, choose, live, load, openFile, rest} from './session.js';

modeInputs().forEach((input) => input.addEventListener('change', () => {
  choose(/** @type {import('./controls.js').Mode} */ (input.value));
  rest();
}));
byId('stop').addEventListener('click', rest);
byId('pause').addEventListener('click', () => live.pause());
byId('mirror').addEventListener('click', () => live.turnMirror());
byId('camera').addEventListener('change', changeCamera);
byId('open').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', () => {
  const [file] = byId('file').files ?? [];
  byId('file').value = '';
  if (file) openFile(file);
});
for (const choice of [byId('model'), byId('engine')]) choice.addEventListener('change', () => void load());
acceptFiles(byId('stage'), openFile);
document.addEventListener('visibilitychange', () => live.hide());
navigator.mediaDevices?.addEventListener?.('devicechange', () => void listCameras(byId('camera')));
watchConnection();
choose('camera');
await load();
await registerWorker();
