/** @file Full screen: the stage with its buttons, where the browser can show more than a video so. */

/** @typedef {HTMLElement & {webkitRequestFullscreen?: () => void}} Part of Safari before 16.4 */
/** @typedef {Document & {webkitFullscreenElement?: Element | null, webkitExitFullscreen?: () => void}} Whole */

/**
 * Makes a button show a part of the page alone; it is taken away where that cannot be done.
 * @param {HTMLButtonElement} button
 * @param {Part} part
 */
export function offerFullScreen(button, part) {
  /** @type {Whole} */
  const whole = document;
  button.hidden = !(part.requestFullscreen ?? part.webkitRequestFullscreen);
  const shown = () => whole.fullscreenElement ?? whole.webkitFullscreenElement ?? null;
  const follow = () => {
    part.classList.toggle('full', shown() === part);
    button.setAttribute('aria-pressed', String(shown() === part));
  };
  button.addEventListener('click', () => {
    // Refused, everything stays as it is: in a frame that may not, or by the system.
    if (shown()) void (whole.exitFullscreen?.().catch(() => {}) ?? whole.webkitExitFullscreen?.());
    else void (part.requestFullscreen?.().catch(() => {}) ?? part.webkitRequestFullscreen?.());
  });
  for (const name of ['fullscreenchange', 'webkitfullscreenchange']) document.addEventListener(name, follow);
}
