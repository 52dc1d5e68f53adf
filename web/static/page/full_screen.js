/** @file Full screen: the stage with its buttons and the faces' cards, where the browser can show more than a video so. */

/** @typedef {HTMLElement & {webkitRequestFullscreen?: () => void}} Part of Safari before 16.4 */
/** @typedef {Document & {webkitFullscreenElement?: Element | null, webkitExitFullscreen?: () => void}} Whole */

/**
 * Makes a button show a part of the page alone; it is taken away where that cannot be done.
 * @param {HTMLButtonElement} button
 * @param {Part} part
 * @param {HTMLElement} cards which stand in it as long as it is shown alone
 */
export function offerFullScreen(button, part, cards) {
  const place = document.createComment(''); // where the cards are else
  /** @type {Whole} */
  const whole = document;
  button.hidden = !(part.requestFullscreen ?? part.webkitRequestFullscreen);
  const shown = () => whole.fullscreenElement ?? whole.webkitFullscreenElement ?? null;
  const follow = () => {
    const isFull = shown() === part;
    part.classList.toggle('full', isFull);
    if (isFull && !part.contains(cards)) {
      cards.before(place);
      part.append(cards);
    } else if (!isFull && part.contains(cards)) {
      place.replaceWith(cards);
    }
    button.setAttribute('aria-pressed', String(shown() === part));
  };
  button.addEventListener('click', () => {
    // Refused, everything stays as it is: in a frame that may not, or by the system.
    if (shown()) void (whole.exitFullscreen?.().catch(() => {}) ?? whole.webkitExitFullscreen?.());
    else void (part.requestFullscreen?.().catch(() => {}) ?? part.webkitRequestFullscreen?.());
  });
  for (const name of ['fullscreenchange', 'webkitfullscreenchange']) document.addEventListener(name, follow);
}
