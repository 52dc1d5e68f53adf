/** @file The seek bar under the stage. */
import {make, setText} from '../elements.js';
import {t} from '../words/words.js';
import {clockOf} from './clock.js';
import {soughtBy} from './keys.js';

/** Where the video is, and where it is to be. */
export class SeekBar {
  #bar = Object.assign(make('input', ''), {type: 'range', min: '0', step: 'any', value: '0'});
  #now = make('span', 'seek-time', '0:00');
  #whole = make('span', 'seek-time');
  #duration = 0;

  /**
   * @param {HTMLElement} stage which it stands under
   * @param {(time: number) => void} onSeek
   */
  constructor(stage, onSeek) {
    this.element = make('div', 'seek');
    this.#bar.setAttribute('aria-label', t('video.seek'));
    this.element.append(this.#now, this.#bar, this.#whole);
    stage.after(this.element);
    this.#bar.addEventListener('input', () => onSeek(this.#bar.valueAsNumber));
    this.#bar.addEventListener('keydown', (event) => {
      const time = soughtBy(event.key, this.#bar.valueAsNumber, this.#duration);
      if (time === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      onSeek(time);
    });
  }

  /**
   * @param {number} time seconds
   * @param {number} duration 0 while it is not known
   * @param {boolean} isFree whether one may go to another place
   */
  show(time, duration, isFree) {
    this.#duration = duration;
    this.#bar.max = String(duration);
    this.#bar.value = String(time);
    this.#bar.disabled = !isFree || duration === 0;
    const [now, whole] = [clockOf(time), duration ? clockOf(duration) : '–:––'];
    const said = t('video.position', {time: now, duration: whole});
    if (this.#bar.getAttribute('aria-valuetext') !== said) this.#bar.setAttribute('aria-valuetext', said);
    this.#bar.style.setProperty('--share', String(duration ? time / duration : 0));
    setText(this.#now, now);
    setText(this.#whole, whole);
  }
}
