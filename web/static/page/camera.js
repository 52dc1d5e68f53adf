/** @file The camera as a source, noticing that it is gone, and the list of cameras. */
import {failureOfCamera} from './failures.js';
import {t} from './words/words.js';

/** A camera; its light is off whenever it is closed. @implements {Source} */
export class CameraSource {
  mode = /** @type {const} */ ('camera');
  isStill = false;
  isDevice = true;
  isDemo = false;
  /** @type {import('./sources.js').Seen | null} */
  seen = null;
  /** @type {MediaStream | null} */
  #stream = null;
  #choice;

  /** @typedef {import('./sources.js').Source} Source */

  /**
   * @param {HTMLVideoElement} video
   * @param {string} choice 'user', 'environment' or a device's id
   * @param {{width: number, height: number}} size that is wished for
   * @param {{onOpen: () => void, onLost: () => void}} events onLost: it was unplugged while it was open
   */
  constructor(video, choice, size, events) {
    this.surface = video;
    this.#choice = choice;
    this.size = size;
    this.events = events;
  }

  /** Whether it looks at its user (anything that does not say otherwise does). */
  get facesUser() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';
  }

  /**
   * Opens the camera, after the first time the very same one again.
   * @param {AbortSignal} signal
   * @throws {DOMException} as getUserMedia does: NotAllowedError, NotFoundError, NotReadableError, …
   */
  async open(signal) {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException('no camera here', 'NotFoundError');
    const which = this.#isNamed ? {deviceId: {exact: this.#choice}} : {facingMode: this.#choice};
    const {width, height} = this.size;
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: {...which, width: {ideal: width}, height: {ideal: height}, frameRate: {ideal: 30}},
    });
    if (signal.aborted) return stream.getTracks().forEach((track) => track.stop());
    this.#stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => {
      if (this.#stream === stream) this.events.onLost();
    });
    this.surface.srcObject = stream;
    await this.surface.play();
    if (signal.aborted) return undefined;
    this.#choice = track.getSettings().deviceId || this.#choice;
    return this.events.onOpen();
  }

  /** @param {boolean} keepPicture leave the last picture where it is */
  close(keepPicture) {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    if (!keepPicture) this.surface.srcObject = null;
  }

  show() {}

  async play() {
    await this.surface.play().catch((error) => { if (error.name !== 'AbortError') throw error; });
  }

  pause() {
    this.surface.pause();
  }

  resume() {}

  /** @param {unknown} error */
  failureOf(error) {
    return failureOfCamera(error, this.#isNamed);
  }

  get #isNamed() {
    return this.#choice !== 'user' && this.#choice !== 'environment';
  }
}

/**
 * Lists the cameras in a <select>: by name once permission was given, before as front and back.
 * @param {HTMLSelectElement} select
 */
export async function listCameras(select) {
  // A browser that refuses the list leaves the choice as it is.
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const named = devices.filter(({kind, label}) => kind === 'videoinput' && label);
  if (named.length === 0) return;
  const chosen = select.value;
  const options = [new Option(t('control.front'), 'user'), new Option(t('control.back'), 'environment')];
  options.push(...named.map(({label, deviceId}) => new Option(label, deviceId)));
  select.replaceChildren(...options);
  if (options.some(({value}) => value === chosen)) select.value = chosen;
}
