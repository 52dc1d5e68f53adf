/**
 * @file A face's line through the video: from when to when it showed which expression, and where it was not seen. Pure.
 *
 * @typedef {{from: number, to: number, label: number}} Segment seconds; label: index, -1 for unclear
 * @typedef {{seconds: number, label: number}} Mark
 * @typedef {{face: number, seen: number, segments: Segment[], shares: {label: number, share: number}[]}} Line seen: for how
 *   many seconds; shares of that, the largest first
 */

/**
 * Joins what follows one another without a gap.
 * @param {Mark[]} marks in the order of time
 * @param {number} step seconds from frame to frame: each is what was seen until the next
 * @param {number} duration
 * @returns {Segment[]}
 */
export function segmentsOf(marks, step, duration) {
  /** @type {Segment[]} */
  const segments = [];
  for (const {seconds, label} of marks) {
    const last = segments.at(-1);
    const to = Math.min(duration, seconds + step);
    const follows = last && seconds - last.to < step / 2;
    if (follows && last.label === label) last.to = to;
    else segments.push({from: follows ? last.to : seconds, to, label});
  }
  return segments;
}

/**
 * The lines of all faces, those seen the longest first.
 * @param {import('./samples.js').Samples} samples
 * @param {number} step
 * @param {number} duration
 * @returns {Line[]}
 */
export function linesOf(samples, step, duration) {
  const lines = samples.faces.map((face) => lineOf(face, segmentsOf(samples.marksOf(face), step, duration)));
  return lines.sort((one, other) => other.seen - one.seen || one.face - other.face);
}

/** @param {number} face @param {Segment[]} segments @returns {Line} */
function lineOf(face, segments) {
  /** @type {Map<number, number>} */
  const spans = new Map();
  for (const {from, to, label} of segments) spans.set(label, (spans.get(label) ?? 0) + to - from);
  const seen = [...spans.values()].reduce((sum, span) => sum + span, 0);
  const shares = [...spans].map(([label, span]) => ({label, share: seen > 0 ? span / seen : 0}));
  return {face, seen, segments, shares: shares.sort((one, other) => other.share - one.share)};
}

/**
 * What a face shows at a time; null where it is not seen.
 * @param {Line} line
 * @param {number} time
 */
export function segmentAt({segments}, time) {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle].to <= time) low = middle + 1;
    else high = middle;
  }
  return segments[low]?.from <= time + 1e-6 ? segments[low] : null;
}

/** Width of a drawn line, in its own units; its height is LINE_HIGH. */
export const LINE_WIDE = 1000;
export const LINE_HIGH = 20;

/**
 * A line as paths of an SVG, one a label: few elements, however long the video is.
 * @param {Segment[]} segments
 * @param {number} duration
 * @returns {{label: number, path: string}[]}
 */
export function pathsOf(segments, duration) {
  /** @type {Map<number, string>} */
  const paths = new Map();
  for (const {from, to, label} of segments) {
    const [left, right] = [from, to].map((time) => Math.round(time / duration * LINE_WIDE * 100) / 100);
    const [top, high] = label < 0 ? [LINE_HIGH * 0.3, LINE_HIGH * 0.4] : [0, LINE_HIGH]; // unclear is thinner, not only grey
    const wide = Math.max(0.5, Math.round((right - left) * 100) / 100);
    paths.set(label, `${paths.get(label) ?? ''}M${left} ${top}h${wide}v${high}h-${wide}z`);
  }
  return [...paths].map(([label, path]) => ({label, path}));
}
