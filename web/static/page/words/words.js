/**
 * @file What the page says, in the language of whoever looks at it.
 *
 * English is always there; another language is fetched when it is wanted, and where a sentence of it is missing the English
 * one is said. Numbers, percentages and lists are written as the language does; dates, durations and bytes: measures.js.
 */
import english from './en.js';

/** @typedef {keyof typeof english} Key */
/** @typedef {import('./en.js').Message} Message */
/** @typedef {Partial<Record<Key, Message>>} Messages */
/** @typedef {Record<string, string | number>} Values numbers are written as the language writes them */
/** @typedef {'NumberFormat' | 'PluralRules' | 'ListFormat' | 'DateTimeFormat'} Kind of what Intl formats with */

/** Languages beside English, and what fetches them. @type {Record<string, () => Promise<{default: Messages}>>} */
const OTHERS = {de: () => import('./de.js')};
/** Languages that the page speaks, each by its own name. */
export const LANGUAGES = {en: 'English', de: 'Deutsch'};
const BLANK = /\{(\w+)\}/g;

/** @type {{locale: string, messages: Messages, formatters: Map<string, unknown>}} */
let spoken = {locale: 'en', messages: english, formatters: new Map()};

/**
 * The first of the wanted languages that the page speaks.
 * @param {readonly string[]} wanted e.g. navigator.languages
 * @returns {{language: string, locale: string}} the locale is as it was wanted, so that 'de-AT' has its own numbers
 */
export function languageOf(wanted) {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (Object.hasOwn(LANGUAGES, language)) return {language, locale: isLocale(tag) ? tag : language};
  }
  return {language: 'en', locale: 'en'};
}

/** Whether Intl takes it: anybody can write an address. @param {string} tag */
function isLocale(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
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
  spoken = {locale: messages ? locale : 'en', messages: messages ?? english, formatters: new Map()};
  return messages ? language : 'en';
}

/**
 * Returns a sentence.
 * @param {Key} key
 * @param {Values} [values] what is filled in, else the blank stays; `count` chooses between {one, other}
 */
export function t(key, values) {
  const message = spoken.messages[key] ?? english[key];
  const form = typeof message === 'string' ? message : message[formOf(Number(values?.count))];
  if (!values) return form;
  return form.replaceAll(BLANK, (whole, name) => {
    const value = values[name];
    return typeof value === 'number' ? formatNumber(value) : value ?? whole;
  });
}

/** @param {number} count */
function formOf(count) {
  return formatter('PluralRules').select(count) === 'one' ? 'one' : 'other';
}

/**
 * Returns the name of a class: translated if it is one that FER2013 has, as it is otherwise.
 * @param {string} label
 */
export function labelWord(label) {
  const key = `emotion.${label}`;
  return Object.hasOwn(english, key) ? t(/** @type {Key} */ (key)) : label;
}

/**
 * Writes a number as the language does.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function formatNumber(value, options) {
  return formatter('NumberFormat', options).format(value);
}

/**
 * Writes a share as a percentage, e.g. "87 %".
 * @param {number} share 0 to 1
 * @param {number} [digits] behind the point
 */
export function formatPercent(share, digits = 0) {
  const number = formatNumber(share * 100, {minimumFractionDigits: digits, maximumFractionDigits: digits});
  return t('number.percent', {number});
}

/**
 * Joins what is listed.
 * @param {readonly string[]} parts
 * @param {Intl.ListFormatOptions} [options] 'conjunction' without: "a, b and c"
 */
export function formatList(parts, options) {
  return formatter('ListFormat', options).format(parts);
}

/**
 * Returns Intl's formatter of the language, made once: making one takes longer than a frame has.
 * @template {Kind} Name
 * @param {Name} kind
 * @param {object} [options]
 * @returns {InstanceType<typeof Intl[Name]>}
 */
export function formatter(kind, options) {
  const {locale, formatters} = spoken;
  const key = options ? kind + JSON.stringify(options) : kind;
  const Formatter = /** @type {new (locale: string, options?: object) => unknown} */ (Intl[kind]);
  const made = formatters.get(key) ?? new Formatter(locale, options);
  formatters.set(key, made);
  return /** @type {InstanceType<typeof Intl[Name]>} */ (made);
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
