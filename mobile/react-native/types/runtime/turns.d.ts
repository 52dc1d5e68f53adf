/** @file One piece of work after the other. */
/**
 * Makes a queue: what it is given runs once all before it has ended, well or not.
 * @returns {<Value>(work: () => Promise<Value>) => Promise<Value>} what the work gives
 */
export function makeQueue(): <Value>(work: () => Promise<Value>) => Promise<Value>;
