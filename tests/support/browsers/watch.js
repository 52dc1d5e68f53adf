/**
 * @file The first script of the page under test: keeps what went wrong in it, which WebKit's driver tells nobody.
 * Whatever loads afterwards, in `wrongs`: errors that nobody caught, files that did not load, violations of the
 * policy, and what was written to the console as an error.
 */
const wrongs = [];
addEventListener('error', (event) => {
  if (event.target instanceof HTMLMediaElement) return; // a file that its user chose: the page says so itself
  wrongs.push(`error: ${event.message ?? `${event.target.src ?? event.target.href} did not load`}`);
}, true);
addEventListener('unhandledrejection', ({reason}) => wrongs.push(`rejection: ${reason}`));
addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) => {
  wrongs.push(`policy: ${violatedDirective} ${blockedURI}`);
});
const sayError = console.error;
console.error = (...words) => {
  wrongs.push(`console: ${words.join(' ')}`);
  sayError.apply(console, words);
};
window.wrongs = wrongs;
