/** @file Pictures and videos that the user opens: read in the browser, checked, and refused in plain words. */
import {contextOf} from './elements.js';

const LONGEST = 1600; // pixels a side that a picture is drawn with; more shows no face better

/** A file that cannot be used; the message is one plain sentence. */
export class UnusableFileError extends Error {}

/**
 * Draws a picture, upright (EXIF) and at most LONGEST pixels a side.
 * @param {Blob} file anything the browser decodes: of an animation the first frame
 * @param {HTMLCanvasElement} canvas
 * @throws {UnusableFileError}
 */
export async function drawPicture(file, canvas) {
  if (file.size === 0) throw new UnusableFileError('The file is empty.');
  if (await isVector(file)) throw new UnusableFileError('SVG drawings are not read: open a photograph (JPEG, PNG, WebP).');
  const url = URL.createObjectURL(file);
  try {
    const image = await loadImage(url);
    const {naturalWidth: width, naturalHeight: height} = image;
    if (width < 16 || height < 16) {
      throw new UnusableFileError(`The picture has only ${width} × ${height} pixels: too few for a face.`);
    }
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = contextOf(canvas, {willReadFrequently: true});
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Opens a video file into a <video> and starts it.
 * @param {Blob} file
 * @param {HTMLVideoElement} video
 * @throws {UnusableFileError}
 */
export async function openVideo(file, video) {
  if (file.size === 0) throw new UnusableFileError('The file is empty.');
  closeVideo(video);
  video.src = URL.createObjectURL(file);
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new UnusableFileError('This browser cannot play that file as a video.'));
    // A file with sound only has metadata but never a picture.
    video.onloadedmetadata = () => {
      if (video.videoWidth === 0) reject(new UnusableFileError('The file has no video track, only sound.'));
    };
  });
  await video.play();
}

/**
 * Ends a video file and frees it.
 * @param {HTMLVideoElement} video
 */
export function closeVideo(video) {
  video.onloadeddata = video.onerror = video.onloadedmetadata = null;
  if (video.src) URL.revokeObjectURL(video.src);
  video.removeAttribute('src');
  video.load();
}

/**
 * Tells what a file is opened as.
 * @param {Blob} file
 * @returns {'video' | 'picture'}
 */
export function kindOf(file) {
  return /^(video|audio)\//.test(file.type) ? 'video' : 'picture';
}

/**
 * Calls `onFile` with what is dropped on the stage or pasted anywhere.
 * @param {HTMLElement} stage
 * @param {(file: File) => void} onFile
 */
export function acceptFiles(stage, onFile) {
  /** @param {boolean} on @returns {(event: DragEvent) => void} */
  const dropping = (on) => (event) => {
    event.preventDefault();
    stage.classList.toggle('dropping', on);
  };
  stage.addEventListener('dragenter', dropping(true));
  stage.addEventListener('dragover', dropping(true));
  stage.addEventListener('dragleave', dropping(false));
  stage.addEventListener('drop', (event) => {
    dropping(false)(event);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) onFile(file);
  });
  addEventListener('paste', (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) onFile(file);
  });
}

/** @param {string} url @returns {Promise<HTMLImageElement>} */
function loadImage(url) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new UnusableFileError('That is not a picture that this browser can read.'));
    image.src = url;
  });
}

/** @param {Blob} file */
async function isVector(file) {
  if (file.type === 'image/svg+xml') return true;
  return /<svg[\s>]/i.test(await file.slice(0, 2048).text());
}
