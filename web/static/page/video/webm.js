/** @file Whether a WebM file says how long it is: what was recorded as it came does not, whatever players make of it. */

const EBML = [0x1a, 0x45, 0xdf, 0xa3];
const DURATION = [0x44, 0x89];
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];
const HEAD = 65_536; // bytes: all that comes before the first pictures

/**
 * Whether such a file's length is only known from its last frame, and is where that one begins.
 * @param {Blob} file
 */
export async function isOpenEnded(file) {
  const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (placeOf(EBML, bytes) !== 0) return false;
  const [length, first] = [placeOf(DURATION, bytes), placeOf(CLUSTER, bytes)];
  return first >= 0 && (length < 0 || length > first);
}

/** @param {number[]} name of an element @param {Uint8Array} bytes */
function placeOf(name, bytes) {
  return bytes.findIndex((_, place) => name.every((byte, index) => bytes[place + index] === byte));
}
