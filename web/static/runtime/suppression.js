/**
 * @file One face out of the many rows in which a detector's network says that it sees it. Twin of
 * face_emotion/suppression.py.
 */

/** @typedef {{values: number[], score: number}} Candidate x, y of the box's two corners, then of each key point */

/**
 * One weighted mean for each group of overlapping rows, highest score first.
 * @param {Candidate[]} candidates in the order of the network's rows, which decides between equal scores
 * @param {number} iouThreshold 0..1
 * @returns {Candidate[]}
 */
export function weightedSuppression(candidates, iouThreshold) {
  let left = [...candidates].sort((one, other) => other.score - one.score);
  const faces = [];
  while (left.length) {
    const [first] = left;
    /** @type {Candidate[]} */
    const members = [];
    /** @type {Candidate[]} */
    const others = [];
    for (const other of left) {
      const same = other === first || intersectionOverUnion(first.values, other.values) > iouThreshold;
      (same ? members : others).push(other);
    }
    const total = members.reduce((sum, {score}) => sum + score, 0);
    const values = first.values.map((_, k) => members.reduce((sum, {values: own, score}) => sum + score / total * own[k], 0));
    faces.push({values, score: first.score});
    left = others;
  }
  return faces;
}

/**
 * The shared area of two boxes over their joint area.
 * @param {ArrayLike<number>} one x_min, y_min, x_max, y_max; what follows does not count
 * @param {ArrayLike<number>} other
 * @returns {number} 0..1
 */
export function intersectionOverUnion(one, other) {
  const shared = Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0])) *
    Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
  return shared / (areaOf(one) + areaOf(other) - shared);
}

/** @param {ArrayLike<number>} box */
function areaOf(box) {
  return (box[2] - box[0]) * (box[3] - box[1]);
}
