/**
 * @file What entries of a detector's manifest can be.
 */

/** A whole number above 0. @param {any} value */
export const isCount = (value) => Number.isInteger(value) && value > 0;

/** A number from 0 to 1. @param {any} value */
export const isShare = (value) => typeof value === 'number' && value >= 0 && value <= 1;

/** Names of key points, both eyes among them. @param {any} value */
export const hasEyes = (value) => Array.isArray(value) && value.every((name) => typeof name === 'string') &&
  value.includes('right_eye') && value.includes('left_eye');
