/** @file Pictures and videos that the user opens: read in the browser, checked, and refused in plain words. */

/** A file that cannot be used; the message is one plain sentence. */
export class UnusableFileError extends Error {}

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
