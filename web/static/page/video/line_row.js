/** @file A face's line through the whole video: who it is, what it showed for how long, and its strip, on which one can go anywhere. */
import {make, setText} from '../elements.js';
import {faceName, percent, shadeOf} from '../palette.js';
import {labelWord, t} from '../words/words.js';
import {clockOf} from './clock.js';
import {soughtBy} from './keys.js';
import {LINE_HIGH, LINE_WIDE, pathsOf, segmentAt} from './segments.js';

const SVG = 'http://www.w3.org/2000/svg';

/** A row of the list. */
export class LineRow {
  #picture = make('span', 'line-picture');
  #name = make('span', 'line-name');
  #now = make('span', 'line-now');
  #shares = make('p', 'line-shares');
  #strip = make('div', 'strip');
  #head = make('span', 'playhead');
  #svg = document.createElementNS(SVG, 'svg');
  #time = 0;
  #duration = 0;
  /** @type {string[]} */
  #labels = [];
  /** @type {import('./segments.js').Line | null} */
  #line = null;

  /** @param {(time: number) => void} onSeek */
  constructor(onSeek) {
    this.element = make('li', 'line');
    const title = make('div', 'line-head');
    title.append(this.#name, this.#now, this.#shares);
    this.#svg.setAttribute('viewBox', `0 0 ${LINE_WIDE} ${LINE_HIGH}`);
    this.#svg.setAttribute('preserveAspectRatio', 'none');
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#strip.append(this.#svg, this.#head);
    this.#strip.tabIndex = 0;
    this.#strip.setAttribute('role', 'slider');
    this.#strip.setAttribute('aria-valuemin', '0');
    this.element.append(this.#picture, title, this.#strip);
    this.#strip.addEventListener('click', ({clientX}) => {
      const {left, width} = this.#strip.getBoundingClientRect();
      onSeek(Math.min(1, Math.max(0, (clientX - left) / width)) * this.#duration);
    });
    this.#strip.addEventListener('keydown', (event) => {
      const time = soughtBy(event.key, this.#time, this.#duration);
      if (time === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      onSeek(time);
    });
  }

  /**
   * @param {import('./segments.js').Line} line
   * @param {import('./reading.js').Reading} reading
   */
  show(line, {labels, duration, pictures}) {
    [this.#line, this.#labels, this.#duration] = [line, labels, duration];
    const name = faceName({track: line.face}, 0);
    setText(this.#name, name);
    this.#strip.setAttribute('aria-label', t('video.line', {name}));
    this.#strip.setAttribute('aria-valuemax', String(Math.round(duration)));
    const said = line.shares.map(({label, share}) => `${this.#word(label)} ${percent(share)}`).join(', ');
    setText(this.#shares, `${said} · ${t('video.seen', {time: clockOf(line.seen)})}`);
    const picture = pictures.faces.get(line.face)?.canvas;
    if (picture && picture.parentNode !== this.#picture) this.#picture.replaceChildren(picture);
    if (!picture) this.#picture.replaceChildren();
    this.#svg.replaceChildren(...pathsOf(line.segments, duration).map(({label, path}) => {
      const drawn = document.createElementNS(SVG, 'path');
      drawn.setAttribute('d', path);
      if (label < 0) drawn.setAttribute('class', 'unclear');
      else drawn.setAttribute('fill', shadeOf(label));
      return drawn;
    }));
    this.place(this.#time);
  }

  /** Moves the playhead. @param {number} time */
  place(time) {
    this.#time = time;
    if (!this.#line) return;
    const segment = segmentAt(this.#line, time);
    const word = segment ? this.#word(segment.label) : t('video.unseen');
    setText(this.#now, word);
    this.#now.classList.toggle('muted', !segment || segment.label < 0);
    this.#head.style.left = `${this.#duration ? 100 * Math.min(1, time / this.#duration) : 0}%`;
    const said = `${t('video.position', {time: clockOf(time), duration: clockOf(this.#duration)})}: ${word}`;
    if (this.#strip.getAttribute('aria-valuetext') === said) return;
    this.#strip.setAttribute('aria-valuetext', said);
    this.#strip.setAttribute('aria-valuenow', String(Math.round(time)));
  }

  /** @param {number} label */
  #word(label) {
    return label < 0 ? t('emotion.unclear') : labelWord(this.#labels[label]);
  }
}
