/** @file What the page says: languages, plurals, numbers, and what is missing where. */
import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import german from '../../../web/static/page/words/de.js';
import english from '../../../web/static/page/words/en.js';
import {formatNumber, labelWord, languageOf, speak, t} from '../../../web/static/page/words/words.js';

/** @param {string | {one: string, other: string}} message */
const formsOf = (message) => (typeof message === 'string' ? [message] : [message.one, message.other]);
/** @param {string | {one: string, other: string}} message */
const blanksOf = (message) => [...new Set(formsOf(message).join(' ').match(/\{\w+\}/g) ?? [])].sort();

afterEach(() => speak(['en']));

test('the first wanted language that the page speaks is spoken, with the numbers of its country', () => {
  assert.deepEqual(languageOf(['fr', 'de-AT', 'en']), {language: 'de', locale: 'de-AT'});
  assert.deepEqual(languageOf(['fr']), {language: 'en', locale: 'en'});
  assert.deepEqual(languageOf([]), {language: 'en', locale: 'en'});
  assert.deepEqual(languageOf(['EN-gb', 'de']), {language: 'en', locale: 'EN-gb'});
});

test('a sentence is filled in, and its number chooses its form', async () => {
  assert.equal(t('announce.faces', {count: 1, labels: 'happy'}), '1 face: happy.');
  assert.equal(t('announce.faces', {count: 1234, labels: 'many'}), '1,234 faces: many.');
  assert.equal(await speak(['de-DE']), 'de');
  assert.equal(t('announce.faces', {count: 1234, labels: 'viele'}), '1.234 Gesichter: viele.');
  assert.equal(t('face.name', {number: '7'}), 'Gesicht 7');
  assert.equal(formatNumber(12.5, {maximumFractionDigits: 1}), '12,5');
});

test('classes of the released models are translated, others keep their names', async () => {
  await speak(['de']);
  assert.equal(labelWord('angry'), 'wütend');
  assert.equal(labelWord('winking'), 'winking');
});

test('German says everything that English says, with the same blanks', () => {
  const translated = new Map(Object.entries(german));
  assert.deepEqual(Object.keys(english).filter((key) => !translated.has(key)), [], 'not in de.js');
  assert.deepEqual([...translated.keys()].filter((key) => !(key in english)), [], 'not in en.js');
  for (const [key, message] of Object.entries(english)) {
    const other = translated.get(key) ?? '';
    assert.deepEqual(blanksOf(other), blanksOf(message), key);
    assert.equal(typeof other, typeof message, key);
  }
});
