/** @file What files are called, and times are shown as. */

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/** By what the type begins with: others are called as their type is. @type {Record<string, string>} */
const ENDINGS = {'image/png': 'png', 'video/webm': 'webm', 'video/mp4': 'mp4', 'video/x-matroska': 'mkv'};

/**
 * The name of a file that was made now, by the clock on the wall.
 * @param {string} type its media type, perhaps with codecs
 * @param {Date} now
 * @returns {string} e.g. expressions-2026-11-29-101500.png
 */
export function fileName(type, now) {
  const kind = type.split(';')[0].trim();
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  return `expressions-${date}-${time}.${ENDINGS[kind] ?? kind.split('/').at(-1)}`;
}

/** Whether a file is called so: it shows boxes and labels. @param {string} name */
export function isOwnName(name) {
  return /^expressions-\d{4}-\d\d-\d\d-\d{6}\b.*\.(png|webm|mp4|mkv)$/.test(name);
}

/**
 * A length of time as a clock shows it.
 * @param {number} seconds
 * @returns {string} e.g. 1:07
 */
export function clockTime(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}
