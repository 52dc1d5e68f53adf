/**
 * @file What can be looked at. A new kind of source is a module with a class like those here, and an entry in KINDS if it
 * comes from a file; a new mode is an entry in MODES and a radio button.
 */
import {PictureSource} from './picture_source.js';
import {VideoSource} from './video_source.js';

/** @typedef {'camera' | 'picture' | 'video'} Mode */

/**
 * What the page looks at. It can be opened again after it was closed.
 * @typedef {object} Source
 * @property {Mode} mode
 * @property {boolean} isStill read once, instead of frame by frame
 * @property {boolean} isDevice closed whenever nobody looks: while the page is hidden, and while it is paused
 * @property {boolean} isDemo nobody asked for it: it makes place for the mode's card, and its failure is nobody's concern
 * @property {boolean} facesUser once it is open: whether it is shown mirrored to begin with
 * @property {HTMLVideoElement | HTMLCanvasElement} surface where it is shown, and what the recognizer is given
 * @property {Seen | null} seen what was last seen in it
 * @property {() => Promise<HTMLCanvasElement>} [full] the picture in its own size, where the surface has a smaller one
 * @property {Batch} [batch] of pictures, if it is one of them
 * @property {(signal: AbortSignal) => Promise<void>} open gets its first picture onto the surface
 * @property {(keepPicture: boolean) => void} close at once; keepPicture: the last picture stays where it is
 * @property {() => void} show brings the surface into view, once it is open
 * @property {() => Promise<void>} play
 * @property {() => void} pause
 * @property {() => void} resume once the user wants it to go on
 * @property {(time: number, signal: AbortSignal) => Promise<boolean>} [seek] goes to another place in it, given in seconds; false:
 *   its picture is not to be had
 * @property {(error: unknown) => import('./run.js').Failure} failureOf what its errors mean
 */

/**
 * Faces, and which recognizer saw them in a frame of which size.
 * @typedef {object} Seen
 * @property {import('../runtime/emotion.js').Faces} faces
 * @property {number} width
 * @property {number} height
 * @property {import('../runtime/emotion.js').EmotionRecognizer} by
 */

/**
 * Pictures that are read one after the other, and shown side by side.
 * @typedef {object} Batch
 * @property {(recognizer: import('../runtime/emotion.js').EmotionRecognizer, signal: AbortSignal) => Promise<void>} read
 *   those that this recognizer has not read
 * @property {(run: import('./run.js').Run) => void} follow shows what of it belongs to a run
 * @property {() => void} close for good
 */

/**
 * @typedef {object} ModeEntry
 * @property {import('./states.js').StateName} rest the card that it begins with
 * @property {import('./words/words.js').Key} close what its end is called
 * @property {boolean} pauses whether it can be paused
 * @property {boolean} chooses whether there are cameras to choose from, and a mirror
 * @property {boolean} samples whether there are samples
 * @property {boolean} batches whether several files, or a folder, can be opened at once
 * @property {string} accept which files are asked for; '' for none
 */

/** @type {Record<Mode, ModeEntry>} */
export const MODES = {
  camera: {rest: 'ready', close: 'control.stop', pauses: true, chooses: true, samples: false, batches: false, accept: ''},
  picture: {rest: 'picture', close: 'control.close', pauses: false, chooses: false, samples: true, batches: true, accept: 'image/*'},
  video: {rest: 'video', close: 'control.close', pauses: true, chooses: false, samples: true, batches: false, accept: 'video/*'},
};

/** @typedef {Pick<import('./elements.js').Elements, 'video' | 'picture'>} Surfaces */

/** By the type that a file states: the first that fits. @type {[RegExp, (file: Blob, on: Surfaces) => Source][]} */
const KINDS = [
  [/^(video|audio)\//, (file, {video}) => new VideoSource(video, file)],
  [/^/, (file, {picture}) => new PictureSource(picture, file)],
];

/**
 * What a file is opened as.
 * @param {Blob} file
 * @param {Surfaces} surfaces
 * @returns {Source}
 */
export function sourceOf(file, surfaces) {
  const [, make] = /** @type {typeof KINDS[0]} */ (KINDS.find(([type]) => type.test(file.type)));
  return make(file, surfaces);
}

/**
 * The size of what a surface shows.
 * @param {HTMLVideoElement | HTMLCanvasElement} surface
 */
export function sizeOf(surface) {
  return surface instanceof HTMLVideoElement ? {width: surface.videoWidth, height: surface.videoHeight} :
    {width: surface.width, height: surface.height};
}
