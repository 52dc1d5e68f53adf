/**
 * @file The squares in which a picture is searched at full size. Twin of face_emotion/parts.py.
 */
import {partPlace} from './letterbox.js';

const SHRINK = 0.9; // of the picture, until its parts are few enough
const ENLARGE = 1.25; // times farSize: below that the parts show no more than the look at the whole

/**
 * Where a picture lies in each of the squares that show it at full size, row by row.
 *
 * Its longer side has max(width, height) pixels there; less than fineSide are enlarged up to it, at most twice. Where
 * more than mostParts squares would be needed it is shrunk by a tenth until they are enough. None where the longer side
 * is less than 1.25 of farSize.
 * @param {number} width of the picture in pixels
 * @param {number} height
 * @param {import('./yunet.js').YuNetSettings} settings
 * @returns {import('./geometry.js').Letterbox[]}
 */
export function partsOf(width, height, settings) {
  const {far: {fineSide, mostParts}, farSize} = settings;
  const side = Math.max(width, height);
  let longer = Math.max(side, Math.min(2 * side, fineSide));
  for (;;) {
    const rows = startsOf(height, side, longer, settings);
    const columns = startsOf(width, side, longer, settings);
    if (rows.length * columns.length > mostParts && longer > farSize) {
      longer = Math.floor(longer * SHRINK);
      continue;
    }
    if (longer < ENLARGE * farSize) return [];
    return rows.flatMap((top) => columns.map((left) => partPlace(width, height, longer, left, top)));
  }
}

/**
 * Where the squares begin along one side: evenly, overlapping by at least `overlap` pixels.
 * @param {number} length @param {number} side @param {number} longer
 * @param {import('./yunet.js').YuNetSettings} settings
 */
function startsOf(length, side, longer, {farSize, far: {overlap}}) {
  const beyond = Math.floor(length * longer / side + 0.5) - farSize;
  if (beyond <= 0) return [0];
  const steps = Math.ceil(beyond / (farSize - overlap));
  return Array.from({length: steps + 1}, (_, step) => Math.floor(step * beyond / steps + 0.5));
}
