/** @file All subjects in one page, each in a frame of its own, measured in turn: one run each, round after round. */

/** @typedef {import('./subjects.js').Name} Name */
/** @type {Name[]} */
const NAMES = ['kit-tfjs', 'kit-litert', 'human', 'face-api'];
/** @type {Map<Name, import('./subject.js').Opened>} */
const subjects = new Map();

/** @param {Name} name */
async function open(name) {
  const frame = document.createElement('iframe');
  frame.src = `subject.html?name=${name}`;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  document.body.append(frame);
  await loaded;
  if (!frame.contentWindow) throw new Error(`${name}: its frame was removed`);
  return frame.contentWindow.opened;
}

/** Opens the subjects, one after the other; returns what each reads in the first frame. */
globalThis.openSubjects = async () => {
  /** @type {Record<string, string[]>} */
  const labels = {};
  for (const name of NAMES) {
    const subject = await open(name);
    subjects.set(name, subject);
    labels[name] = await subject.labels();
  }
  return labels;
};

/**
 * Measures `rounds` rounds of the subjects that are open.
 * @param {'classify' | 'recognize'} work
 * @param {number} rounds
 * @returns {Promise<Record<string, number[]>>} milliseconds of each round by subject
 */
globalThis.measure = async (work, rounds) => {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(NAMES.map((name) => [name, []]));
  const opened = [...subjects];
  for (let round = 0; round < rounds; round++) {
    // Another order each round: whoever runs after a large network finds the caches emptied.
    const start = round % opened.length;
    for (const [name, subject] of [...opened.slice(start), ...opened.slice(0, start)]) {
      times[name].push(await subject[work]());
    }
  }
  return times;
};
