/** @file All subjects in one page, each in a frame of its own, measured in turn: one run each, round after round. */

const NAMES = ['kit-tfjs', 'kit-litert', 'human', 'face-api'];

async function open(name) {
  const frame = document.createElement('iframe');
  frame.src = `subject.html?name=${name}`;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  document.body.append(frame);
  await loaded;
  return frame.contentWindow.opened;
}

/** Opens the subjects, one after the other; returns what each reads in the first frame. */
globalThis.openSubjects = async () => {
  globalThis.subjects = {};
  const labels = {};
  for (const name of NAMES) {
    subjects[name] = await open(name);
    labels[name] = await subjects[name].labels();
  }
  return labels;
};

/**
 * Measures `rounds` rounds.
 * @param {'classify' | 'recognize'} work
 * @param {number} rounds
 * @returns {Promise<Record<string, number[]>>} milliseconds of each round by subject
 */
globalThis.measure = async (work, rounds) => {
  const times = Object.fromEntries(NAMES.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Another order each round: whoever runs after a large network finds the caches emptied.
    const start = round % NAMES.length;
    for (const name of [...NAMES.slice(start), ...NAMES.slice(0, start)]) times[name].push(await subjects[name][work]());
  }
  return times;
};
