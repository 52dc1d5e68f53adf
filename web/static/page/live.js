/** @file The live picture, a camera or a video file: looked at frame by frame, paused, mirrored, resting while hidden. */
import {bitmapOf} from '../runtime/video.js';
import {Camera, listCameras} from './camera.js';
import {showPaused} from './controls.js';
import {byId} from './elements.js';
import {closeVideo, openVideo} from './files.js';
import {FrameLoop} from './loop.js';
import {shapeStage, showPicture} from './states.js';

/** What a <video> shows, and what a recognizer makes of it. */
export class Live {
  #mirror = true;
  #paused = false;
  #begun = false; // whether there has been a picture of this camera or file
  /** @type {string | null} */
  #wanted = null; // the camera in use, also while it is closed because nobody can see the page
  #turn = 0; // counts starts and stops, so that a late answer to an earlier one is dropped

  /**
   * @param {HTMLVideoElement} video
   * @param {import('./results.js').Results} results
   * @param {import('./neutral.js').Neutral} neutral
   * @param {object} events
   * @param {(name: 'starting' | 'hidden', options?: {text?: string}) => void} events.onState
   * @param {() => void} events.onBegin the first picture is there
   * @param {() => void} events.onLost the camera was unplugged
   * @param {(error: unknown) => void} events.onError looking at the picture failed
   * @param {(error: unknown) => void} events.onCameraError the camera was refused
   */
  constructor(video, results, neutral, events) {
    this.video = video;
    this.results = results;
    this.neutral = neutral;
    this.events = events;
    /** @type {import('../runtime/emotion.js').EmotionRecognizer | null} */
    this.recognizer = null;
    this.camera = new Camera(video, events.onLost);
    this.loop = new FrameLoop(video, () => this.#look(), events.onError);
  }

  /** Whether a camera is in use, also one that rests. */
  get usesCamera() {
    return this.#wanted !== null;
  }

  /**
   * Opens a camera and starts looking.
   * @param {string} choice 'user', 'environment' or a device's id
   */
  startCamera(choice) {
    this.#wanted = choice;
    this.#openCamera(choice).catch(this.events.onError);
  }

  /**
   * Opens a video file and starts looking.
   * @param {Blob} file
   * @throws {import('./files.js').UnusableFileError}
   */
  async startFile(file) {
    const mine = ++this.#turn;
    await openVideo(file, this.video);
    if (mine === this.#turn) this.#goOn();
  }

  /** Lets go of camera and file. */
  stop() {
    this.#turn += 1;
    this.#wanted = null;
    this.#begun = this.#paused = false;
    showPaused(false);
    this.loop.stop();
    this.neutral.drop('The camera or video ended');
    this.neutral.look(false);
    this.camera.close();
    closeVideo(this.video);
  }

  /** Pauses or resumes, or the other of the two if `on` is not given. */
  pause(on = !this.#paused) {
    this.#paused = on;
    showPaused(on);
    if (on) this.#halt();
    else this.#goOn();
  }

  /** Turns the mirror of the camera's picture on or off, or over if `on` is not given. */
  turnMirror(on = !this.#mirror) {
    this.#mirror = on;
    byId('mirror').setAttribute('aria-pressed', String(on));
    this.showMirror();
  }

  /** Mirrors what is shown: the camera, never a file. */
  showMirror() {
    this.results.mirrored = this.usesCamera && this.#mirror;
    this.video.classList.toggle('mirrored', this.results.mirrored);
    this.results.redraw();
  }

  /** Rests while the tab is hidden: no picture is looked at, and the camera's light goes off. */
  hide() {
    if (!this.usesCamera && !this.#begun) return;
    if (document.hidden) this.#rest();
    else if (!this.#paused) this.#goOn();
  }

  #rest() {
    this.#halt();
    if (this.usesCamera) {
      this.#turn += 1;
      if (this.camera.isOpen) this.#wanted = this.camera.device;
      this.camera.close(this.#paused);
    }
    if (this.#paused) return;
    this.results.clear();
    this.events.onState('hidden', this.usesCamera ? {} : {text: 'The video waits until this tab is in front again.'});
  }

  #halt() {
    this.loop.stop();
    this.neutral.look(false);
    this.video.pause();
  }

  /** Looks at the video; after a rest, tracks, chart, mirror and device are those of before. */
  #goOn() {
    if (this.#wanted !== null && !this.camera.isOpen) return this.startCamera(this.#wanted);
    if (!this.#begun) this.#begin();
    if (document.hidden) return this.#rest();
    showPicture();
    if (this.#paused) return this.video.pause();
    // AbortError: paused again before it began.
    this.video.play().catch((error) => { if (error.name !== 'AbortError') this.events.onError(error); });
    this.neutral.look(true);
    return this.loop.start();
  }

  /** @param {string} choice */
  async #openCamera(choice) {
    const mine = ++this.#turn;
    this.events.onState('starting');
    try {
      await this.camera.open(choice);
    } catch (error) {
      if (mine === this.#turn) this.events.onCameraError(error);
      return;
    }
    if (mine !== this.#turn) return;
    if (!this.#begun) this.#mirror = this.camera.facesUser;
    this.#goOn();
    await listCameras(byId('camera')); // their names are told now
  }

  #begin() {
    this.#begun = true;
    this.turnMirror(this.#mirror);
    shapeStage(this.video.videoWidth, this.video.videoHeight);
    this.recognizer?.reset().catch(() => {}); // what ended the worker fails the first frame too
    this.events.onBegin();
  }

  async #look() {
    if (!this.recognizer) return;
    const mine = this.#turn;
    const time = performance.now() / 1000;
    const frame = this.neutral.isLearning ? await bitmapOf(this.video) : null;
    const faces = await this.recognizer.recognize(frame ?? this.video, {time, baseline: this.neutral.baselines});
    if (mine !== this.#turn || !this.loop.isRunning) return frame?.close();
    this.results.show(faces, this.video.videoWidth, this.video.videoHeight, time);
    return this.neutral.see(faces, time, frame);
  }
}
