/** @file The camera: opening it, choosing one, and noticing that it is gone. */

/** Opens cameras into a <video>. */
export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;
  #choice = 'user';
  #wish = 0;

  /**
   * @param {HTMLVideoElement} video
   * @param {() => void} onLost told when the camera is unplugged
   */
  constructor(video, onLost) {
    this.video = video;
    this.onLost = onLost;
  }

  /** Whether a camera is open. */
  get isOpen() {
    return this.#stream !== null;
  }

  /** The id of the open camera, for opening the very same again; the choice where the browser tells no id. */
  get device() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId || this.#choice;
  }

  /** Whether the open camera looks at its user (anything that does not say otherwise does). */
  get facesUser() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';
  }

  /**
   * Opens a camera and waits for its first picture.
   * @param {string} choice 'user', 'environment' or a device's id
   * @throws {DOMException} as getUserMedia does: NotAllowedError, NotFoundError, NotReadableError, …
   */
  async open(choice) {
    this.close();
    const wish = this.#wish;
    this.#choice = choice;
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException('no camera here', 'NotFoundError');
    const which = choice === 'user' || choice === 'environment' ? {facingMode: choice} : {deviceId: {exact: choice}};
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: {...which, width: {ideal: 640}, height: {ideal: 480}, frameRate: {ideal: 30}},
    });
    if (wish !== this.#wish) {
      stream.getTracks().forEach((track) => track.stop());
      throw new DOMException('closed while it was being opened', 'AbortError');
    }
    this.#stream = stream;
    stream.getVideoTracks()[0].addEventListener('ended', () => {
      if (this.#stream !== stream) return;
      this.close();
      this.onLost();
    });
    this.video.srcObject = stream;
    await this.video.play();
  }

  /**
   * Stops the camera: its light goes off.
   * @param {boolean} [keepPicture] leave the last picture where it is
   */
  close(keepPicture = false) {
    this.#wish += 1;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    if (!keepPicture) this.video.srcObject = null;
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
  const options = [new Option('Front', 'user'), new Option('Back', 'environment')];
  options.push(...named.map(({label, deviceId}) => new Option(label, deviceId)));
  select.replaceChildren(...options);
  if (options.some(({value}) => value === chosen)) select.value = chosen;
}
