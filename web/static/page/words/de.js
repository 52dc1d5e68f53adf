/** @file Everything that the page says, in German. */

/** @type {Partial<Record<import('./words.js').Key, import('./en.js').Message>>} */
export default {
  'emotion.angry': 'wütend',
  'emotion.disgust': 'angeekelt',
  'emotion.fear': 'ängstlich',
  'emotion.happy': 'fröhlich',
  'emotion.sad': 'traurig',
  'emotion.surprise': 'überrascht',
  'emotion.neutral': 'neutral',
  'emotion.unclear': 'unklar',
  'face.name': 'Gesicht {number}',
  'announce.faces': {one: '{count} Gesicht: {labels}.', other: '{count} Gesichter: {labels}.'},
  'announce.none': 'Kein Gesicht im Bild.',
  'cards.empty': 'Jedes Gesicht im Bild bekommt hier eine Karte, mit einem Balken für jeden Ausdruck.',
  'cards.bars': '{name}: Wahrscheinlichkeiten',
  'cards.more': '{name}: alle Ausdrücke',
  'cards.scroll': 'für alle scrollen',
};
