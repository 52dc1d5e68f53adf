/**
 * @file What a model's files say of themselves: the class names that its makers put into them. Twin of face_emotion/carried.py.
 *
 * A .tflite file has them as an associated file of its TFLite Metadata, in a zip archive behind the network; a TF.js model
 * under "userDefinedMetadata", beside the sha256 of the file that it was made from. Files of format 1 may say nothing.
 */
import {ModelDamagedError} from './errors.js';

const LABELS_FILE = 'labels.txt';
const MOST_BYTES = 64 * 1024; // of a list of names
const END = 0x06054b50, END_BYTES = 22, ENTRY = 0x02014b50, ENTRY_BYTES = 46, LOCAL_BYTES = 30;
const STORED = 0, DEFLATED = 8;

/**
 * Compares the class names in a classifier's files with the contract's.
 * @param {Map<string, Uint8Array<ArrayBuffer>>} files of the artifact that is loaded: their sha256 is the manifest's
 * @param {any} manifest
 * @param {import('./contract.js').Contract} contract
 * @param {string} where what messages call the manifest
 * @throws {ModelDamagedError} if they are others, or in another order, or the network was made from another file
 */
export async function checkCarried(files, manifest, {labels}, where) {
  for (const [file, bytes] of files) {
    const name = file.split('/').pop();
    const about = name === 'model.json' ? metadataOf(bytes) : {};
    const carried = name?.endsWith('.tflite') ? await labelsOf(bytes) : about.labels;
    if (Array.isArray(carried) && JSON.stringify(carried) !== JSON.stringify(labels)) {
      throw new ModelDamagedError(
        `${where}: contract.labels: ${labels.join(', ')} where ${file} has ${carried.join(', ')}; use its own manifest.`);
    }
    const own = manifest.artifacts?.int8?.files?.[0]?.sha256;
    if (own && about.source === 'int8.tflite' && about.source_sha256 !== own) {
      throw new ModelDamagedError(`${where}: ${file} was made from another int8.tflite than the one that it names.`);
    }
  }
}

/** @param {Uint8Array} bytes of a model.json @returns {{labels?: unknown, source?: unknown, source_sha256?: unknown}} */
function metadataOf(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)).userDefinedMetadata ?? {};
  } catch {
    return {}; // no JSON, or null: the engine refuses it
  }
}

/**
 * The class names behind a .tflite file's network, in the order of its outputs.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string[] | undefined>} undefined where it has none, or the browser cannot unpack them
 */
async function labelsOf(bytes) {
  const packed = entryOf(bytes, LABELS_FILE);
  if (!packed) return undefined;
  if (packed.method === STORED) return linesOf(packed.content);
  if (packed.method !== DEFLATED || typeof DecompressionStream === 'undefined') return undefined;
  try {
    const stream = new Blob([packed.content]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return linesOf(new Uint8Array(await new Response(stream).arrayBuffer()));
  } catch {
    throw new ModelDamagedError(`The network's ${LABELS_FILE} is damaged; take a released model.`);
  }
}

/** @param {Uint8Array} content */
const linesOf = (content) => new TextDecoder().decode(content).replace(/\n$/, '').split('\n');

/**
 * A file of a zip archive that stands at the end of `bytes`, as it is packed.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {string} wanted
 */
function entryOf(bytes, wanted) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END) return undefined;
  const directory = view.getUint32(end + 12, true);
  let place = end - directory;
  const offset = place - view.getUint32(end + 16, true); // of the archive, if its addresses do not count from the start
  while (place >= 0 && place + ENTRY_BYTES <= end && view.getUint32(place, true) === ENTRY) {
    const [packed, unpacked] = [view.getUint32(place + 20, true), view.getUint32(place + 24, true)];
    const [name, extra, comment] = [28, 30, 32].map((at) => view.getUint16(place + at, true));
    const isWanted = new TextDecoder().decode(bytes.subarray(place + ENTRY_BYTES, place + ENTRY_BYTES + name)) === wanted;
    if (isWanted && unpacked <= MOST_BYTES) {
      const local = view.getUint32(place + 42, true) + offset;
      if (local < 0 || local + LOCAL_BYTES > end) return undefined;
      const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      return {method: view.getUint16(place + 10, true), content: bytes.slice(start, start + packed)};
    }
    place += ENTRY_BYTES + name + extra + comment;
  }
  return undefined;
}
