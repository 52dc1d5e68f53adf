/** @file Whether the picture is shown mirrored: a camera, as a mirror does, never a file. */

/** The mirror of the camera's picture. */
export class Mirror {
  #on = true;
  #isOffered = false;

  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLVideoElement} video
   * @param {import('./results.js').Results} results
   */
  constructor(button, video, results) {
    this.button = button;
    this.video = video;
    this.results = results;
    button.addEventListener('click', () => this.#turn(!this.#on));
  }

  /**
   * Takes note of what is shown from now on.
   * @param {import('./sources.js').Source} source
   */
  begin(source) {
    this.#isOffered = source.isDevice;
    this.#turn(source.isDevice ? source.facesUser : this.#on);
  }

  /** @param {boolean} on */
  #turn(on) {
    this.#on = on;
    this.button.setAttribute('aria-pressed', String(on));
    this.results.mirrored = this.#isOffered && on;
    this.video.classList.toggle('mirrored', this.results.mirrored);
    this.results.redraw();
  }
}
