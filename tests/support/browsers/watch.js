/**
 * @file The first script of the page under test: keeps in `wrongs` what goes wrong in it, which WebKit's driver tells
 * nobody: errors that nobody caught, files that did not load, violations of the policy, errors written to the console.
 */
/** @type {string[]} */
const wrongs = [];
addEventListener('error', (event) => {
  if (event.target instanceof HTMLMediaElement) return; // a file that its user chose: the page says so itself
  const loaded = event.target instanceof HTMLElement ? event.target : null;
  wrongs.push(loaded ? `file: ${loaded.getAttribute('src') ?? loaded.getAttribute('href')} did not load` : `error: ${event.message}`);
}, true);
addEventListener('unhandledrejection', ({reason}) => wrongs.push(`rejection: ${reason}`));
addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) => {
  wrongs.push(`policy: ${violatedDirective} ${blockedURI}`);
});
const sayError = console.error;
/** @param {...unknown} words */
console.error = (...words) => {
  wrongs.push(`console: ${words.join(' ')}`);
  sayError.apply(console, words);
};
Object.assign(globalThis, {wrongs});
// The page opens on its card, as for somebody who wishes for less motion, unless its address says ?moves.
if (location.search !== '?moves') {
  const ask = globalThis.matchMedia.bind(globalThis);
  globalThis.matchMedia = (query) => ask(query.includes('prefers-reduced-motion') ? 'all' : query);
}
