/** @file The page's start: connects controls and events with what they do. */
import {listCameras} from './camera.js';
import {acceptFiles} from './files.js';
import {registerWorker, watchConnection} from './offline.js';
import {changeCamera, choose, live, load, openFile, rest} from './session.js';

const byId = (id) => document.getElementById(id);

document.querySelectorAll('input[name="mode"]').forEach((input) => input.addEventListener('change', () => {
  choose(input.value);
  rest();
}));
byId('stop').addEventListener('click', rest);
byId('pause').addEventListener('click', () => live.pause());
byId('mirror').addEventListener('click', () => live.turnMirror());
byId('camera').addEventListener('change', changeCamera);
byId('open').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', () => {
  const [file] = byId('file').files;
  byId('file').value = '';
  if (file) openFile(file);
});
for (const id of ['model', 'engine']) byId(id).addEventListener('change', load);
acceptFiles(byId('stage'), openFile);
document.addEventListener('visibilitychange', () => live.hide());
navigator.mediaDevices?.addEventListener?.('devicechange', () => listCameras(byId('camera')));
watchConnection();
choose('camera');
await load();
registerWorker();
