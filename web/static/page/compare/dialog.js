/** @file The dialog that models are compared in: its frame, without what they say. */
import {make} from '../elements.js';
import {t} from '../words/words.js';
import {HEADS, headName} from './table.js';

/** Makes the dialog; nothing of it is on the page yet. */
export function makeDialog() {
  const dialog = make('dialog', 'compare');
  dialog.setAttribute('aria-labelledby', 'compare-heading');
  const heading = make('h2', '', t('compare.title'));
  heading.id = 'compare-heading';
  const close = make('button', 'compare-close', t('compare.close'));
  close.type = 'button';
  close.addEventListener('click', () => dialog.close());
  // Beside it: the dialog has no padding of its own, so that only what is behind it is the dialog itself.
  dialog.addEventListener('click', ({target}) => { if (target === dialog) dialog.close(); });
  const top = make('header', 'compare-top');
  top.append(heading, close);
  const body = make('div', 'compare-body');
  dialog.append(top, body);
  return {dialog, body};
}

/** @typedef {ReturnType<typeof makeAnswers>} AnswersPart */

/** Makes the table and what is said below it. @param {boolean} isPersonal whether the page's own answer is another one */
export function makeAnswers(isPersonal) {
  const table = make('table', '');
  table.append(make('caption', 'visually-hidden', t('compare.title')));
  const head = table.createTHead().insertRow();
  for (const name of [t('compare.model'), ...HEADS.map(headName)]) {
    const cell = make('th', '', name);
    cell.scope = 'col';
    head.append(cell);
  }
  const rows = table.createTBody();
  const sentence = make('p', 'compare-sentence');
  sentence.setAttribute('role', 'status');
  const offer = make('div', 'compare-offer');
  const text = make('p', 'muted');
  const load = make('button', '', t('compare.load'));
  load.type = 'button';
  offer.append(load, text);
  offer.hidden = true;
  const section = make('section', 'compare-answers');
  section.append(table, sentence, offer, make('p', 'muted compare-legend-heads', t('compare.heads')));
  if (isPersonal) section.append(make('p', 'muted', t('compare.personal')));
  return {section, rows, sentence, offer, text, load};
}

/** Has the room's style sheet, before anything is shown that needs it. @returns {Promise<unknown>} */
export function withStyle() {
  const href = new URL('../../styles/compare.css', import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  const link = make('link', '');
  link.rel = 'stylesheet';
  link.href = href;
  return new Promise((resolve, reject) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error('styles/compare.css cannot be loaded'));
    });
    document.head.append(link);
  });
}
