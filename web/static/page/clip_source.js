/**
 * @file The clip that the page opens on: a source that nobody asked for. So it is not kept, and where it cannot be shown the page
 * says what it says without it.
 */
import {UnusableFileError} from './files.js';
import {VideoSource} from './video_source.js';
import {t} from './words/words.js';

/** Whether somebody who comes may be shown something that moves, and that takes some of the connection. */
export function welcomesClip() {
  const {connection} = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  return !matchMedia('(prefers-reduced-motion: reduce)').matches && !connection?.saveData;
}

/** The page's own clip, which goes round. */
export class ClipSource extends VideoSource {
  mode = /** @type {import('./sources.js').Mode} */ ('camera');
  isDemo = true;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super(video, fetchClip);
  }

  /**
   * @param {AbortSignal} signal
   * @throws {UnusableFileError} without a connection, and where the browser cannot play it
   */
  async open(signal) {
    this.surface.loop = true;
    await super.open(signal);
  }

  close() {
    super.close();
    this.surface.loop = false;
  }
}

/** @param {AbortSignal} signal */
async function fetchClip(signal) {
  const response = await fetch(new URL('../samples/clip.webm', import.meta.url), {signal});
  if (!response.ok) throw new UnusableFileError(t('sample.offline'));
  return response.blob();
}
