/** @file What was read, as files: CSV and JSON in pieces, as a long video makes more of it than one string can hold. */
import {linesOf} from './segments.js';

/** @typedef {import('./reading.js').Reading} Reading */

const PIECE = 5000; // rows

/**
 * The samples as CSV (RFC 4180): one row a face and frame.
 * @param {Pick<Reading, 'labels' | 'samples'>} reading
 * @returns {string[]} pieces
 */
export function toCsv({labels, samples}) {
  const header = ['seconds', 'face', 'label', 'certain', ...labels.map((label) => `p_${label}`), 'x', 'y', 'width', 'height'];
  return inPieces(samples, `${header.map(quoted).join(',')}\r\n`, (sample) => `${[
    sample.seconds.toFixed(3), sample.face, quoted(sample.label), sample.certain,
    ...sample.probabilities.map((share) => share.toFixed(4)), ...sample.box.map((side) => side.toFixed(1)),
  ].join(',')}\r\n`);
}

/**
 * The samples as JSON, with what they are of.
 * @param {Reading} reading
 * @returns {string[]} pieces
 */
export function toJson(reading) {
  const {name, model, engine, labels, duration, rate, frames, missed, until, end, samples} = reading;
  const faces = linesOf(samples, 1 / rate, duration).map(({face, seen, shares}) => ({
    face, seconds: rounded(seen), shares: Object.fromEntries(shares.map(({label, share}) => [labels[label] ?? 'unclear', rounded(share)])),
  }));
  const head = JSON.stringify({
    file: name, model, engine, labels, duration, framesPerSecond: rate, frames, framesLeftOut: missed, readUntil: rounded(until), whole: end === 'whole', faces,
  }, null, 1);
  let between = '\n';
  const rows = inPieces(samples, `${head.slice(0, -2)},\n "samples": [`, (sample) => {
    const row = `${between}  ${JSON.stringify({...sample, probabilities: sample.probabilities.map(rounded), box: sample.box.map(rounded)})}`;
    between = ',\n';
    return row;
  });
  return [...rows, '\n ]\n}\n'];
}

/**
 * A name for a file of a video: talk.mp4 → talk.expressions.csv.
 * @param {string} video its name, or ''
 * @param {string} ending
 */
export function nameFor(video, ending) {
  return `${video.replace(/\.[^.]*$/, '') || 'video'}.expressions.${ending}`;
}

/**
 * Hands a file out.
 * @param {string} name
 * @param {string} type
 * @param {string[]} pieces
 */
export function handOut(name, type, pieces) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces, {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * @template Item
 * @param {Iterable<Item>} items
 * @param {string} head
 * @param {(item: Item) => string} rowOf
 */
function inPieces(items, head, rowOf) {
  const pieces = [head];
  /** @type {string[]} */
  let rows = [];
  for (const item of items) {
    if (rows.push(rowOf(item)) < PIECE) continue;
    pieces.push(rows.join(''));
    rows = [];
  }
  return [...pieces, rows.join('')];
}

/** @param {string} text */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {number} value */
const rounded = (value) => Math.round(value * 1e4) / 1e4;
