/**
 * @file Everything that the page says, in English: the language in which it is complete. Other languages stand beside it.
 *
 * A key names the part of the page and what is said there. `{name}` is filled in; of {one, other} the number `{count}` chooses.
 */

/** @typedef {string | {one: string, other: string}} Message */

export default {
  'emotion.angry': 'angry',
  'emotion.disgust': 'disgust',
  'emotion.fear': 'fear',
  'emotion.happy': 'happy',
  'emotion.sad': 'sad',
  'emotion.surprise': 'surprise',
  'emotion.neutral': 'neutral',
  'emotion.unclear': 'unclear',
  'face.name': 'Face {number}',
  'announce.faces': {one: '{count} face: {labels}.', other: '{count} faces: {labels}.'},
  'announce.none': 'No face in view.',
  'cards.empty': 'Each face in view gets a card here, with a bar for each expression.',
  'cards.bars': '{name}: probabilities',
  'cards.more': '{name}: all expressions',
  'cards.scroll': 'scroll for all',
};
