/**
 * @file JSON that came from elsewhere. What is nested deeper than any file of ours would end whoever writes it out again.
 */
const DEEPEST = 64;

/**
 * Parses JSON.
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError} if it is none, or more than 64 brackets stand in one another
 */
export function parseJson(text) {
  if (depthOf(text) > DEEPEST) throw new SyntaxError('nested too deeply');
  return JSON.parse(text);
}

/** @param {string} text */
function depthOf(text) {
  let deepest = 0;
  let depth = 0;
  let inText = false;
  for (let place = 0; place < text.length; place += 1) {
    const letter = text[place];
    if (letter === '"') inText = !inText;
    else if (inText) place += letter === '\\' ? 1 : 0;
    else if (letter === '[' || letter === '{') deepest = Math.max(deepest, depth += 1);
    else if (letter === ']' || letter === '}') depth -= 1;
    if (deepest > DEEPEST) break;
  }
  return deepest;
}
