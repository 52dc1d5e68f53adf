/** @file What a comparison of models comes to, in words. */
import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {commonOf, sentenceOf} from '../../../web/static/page/compare/agreement.js';
import {speak} from '../../../web/static/page/words/words.js';

/** @typedef {import('../../../web/static/page/compare/agreement.js').Opinion} Opinion */

/**
 * @param {string} name
 * @param {[string, number]} both
 * @param {[string, number]} [labels]
 * @param {[string, number]} [votes]
 * @returns {Opinion}
 */
function opinion(name, both, labels, votes) {
  const said = (/** @type {[string, number] | undefined} */ pair) => pair && {label: pair[0], share: pair[1]};
  return {name, both: {label: both[0], share: both[1]}, labels: said(labels), votes: said(votes)};
}
/** @param {string} name @param {string} label */
const sure = (name, label) => opinion(name, [label, 0.9], [label, 0.9], [label, 0.9]);

afterEach(() => speak(['en']));

test('models that agree are said to, and who does not is named', () => {
  assert.equal(sentenceOf([sure('small', 'happy')]), 'small says happy. Label and crowd agree.');
  assert.equal(sentenceOf([sure('nano', 'happy'), sure('small', 'happy'), sure('base', 'happy')]),
    'All 3 models say happy. Label and crowd agree.');
  assert.equal(sentenceOf([sure('nano', 'sad'), sure('small', 'happy'), sure('base', 'happy')]),
    '2 of 3 models say happy; nano says sad. Label and crowd agree.');
  assert.equal(sentenceOf([sure('nano', 'sad'), sure('small', 'happy'), sure('base', 'fear')]),
    'The models disagree: nano says sad, small says happy, base says fear. Label and crowd agree.');
  assert.equal(sentenceOf([sure('nano', 'sad'), sure('small', 'happy')]),
    'The models disagree: nano says sad, small says happy. Label and crowd agree.');
});

test('how label and crowd stand to each other is said: which is surer, where they disagree', () => {
  const less = ['nano', 'base'].map((name) => opinion(name, ['happy', 0.8], ['happy', 0.9], ['happy', 0.6]));
  assert.equal(sentenceOf(less),
    'All 2 models say happy. Label and crowd agree; the crowd is less sure (60\u202f% against 90\u202f%).');
  const more = [opinion('nano', ['happy', 0.8], ['happy', 0.6], ['happy', 0.75])];
  assert.equal(sentenceOf(more), 'nano says happy. Label and crowd agree; the crowd is surer (75\u202f% against 60\u202f%).');
  const split = [opinion('nano', ['happy', 0.8], ['happy', 0.6], ['neutral', 0.7]), sure('small', 'happy'),
    opinion('base', ['happy', 0.8], ['sad', 0.6], ['happy', 0.7])];
  assert.equal(sentenceOf(split), 'All 3 models say happy. Label and crowd disagree in nano, base.');
  assert.equal(sentenceOf([opinion('old', ['happy', 0.8], ['happy', 0.8])]), 'old says happy.'); // it has one head
});

test('it is said in German as well', async () => {
  await speak(['de']);
  assert.equal(sentenceOf([sure('nano', 'sad'), sure('small', 'happy'), sure('base', 'happy')]),
    '2 von 3 Modellen sagen fröhlich; nano sagt traurig. Etikett und Menge sind sich einig.');
});

test('the common class is said most often, of two the surer one', () => {
  assert.equal(commonOf([sure('nano', 'sad'), sure('small', 'happy'), sure('base', 'happy')]), 'happy');
  assert.equal(commonOf([opinion('nano', ['sad', 0.6], ['happy', 0.7])]), 'happy');
});
