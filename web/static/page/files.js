/** @file Pictures and videos that the user opens: read in the browser, checked, and refused in plain words. */

/** A file that cannot be used; the message is one plain sentence. */
export class UnusableFileError extends Error {}

/**
 * What the user opens at once.
 * @typedef {object} Given
 * @property {File[]} files
 * @property {FileSystemEntry[]} entries the same, where the browser tells folders from files; else none
 * @property {boolean} isFolder whether they are what a folder holds
 */

/** Whether that is one file, which is opened by itself. @param {Given} given */
export function isOneFile({files, entries, isFolder}) {
  return files.length === 1 && !isFolder && !entries.some((entry) => entry.isDirectory);
}

/**
 * Calls `onGiven` with what is dropped on a part of the page or pasted anywhere.
 * @param {HTMLElement} part
 * @param {(given: Given) => void} onGiven
 */
export function acceptFiles(part, onGiven) {
  /** @param {boolean} on @returns {(event: DragEvent) => void} */
  const dropping = (on) => (event) => {
    event.preventDefault();
    part.classList.toggle('dropping', on);
  };
  part.addEventListener('dragenter', dropping(true));
  part.addEventListener('dragover', dropping(true));
  part.addEventListener('dragleave', dropping(false));
  /** @param {DataTransfer | null} transfer */
  const take = (transfer) => {
    const given = transfer && givenBy(transfer);
    if (given?.files.length) onGiven(given);
  };
  part.addEventListener('drop', (event) => {
    dropping(false)(event);
    take(event.dataTransfer);
  });
  addEventListener('paste', (event) => take(event.clipboardData));
}

/** @param {DataTransfer} transfer which is empty once its event is over @returns {Given} */
function givenBy({files, items}) {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  return {files: [...files], entries: entries.length === files.length ? entries : [], isFolder: false};
}
