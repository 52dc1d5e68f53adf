/**
 * @file What the page says, in the language of whoever looks at it.
 *
 * English is always there; another language is fetched when it is wanted, and where a sentence of it is missing the English
 * one is said. Numbers and times are written as the language does.
 */
import english from './en.js';

/** @typedef {keyof typeof english} Key */
/** @typedef {import('./en.js').Message} Message */
/** @typedef {Partial<Record<Key, Message>>} Messages */
/** @typedef {Record<string, string | number>} Values numbers are written as the language writes them */

/** Languages beside English, and what fetches them. @type {Record<string, () => Promise<{default: Messages}>>} */
const OTHERS = {de: () => import('./de.js')};
/** Languages that the page speaks, each by its own name. */
export const LANGUAGES = {en: 'English', de: 'Deutsch'};

/** @type {{locale: string, messages: Messages}} */
let spoken = {locale: 'en', messages: english};

/**
 * The first of the wanted languages that the page speaks.
 * @param {readonly string[]} wanted e.g. navigator.languages
 * @returns {{language: string, locale: string}} the locale is as it was wanted, so that 'de-AT' has its own numbers
 */
export function languageOf(wanted) {
  for (const locale of wanted) {
    const language = locale.toLowerCase().split('-')[0];
    if (language in LANGUAGES) return {language, locale};
  }
  return {language: 'en', locale: 'en'};
}

/**
 * Speaks a language from now on; English where it cannot be fetched.
 * @param {readonly string[]} wanted the best first
 * @returns {Promise<string>} the language that is spoken
 */
export async function speak(wanted) {
  const {language, locale} = languageOf(wanted);
  const other = OTHERS[language];
  const messages = other ? await other().then((fetched) => fetched.default, () => null) : english;
  spoken = messages ? {locale, messages} : {locale: 'en', messages: english};
  return messages ? language : 'en';
}

/**
 * Returns a sentence.
 * @param {Key} key
 * @param {Values} [values] what is filled in; `count` chooses between {one, other}
 */
export function t(key, values = {}) {
  const message = spoken.messages[key] ?? english[key];
  const form = typeof message === 'string' ? message :
    message[new Intl.PluralRules(spoken.locale).select(Number(values.count)) === 'one' ? 'one' : 'other'];
  return form.replaceAll(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return typeof value === 'number' ? formatNumber(value) : value ?? whole;
  });
}

/**
 * Returns the name of a class: translated if it is one that FER2013 has, as it is otherwise.
 * @param {string} label
 */
export function labelWord(label) {
  const key = `emotion.${label}`;
  return key in english ? t(/** @type {Key} */ (key)) : label;
}

/**
 * Writes a number as the language does.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function formatNumber(value, options) {
  return new Intl.NumberFormat(spoken.locale, options).format(value);
}

/**
 * Translates what index.html says itself: `data-t` names the key of a text, `data-t-NAME` that of an attribute.
 * @param {HTMLElement} root
 */
export function translatePage(root) {
  for (const element of root.querySelectorAll('*')) {
    for (const [name, key] of Object.entries(/** @type {HTMLElement} */ (element).dataset ?? {})) {
      if (name === 't') element.textContent = t(/** @type {Key} */ (key));
      else if (/^t[A-Z]/.test(name)) element.setAttribute(attributeOf(name), t(/** @type {Key} */ (key)));
    }
  }
}

/** @param {string} name of a data property, e.g. tAriaLabel @returns {string} e.g. aria-label */
function attributeOf(name) {
  return name.slice(1).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(1);
}
