/** @file What a batch's pictures are sorted by: the expressions in them, and what else came of them. */

/** @typedef {import('./collect.js').Item} Item */
/** @typedef {{label: string} | 'unclear' | 'none' | 'unread'} Kind none: no face; unread: not yet, or not at all */

/**
 * All kinds, as keys that can be compared, in the order in which they are offered.
 * @param {string[]} labels of the model
 */
export function allKinds(labels) {
  return [...labels.map(keyOfLabel), 'unclear', 'none', 'unread'];
}

/** The key of an expression: no name of a class can be that of another kind. @param {string} label */
export const keyOfLabel = (label) => `=${label}`;

/** The label of a key, or null. @param {string} key */
export const labelOfKey = (key) => (key.startsWith('=') ? key.slice(1) : null);

/**
 * The kinds that a picture belongs to: one of each expression in it.
 * @param {Pick<Item, 'seen'>} item
 * @returns {Set<string>}
 */
export function kindsOf({seen}) {
  if (!seen) return new Set(['unread']);
  if (seen.faces.length === 0) return new Set(['none']);
  return new Set(seen.faces.map(({label, certain}) => (certain ? keyOfLabel(label) : 'unclear')));
}

/**
 * How many pictures there are of each kind.
 * @param {Pick<Item, 'seen'>[]} items
 * @returns {Map<string, number>}
 */
export function countKinds(items) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const item of items) {
    for (const kind of kindsOf(item)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/**
 * Whether a picture is of one of the kinds that are wanted.
 * @param {Pick<Item, 'seen'>} item
 * @param {Set<string>} wanted empty: all are
 */
export function isWanted(item, wanted) {
  return wanted.size === 0 || [...kindsOf(item)].some((kind) => wanted.has(kind));
}

/**
 * The expressions of a picture's faces, the most frequent first.
 * @param {{label: string, certain: boolean}[]} faces
 * @returns {{label: string, certain: boolean, count: number}[]}
 */
export function groupsOf(faces) {
  /** @type {Map<string, {label: string, certain: boolean, count: number}>} */
  const groups = new Map();
  for (const {label, certain} of faces) {
    const key = certain ? keyOfLabel(label) : '';
    const group = groups.get(key) ?? {label, certain, count: 0};
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()].sort((one, other) => other.count - one.count);
}
