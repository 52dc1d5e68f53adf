/**
 * @file Where the labels of faces stand: beside no other label and over nobody's eyes, wherever there is room for that.
 */

const HEIGHT = 28;
const MANY = 9; // faces; of more, labels are smaller, and none stands over a face
const SMALLER = 0.75;
const GAP = 8; // between a box and its label
const EDGE = 6; // of the stage
const EYES = [0.12, 0.62]; // of a box's height: from the forehead to below the eyes

/** @typedef {import('./overlay.js').Box} Box */

/**
 * A label that has been placed.
 * @typedef {object} Tag
 * @property {number} text which of the face's texts; -1: none, as it would cover a face or another label
 * @property {number} x
 * @property {number} y of its top left corner, in stage pixels
 * @property {number} width
 */

/** The height of a label in pixels. */
export const TAG_HEIGHT = HEIGHT;

/** How large labels are, of so many faces, beside the usual. @param {number} count */
export const tagScale = (count) => (count > MANY ? SMALLER : 1);

/**
 * Places a label for each face: the longest texts for which there is room for all, then longer ones where there is more. Of many
 * faces, those for whose labels there is no room have none.
 * @param {Box[]} boxes in stage pixels
 * @param {number[][]} widths of each face's texts in pixels at the scale 1, as many of each, the longest first
 * @param {number} stageWidth
 * @param {number} stageHeight
 * @returns {Tag[]} in the faces' order
 */
export function placeTags(boxes, widths, stageWidth, stageHeight) {
  const eyes = boxes.map(({x, y, width, height}) => (
    {x, y: y + EYES[0] * height, width, height: (EYES[1] - EYES[0]) * height}));
  const scale = tagScale(boxes.length);
  const height = HEIGHT * scale;
  /** @param {Tag} tag @returns {Box} */
  const boxOf = ({x, y, width}) => ({x, y, width, height});
  /** @param {number} index @param {number} text @param {Tag[]} others */
  const best = (index, text, others) => {
    const size = {width: widths[index][text] * scale, height};
    return {...bestPlace(boxes[index], size, [...others.map(boxOf), ...eyes], {width: stageWidth, height: stageHeight}), width: size.width};
  };
  const texts = widths[0]?.length ?? 0;
  /** @type {Tag[]} */
  let placed = [];
  for (let text = 0, cost = 1; text < texts && cost > 0; text += 1) {
    [placed, cost] = [[], 0];
    for (let index = 0; index < boxes.length; index += 1) {
      const found = best(index, text, placed);
      cost += found.cost;
      placed.push({text, width: found.width, x: found.x, y: found.y});
    }
  }
  placed.forEach((tag, index) => {
    for (let text = 0; text < tag.text; text += 1) {
      const found = best(index, text, placed.filter((other) => other !== tag));
      if (found.cost === 0) return void Object.assign(tag, {text, width: found.width, x: found.x, y: found.y});
    }
  });
  if (boxes.length <= MANY) return placed;
  const taken = [...eyes];
  return placed.map((tag) => {
    if (taken.some((other) => shared(boxOf(tag), other) > 0)) return {...tag, text: -1};
    taken.push(boxOf(tag));
    return tag;
  });
}

/**
 * The place beside a box that covers least of what is to be seen.
 * @param {Box} box @param {Size} size of the label @param {Box[]} seen @param {Size} stage
 */
function bestPlace(box, size, seen, stage) {
  let best = {x: 0, y: 0, cost: Infinity};
  for (const place of placesOf(box, size, stage)) {
    const cost = seen.reduce((sum, other) => sum + shared({...place, ...size}, other), 0);
    if (cost < best.cost) best = {...place, cost};
  }
  return best;
}

/** @typedef {{width: number, height: number}} Size */

/**
 * Above, below, at the chin, to the right and to the left of a box, in this order; never beyond the stage.
 * @param {Box} box @param {Size} label @param {Size} stage
 */
function placesOf({x, y, width: boxWidth, height: boxHeight}, {width, height}, stage) {
  const middle = x + boxWidth / 2 - width / 2;
  const beside = y + boxHeight / 2 - height / 2;
  return [[middle, y - height - GAP], [middle, y + boxHeight + GAP], [middle, y + boxHeight - height - GAP],
    [x + boxWidth + GAP, beside], [x - width - GAP, beside]].map(([left, top]) => ({
    x: Math.min(Math.max(left, EDGE), Math.max(stage.width - width - EDGE, EDGE)),
    y: Math.min(Math.max(top, EDGE), Math.max(stage.height - height - EDGE, EDGE)),
  }));
}

/**
 * The area that two rectangles share.
 * @param {Box} one @param {Box} other
 */
function shared(one, other) {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(across, 0) * Math.max(down, 0);
}
