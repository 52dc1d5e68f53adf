/** @file Every state in which a card covers the stage, as it is said: what happened, and what to do. */

/**
 * Glyph, title, text, the button's label, and what that does.
 * @typedef {'start' | 'choose' | 'reload'} Act
 * @typedef {[string, string, string, string?, Act?]} Words
 */

const STATES = {
  loading: ['face', 'Getting ready', 'Loading the network. It stays on this device.'],
  ready: ['camera', 'See your expressions, live', 'The camera picture is read here in the browser and goes nowhere else.',
    'Start camera', 'start'],
  demo: ['camera', 'Faces, read here in your browser', 'Drawn people and one astronaut; the next face can be yours. The camera ' +
    'picture goes nowhere else.', 'Start camera', 'start'],
  starting: ['camera', 'Starting the camera', 'Your browser may ask for permission.'],
  refused: ['camera-off', 'The camera was refused', 'Allow the camera for this page in the address bar, then try again. ' +
    'Pictures and videos work without it.', 'Try again', 'start'],
  nocamera: ['camera-off', 'No camera found', 'Connect one and try again, or open a picture or a video.', 'Try again', 'start'],
  busy: ['camera-off', 'The camera is busy', 'Another program may be using it. Close that program and try again.', 'Try again', 'start'],
  gone: ['camera-off', 'That camera is not connected', 'Connect it and try again, or choose another one.', 'Try again', 'start'],
  nopicture: ['camera-off', 'The camera does not start', 'This page may use it, but it gives no picture. Reconnect it, or ' +
    'choose another one.', 'Try again', 'start'],
  unplugged: ['camera-off', 'The camera was disconnected', 'Connect it again or choose another one.', 'Start again', 'start'],
  hidden: ['pause', 'Paused while out of sight', 'The camera rests until this tab is in front again.'],
  picture: ['picture', 'Open a picture', 'Choose, drop or paste one, several or a folder, or try a sample.', 'Choose a picture', 'choose'],
  video: ['picture', 'Open a video', 'Choose or drop a video file. It is not uploaded.', 'Choose a video', 'choose'],
  opening: ['picture', 'Opening the video', 'It stays on this device.'],
  reading: ['picture', 'Reading the picture', 'Small and turned faces are looked for as well. It stays on this device.'],
  unreadable: ['warning', 'That cannot be shown', '', 'Choose another', 'choose'],
  damaged: ['warning', 'The model file is damaged', 'It is not the file that its manifest names, so it is not used. ' +
    'Reload to fetch it again.', 'Reload', 'reload'],
  missing: ['warning', 'The model file is missing', 'The server did not send it. Reload, or choose another model.', 'Reload', 'reload'],
  offline: ['warning', 'You are offline', 'This model or engine was not loaded before. Connect once, then it works offline.',
    'Reload', 'reload'],
  simd: ['warning', 'This browser is too old', 'It has no WebAssembly SIMD, which the network needs. ' +
    'Firefox 89, Chrome 91, Safari 16.4 and anything newer have it.'],
  insecure: ['warning', 'This address is not secure', 'Over plain HTTP from another machine, browsers withhold the camera ' +
    'and the checks on model files. Open the page through https:// or from localhost.'],
  failed: ['warning', 'Something went wrong', '', 'Reload', 'reload'],
};

/** @typedef {keyof typeof STATES} StateName */

/**
 * What a state says.
 * @param {StateName} name
 */
export function wordsOf(name) {
  const [glyph, title, text, label, act] = /** @type {Words} */ (STATES[name]);
  return {glyph, title, text, label, act};
}
