/** @file What was made is offered: to be saved, copied or shared, until its user is done with it. Nothing is kept beyond. */
import {saveFile} from '../download.js';
import {make} from '../elements.js';
import {t} from '../words/words.js';
import {fileName} from './names.js';

/** @typedef {{blob: Blob, title: string, isPicture: boolean}} Made */
/** @typedef {{made: Made, card: HTMLElement, isSafe: boolean, remove: () => void}} Offer isSafe: saved, copied or shared */

/** The row of what is offered. */
export class Offers {
  /** @type {Set<Offer>} */
  #offers = new Set();

  /**
   * @param {HTMLElement} place
   * @param {import('../announcer.js').Announcer} announcer
   */
  constructor(place, announcer) {
    this.place = place;
    place.replaceChildren(); // what did not load before has loaded now
    this.announcer = announcer;
  }

  /** Whether something would be lost with the page. */
  get hasUnsaved() {
    return [...this.#offers].some(({made, isSafe}) => !made.isPicture && !isSafe);
  }

  /**
   * Offers a file. A snapshot takes the place of the one before; a recording stays until it is put away.
   * @param {Made} made
   */
  add(made) {
    for (const offer of this.#offers) if (made.isPicture && offer.made.isPicture) offer.remove();
    const file = new File([made.blob], fileName(made.blob.type, new Date()), {type: made.blob.type.split(';')[0]});
    const url = URL.createObjectURL(file);
    const card = make('div', 'offer');
    card.setAttribute('role', 'group');
    card.setAttribute('aria-label', made.title);
    const said = make('p', 'offer-title', made.title);
    const text = make('div', 'offer-text');
    text.append(said, make('p', 'muted', `${t('share.private')} ${t('share.marked')}`));
    /** @type {Offer} */
    const offer = {made, card, isSafe: false, remove: () => {
      URL.revokeObjectURL(url);
      card.remove();
      this.#offers.delete(offer);
    }};
    card.append(previewOf(made, url), text, this.#buttonsOf(file, offer, said));
    this.#offers.add(offer);
    this.place.prepend(card);
    card.scrollIntoView({block: 'nearest'});
  }

  /** @param {File} file @param {Offer} offer @param {HTMLElement} said */
  #buttonsOf(file, offer, said) {
    const buttons = make('div', 'buttons');
    const away = buttonOf(t('share.discard'), () => {
      const next = /** @type {HTMLElement | null} */ (offer.card.nextElementSibling?.querySelector('button'));
      offer.remove();
      (next ?? this.place).focus();
    });
    /** @param {string} sentence */
    const done = (sentence) => {
      offer.isSafe = true;
      away.textContent = t('share.close');
      said.textContent = `${offer.made.title} · ${sentence}`;
      this.announcer.say(sentence);
    };
    /** @param {unknown} error */
    const refused = (error) => {
      // AbortError: the user thought better of it.
      if (!(error instanceof Error && error.name === 'AbortError')) this.announcer.say(said.textContent = t('share.refused'));
    };
    /** @param {string} label @param {() => Promise<void>} act @param {string} sentence */
    const add = (label, act, sentence) => buttons.append(buttonOf(label, () => void act().then(() => done(sentence), refused)));
    add(t('share.save'), () => Promise.resolve(saveFile(file.name, file)), t('share.saved', {name: file.name}));
    if (offer.made.isPicture && typeof ClipboardItem === 'function' && navigator.clipboard?.write) {
      add(t('share.copy'), () => navigator.clipboard.write([new ClipboardItem({[file.type]: file})]), t('share.copied'));
    }
    if (navigator.canShare?.({files: [file]})) add(t('share.share'), () => navigator.share({files: [file]}), t('share.shared'));
    buttons.append(away);
    return buttons;
  }
}

/** @param {Made} made @param {string} url */
function previewOf({isPicture, title}, url) {
  if (isPicture) return Object.assign(make('img', ''), {src: url, alt: title});
  const video = Object.assign(make('video', ''), {src: url, muted: true, controls: true, playsInline: true});
  video.setAttribute('aria-label', title);
  return video;
}

/** @param {string} label @param {() => void} act */
function buttonOf(label, act) {
  const button = make('button', '', label);
  button.type = 'button';
  button.addEventListener('click', act);
  return button;
}
