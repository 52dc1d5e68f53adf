/** @file Pictures and videos that the user opens: read in the browser, checked, and refused in plain words. */

/** A file that cannot be used; the message is one plain sentence. */
export class UnusableFileError extends Error {}

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
    // A file with sound only, or with pictures of a form unknown here beside it, has metadata but never a picture.
    video.onloadedmetadata = () => {
      if (video.videoWidth === 0) reject(new UnusableFileError('The file has only sound, or pictures that this browser cannot show.'));
    };
  });
  // AbortError: so short that it has ended, or was paused, before it began; its picture is there all the same.
  await video.play().catch((error) => { if (error.name !== 'AbortError') throw error; });
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
