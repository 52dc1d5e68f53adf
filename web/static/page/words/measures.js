/** @file Dates, durations and sizes, as the language writes them; for rooms that are fetched when they are first used. */
import {formatter, formatNumber} from './words.js';

/**
 * Writes a point in time, e.g. "29 Nov 2026, 10:15".
 * @param {Date} date
 * @param {Intl.DateTimeFormatOptions} [options]
 */
export function formatDate(date, options = {dateStyle: 'medium', timeStyle: 'short'}) {
  return formatter('DateTimeFormat', options).format(date);
}

/**
 * Writes a place in a video, e.g. "1:05" or "1:00:05".
 * @param {number} seconds
 */
export function formatClock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  /** @param {number} part */
  const two = (part) => formatNumber(part, {minimumIntegerDigits: 2});
  const shown = hours ? `${formatNumber(hours)}:${two(minutes)}` : formatNumber(minutes);
  return `${shown}:${two(whole % 60)}`;
}

/**
 * Writes how long something takes, e.g. "2.5 sec" or "3 min".
 * @param {number} seconds
 */
export function formatDuration(seconds) {
  const [value, unit] = seconds < 60 ? [seconds, 'second'] : seconds < 3600 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  return formatNumber(value, {style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0});
}

/**
 * Writes a size, e.g. "340 kB" or "1.2 MB".
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  const [value, unit] = bytes < 1000 ? [bytes, 'byte'] : bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : [bytes / 1e6, 'megabyte'];
  return formatNumber(value, {style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0});
}
