/**
 * @file A batch written out: as CSV with the columns that `python -m face_emotion --format csv` prints, and `error`; as JSON
 * with the objects of its `--format jsonl`. Boxes are in the picture's own pixels, as there.
 */

/** @typedef {import('./collect.js').Item} Item */
/** @typedef {import('../../runtime/emotion.js').Face} Face */

const BOX = ['x_min', 'y_min', 'x_max', 'y_max'];
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/; // what spreadsheets calculate, also in full width
const UNREAD = 'not read yet';

/**
 * Returns CSV (RFC 4180): a row a face, one with empty cells for a picture without any or that was not read.
 * @param {Item[]} items
 * @param {string[]} labels of the model
 */
export function toCsv(items, labels) {
  const heading = ['source', 'time', 'face', 'track', 'score', ...BOX, 'label', 'certain', 'small',
    ...labels.map((label) => `p_${label}`), 'error'];
  const empty = Array.from({length: heading.length - 2}, () => '');
  const rows = items.flatMap(({name, seen, size, error}) => {
    const source = asText(name);
    if (!seen?.faces.length) return [[source, ...empty, seen ? '' : asText(error || UNREAD)]];
    return seen.faces.map((face, index) => [
      source, '', String(index + 1), '', face.score.toFixed(4), ...edgesOf(face, enlargement(seen, size)).map((edge) => edge.toFixed(1)), asText(face.label),
      String(face.certain), String(face.small), ...Array.from(face.probabilities, (share) => share.toFixed(4)), '',
    ]);
  });
  return [heading, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n';
}

/**
 * Returns JSON.
 * @param {Item[]} items
 * @param {string[]} labels
 * @param {string} model its name
 */
export function toJson(items, labels, model) {
  const pictures = items.map(({name, seen, size, error}) => (!seen ? {source: name, error: error || UNREAD} : {
    source: name, width: (size ?? seen).width, height: (size ?? seen).height, faces: seen.faces.map((face) => ({
      box: edgesOf(face, enlargement(seen, size)).map((edge) => rounded(edge, 1)), score: rounded(face.score, 4), label: face.label,
      certain: face.certain, small: face.small,
      probabilities: Object.fromEntries(labels.map((label, index) => [label, rounded(face.probabilities[index], 4)])),
    })),
  }));
  return `${JSON.stringify({model, labels, pictures}, null, 1)}\n`;
}

/** @param {Face} face @param {number} scale */
function edgesOf({box: {x, y, width, height}}, scale) {
  return [x, y, x + width, y + height].map((edge) => edge * scale);
}

/** A picture's own pixels a pixel of what was looked at. @param {{width: number}} seen @param {Item['size']} size */
const enlargement = (seen, size) => (size?.width ?? seen.width) / seen.width;

/** @param {number} value @param {number} digits */
const rounded = (value, digits) => Number(value.toFixed(digits));

/** A name that a spreadsheet shows, and does not calculate. @param {string} text */
const asText = (text) => (FORMULA.test(text) ? `'${text}` : text);

/** @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
