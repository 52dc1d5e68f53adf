/**
 * @file Where the page's sentences stand: in words/en.js and beside it, and nowhere else. What reads the sources here goes by
 * how they are written, not by what they mean: a new way of showing a text needs a line in SHOWN, a new text that is no
 * sentence one in NO_SENTENCE.
 */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import english from '../../../web/static/page/words/en.js';

const STATIC = new URL('../../../web/static/', import.meta.url);
const PAGE = new URL('page/', STATIC);
const html = readFileSync(new URL('index.html', STATIC), 'utf8');

/** Keys that are put together: what comes before the part that changes. */
const PUT_TOGETHER = ['emotion.', 'state.', 'reason.', 'compare.', 'video.limit.'];

/** The page's modules without the lists of words and the embedding example, by name, without their comments. */
const sources = new Map(readdirSync(PAGE, {recursive: true}).map(String)
  .filter((name) => name.endsWith('.js') && !/^words\/[a-z]{2}\.js$/.test(name) && name !== 'example.js')
  .map((name) => [name, withoutComments(readFileSync(new URL(name, PAGE), 'utf8'))]));

/** Where a text comes that somebody reads. What stands between is another text, or no text at all. */
const SHOWN = [
  /\.(?:textContent|innerText|title|alt|placeholder|ariaLabel|label) = (['`])(.*?)\1/g,
  /\bsetText\((?:[^,'`\n]|\['[^']*'\])*, (['`])(.*?)\1/g,
  /\? (['`])([A-Z][a-z].*?)\1 : /g,
  / : (['`])([A-Z][a-z].*?)\1[,;)]/g,
  /\bmake\('\w+', '[^']*', (['`])(.*?)\1/g,
  /\bnew Option\((['`])(.*?)\1/g,
  /\.(?:say|tell|append|fail|prepend|fillText)\((['`])(.*?)\1/g,
  /\bsetAttribute\('(?:aria-label|title|alt|aria-description|placeholder)', (['`])(.*?)\1/g,
  /\bnew UnusableFileError\((['`])(.*?)\1/g,
];
/** Texts of several words that nobody reads: media queries, fonts, colours, the worker's message, selectors, classes, a
 * set of images by its name in the manifest; and what a file for programs says in every language. */
const NO_SENTENCE = [
  /^\(prefers-/, /^(\d+ )?\d+px /, /^(rgb|hsl|linear-gradient)\(/, /^keep the rest$/, /^0 0 24 6$/, /^:disabled, /,
  / without leaked$/, /^input, select/, /^(dot ring|muted compare-legend-heads|count more-below|panel whole)$/, /^not read yet$/,
];
/** A module that is markup and style: its words come by t() all the same, and its first test reads them. */
const MARKUP = ['video/report.js'];

/** Not taken for a comment: 'image/*'. @param {string} text */
function withoutComments(text) {
  return text.replaceAll(/(^|[\s(])\/\*[\s\S]*?\*\//gm, '$1').replaceAll(/(^|\s)\/\/ .*$/gm, '$1');
}

/** A text between quotes, without what is put into it. @param {string} text */
const lettersOf = (text) => text.replaceAll(/\$\{[^}]*\}/g, '');

test('no module says anything of its own', () => {
  const found = [];
  for (const [name, text] of sources) {
    if (MARKUP.includes(name)) continue;
    // What a programmer reads: errors that the page tells by their name or shows as what they are.
    const kept = text.replaceAll(/new (?:Error|TypeError|RangeError|DOMException|BrokenOffError)\((?:[\w.?]+ \?\? )?(['`]).*?\1/g, 'new Error(');
    for (const shown of SHOWN) {
      for (const [, , words] of kept.matchAll(shown)) if (/[A-Za-z]{2}/.test(lettersOf(words))) found.push(`${name}: ${words}`);
    }
    for (const [, words] of kept.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)) {
      if (/[A-Za-z]{2,},? [a-z]{2,}/.test(words) && !NO_SENTENCE.some((usual) => usual.test(words))) found.push(`${name}: ${words}`);
    }
    for (const [, words] of kept.matchAll(/`((?:[^`\\]|\\.)*)`/g)) {
      if (/[A-Za-z]{2,},? [a-z]{2,}/.test(lettersOf(words)) && !NO_SENTENCE.some((usual) => usual.test(words))) found.push(`${name}: ${words}`);
    }
  }
  assert.deepEqual(found, [], 'say it with t() and put it into words/en.js');
});

test('every key is used, and none is used that is not there', () => {
  const named = new Set([...html.matchAll(/\bdata-t(?:-[a-z-]+)?="([^"]+)"/g)].map(([, key]) => key));
  for (const text of sources.values()) {
    // t('key'), t(cond ? 'one' : 'other'), and keys that wait in a list until the language is known.
    for (const [, key] of text.matchAll(/'([a-z]+(?:\.[A-Za-z]+)+)'/g)) if (key in english || isSaid(text, key)) named.add(key);
  }
  const put = (/** @type {string} */ key) => PUT_TOGETHER.some((prefix) => key.startsWith(prefix));
  assert.deepEqual(Object.keys(english).filter((key) => !named.has(key) && !put(key)), [], 'nobody says it');
  assert.deepEqual([...named].filter((key) => !(key in english)), [], 'not in en.js');
});

/** @param {string} text @param {string} key */
function isSaid(text, key) {
  return new RegExp(`\\bt\\([^()]*'${key.replaceAll('.', '\\.')}'`).test(text);
}

test('index.html says in English what en.js says', () => {
  const said = [];
  for (const [, attributes, inside] of html.matchAll(/<[a-z][a-z0-9]*\b([^>]*\bdata-t\b[^>]*|[^>]*\bdata-t-[^>]*)>([^<]*)/g)) {
    for (const [, name, key] of attributes.matchAll(/\bdata-t(?:-([a-z-]+))?="([^"]+)"/g)) {
      const text = name ? attributes.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1] ?? '' : inside;
      said.push([key, text.replaceAll(/\s+/g, ' ').trim()]);
    }
  }
  assert.equal(said.length, [...html.matchAll(/\bdata-t(?:-[a-z-]+)?="/g)].length, 'not all of them were read');
  const entries = /** @type {Record<string, unknown>} */ (english);
  for (const [key, text] of said) assert.equal(text, entries[key], key);
});

test('index.html says nothing that is not translated', () => {
  const usual = new Set(['Face Emotion Kit', 'English', 'Deutsch', 'CSV', 'JSON', '·', '–', '640 × 480', '1280 × 720', '1920 × 1080']);
  const body = html.slice(html.indexOf('<body')).replaceAll(/<!--[\s\S]*?-->/g, '');
  const bare = [...body.matchAll(/<([a-z][^>]*)>([^<]*)|<\/[^>]*>([^<]*)/g)]
    .filter(([, opening]) => !/\bdata-t=/.test(opening ?? ''))
    .map(([, , inside, behind]) => (inside ?? behind ?? '').trim()).filter((text) => text && !usual.has(text));
  assert.deepEqual(bare, []);
  const labels = [...body.matchAll(/<[a-z][^>]*\b(?:aria-label|title|placeholder)="[^"]*"[^>]*>/g)].map(([whole]) => whole);
  assert.deepEqual(labels.filter((whole) => !/\bdata-t-(?:aria-label|title|placeholder)=/.test(whole)), []);
});

test('what runs before the first paint knows the same languages', async () => {
  const {LANGUAGES} = await import('../../../web/static/page/words/words.js');
  const [, script] = html.match(/<script>([\s\S]*?)<\/script>/) ?? [];
  const known = [...(script ?? '').matchAll(/name === '(\w+)'/g)].map(([, name]) => name);
  assert.deepEqual(known, Object.keys(LANGUAGES));
  const links = [...html.matchAll(/<a href="\?lang=(\w+)" lang="(\w+)" hreflang="(\w+)">(\w+)<\/a>/g)];
  assert.deepEqual(links.map(([, ...parts]) => parts), Object.entries(LANGUAGES).map(([language, name]) => [language, language, language, name]));
});
