/** @file The page's start: gathers its elements, makes its parts, and connects what the user does with the session. */
import {Announcer} from './announcer.js';
import {CameraSource, listCameras} from './camera.js';
import {showSize, sizeWanted} from './camera_size.js';
import {Card} from './card.js';
import {ClipSource, welcomesClip} from './clip_source.js';
import {CompareButton} from './compare_button.js';
import {Controls} from './controls.js';
import {gatherElements} from './elements.js';
import {acceptFiles, isOneFile} from './files.js';
import {offerFullScreen} from './full_screen.js';
import {Loader} from './loader.js';
import {Looker} from './looker.js';
import {Mirror} from './mirror.js';
import {ModelPanel} from './model_panel.js';
import {Models} from './models.js';
import {Neutral} from './neutral.js';
import {NeutralPanel} from './neutral_panel.js';
import {registerWorker, watchConnection} from './offline.js';
import {PictureSource} from './picture_source.js';
import {Results} from './results.js';
import {fillSamples} from './samples.js';
import {Session} from './session.js';
import {Sharing} from './sharing.js';
import {sizeOf, sourceOf} from './sources.js';
import {VideoDoor} from './video_door.js';
import {VideoSource} from './video_source.js';
import {View} from './view.js';
import {spoken} from './words/start.js';
import {t} from './words/words.js';

await spoken;
const elements = gatherElements();
const {video, picture, camera, resolution, file, folder, stop, samples} = elements;
/** @type {HTMLInputElement[]} */
const modes = [...document.querySelectorAll('input[name="mode"]')].filter((input) => input instanceof HTMLInputElement);

const startCamera = () => session.send({type: 'open', source: new CameraSource(video, camera.value, sizeWanted(resolution.value), {
  onOpen: () => {
    void listCameras(camera); // their names are told now
    showSize(elements['camera-size'], resolution.value, sizeOf(video), (sentence) => announcer.say(sentence));
  },
  onLost: () => session.send({type: 'fail', failure: {name: 'unplugged'}}),
})});
/** @param {Blob} opened */
const openFile = (opened) => session.send({type: 'open', source: sourceOf(opened, elements)});
/** @param {import('./files.js').Given} given */
const openGiven = (given) => {
  if (isOneFile(given)) return openFile(given.files[0]);
  return void import('./batch/gather.js')
    .then(({gather}) => gather(given, {elements, announcer, openFile, send: (event) => session.send(event)}))
    .catch(() => session.send({type: 'fail', failure: {name: 'failed', text: t('batch.missing')}}));
};
const chooseFile = () => file.click();

const announcer = new Announcer(elements.announcer);
const results = new Results(elements, announcer);
const card = new Card(elements, {start: startCamera, choose: chooseFile, reload: () => location.reload()});
const neutralPanel = new NeutralPanel(elements, [elements['card-action'], stop]);
const neutral = new Neutral(neutralPanel, announcer, (error) => session.fail(error));
const models = new Models(elements.model, elements.engine);
const panel = new ModelPanel(elements, announcer, (choice) => {
  models.choose(choice);
  void loader.load();
});
const loader = new Loader({models, panel, onProgress: (share) => card.progress(share), send: (event) => session.send(event)});
const view = new View({
  card, announcer, input: elements.input, controls: new Controls(elements, modes),
  offerSamples: (mode) => fillSamples(samples, mode, (fetchSample) => session.send({
    type: 'open', source: mode === 'video' ? new VideoSource(video, fetchSample) : new PictureSource(picture, fetchSample),
  })),
  focusable: [elements['card-action'], stop, ...modes],
});
const sharing = new Sharing(elements, results, announcer, (event) => session.send(event));
const session = new Session({
  door: new VideoDoor(elements, announcer, (event) => session.send(event)),
  sharing,
  view, card, results, neutral, loader, mirror: new Mirror(elements.mirror, video, results), looker: new Looker(results, neutral),
});

new CompareButton(elements, {session, results, loader, models, neutral});
for (const input of modes) {
  const mode = /** @type {import('./sources.js').Mode} */ (input.value);
  input.addEventListener('change', () => session.send({type: 'choose', mode}));
}
stop.addEventListener('click', () => session.send({type: 'stop'}));
elements.pause.addEventListener('click', () => session.send({type: 'pause'}));
elements.snapshot.addEventListener('click', () => void sharing.snapshot(session.run));
elements.record.addEventListener('click', () => session.send({type: 'record', on: !session.run.recording}));
offerFullScreen(elements['full-screen'], elements.input, /** @type {HTMLElement} */ (elements.faces.closest('section')));
for (const choice of [camera, resolution]) {
  choice.addEventListener('change', () => {
    if (session.run.source?.isDevice) startCamera();
  });
}
elements.open.addEventListener('click', chooseFile);
elements['open-folder'].addEventListener('click', () => folder.click());
for (const input of [file, folder]) {
  input.addEventListener('change', () => {
    const files = [...input.files ?? []];
    input.value = '';
    if (files.length > 0 || input === folder) openGiven({files, entries: [], isFolder: input === folder});
  });
}
for (const choice of [elements.model, elements.engine]) choice.addEventListener('change', () => void loader.load());
acceptFiles(elements.input, openGiven);
document.addEventListener('visibilitychange', () => session.send({type: document.hidden ? 'hide' : 'show'}));
navigator.mediaDevices?.addEventListener?.('devicechange', () => void listCameras(camera));
watchConnection(elements.notices, elements.model);
view.show(session.run);
if (document.hidden) session.send({type: 'hide'});
await loader.load();
for (const link of document.querySelectorAll('.languages a')) {
  link.addEventListener('click', (event) => {
    const {source, batch, recording} = session.run;
    if (((source && !source.isDemo) || batch || recording) && !confirm(t('language.loses'))) event.preventDefault();
  });
}
const {mode, source, phase} = session.run;
if (mode === 'camera' && !source && phase === 'resting' && welcomesClip()) {
  session.send({type: 'open', source: new ClipSource(video)});
}
await registerWorker(elements.notices);
