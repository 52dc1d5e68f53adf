/** @file What the page says: languages, plurals, numbers, and what is missing where. */
import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import german from '../../../web/static/page/words/de.js';
import english from '../../../web/static/page/words/en.js';
import {formatBytes, formatClock, formatDate, formatDuration} from '../../../web/static/page/words/measures.js';
import {formatList, formatNumber, formatPercent, labelWord, languageOf, speak, t} from '../../../web/static/page/words/words.js';

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

test('what is missing in a language is said in English', async () => {
  /** @type {Partial<Record<string, unknown>>} */
  const messages = german;
  const {'announce.none': missing} = messages;
  delete messages['announce.none'];
  await speak(['de']);
  assert.equal(t('announce.none'), 'No face in view.');
  messages['announce.none'] = missing;
  assert.equal(t('announce.none'), 'Kein Gesicht im Bild.');
});

test('an address may ask for anything', async () => {
  assert.deepEqual(languageOf(['constructor', 'de-!!', 'en']), {language: 'de', locale: 'de'});
  assert.equal(await speak(['', '__proto__', 'x'.repeat(500)]), 'en');
  assert.equal(formatNumber(1.5), '1.5');
  assert.equal(labelWord('__proto__'), '__proto__');
});

test('a blank without a value stays where it is', () => {
  assert.equal(t('quality.card'), '{link} has the rest.');
});

test('percentages, lists, dates, durations and sizes are written as the language does', async () => {
  const said = () => [
    formatPercent(0.873), formatPercent(0.8734, 1), formatPercent(1), formatList(['a', 'b', 'c']),
    formatList(['a', 'b'], {type: 'unit', style: 'short'}), formatDate(new Date(2026, 10, 29, 9, 5), {dateStyle: 'medium'}),
    formatClock(65.9), formatClock(3605), formatDuration(2.54), formatDuration(150), formatBytes(1234567), formatBytes(340_000),
  ];
  assert.deepEqual(said(), [
    '87\u202f%', '87.3\u202f%', '100\u202f%', 'a, b, and c', 'a, b', 'Nov 29, 2026',
    '1:05', '1:00:05', '2.5 sec', '2.5 min', '1.2 MB', '340 kB',
  ]);
  await speak(['de']);
  assert.deepEqual(said(), [
    '87\u202f%', '87,3\u202f%', '100\u202f%', 'a, b und c', 'a, b', '29.11.2026',
    '1:05', '1:00:05', '2,5 Sek.', '2,5 Min.', '1,2 MB', '340 kB',
  ]);
});

test('a sentence costs far less than a frame has', async () => {
  await speak(['de']);
  const turns = 500;
  const cost = (/** @type {() => unknown} */ work) => {
    const start = performance.now();
    for (let turn = 0; turn < turns; turn++) work();
    return performance.now() - start;
  };
  const works = [
    () => t('announce.faces', {count: 2, labels: 'a'}),
    () => new Intl.PluralRules('de').select(2) + new Intl.NumberFormat('de').format(2),
  ];
  // In turn, and the quickest of twenty: what else the machine does takes time from one of them only.
  const rounds = Array.from({length: 20}, () => works.map(cost));
  const [said, made] = works.map((_, which) => Math.min(...rounds.map((times) => times[which])));
  console.log(`${(1000 * said / turns).toFixed(2)} µs a sentence; with formatters of its own ${(1000 * made / turns).toFixed(2)}`);
  assert.ok(said < made / 3, `${said} ms against ${made} ms`);
});
