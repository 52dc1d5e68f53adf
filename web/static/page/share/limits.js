/** @file How much a recording may hold: it is in memory until it is saved. */
export const LIMITS = {bytes: 500_000_000, seconds: 30 * 60};
