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

  'share.tools': 'Save and enlarge',
  'share.snapshot': 'Snapshot',
  'share.record': 'Record',
  'share.finish': 'Finish',
  'share.finish.whole': 'Finish recording',
  'share.fullscreen': 'Full screen',
  'share.resolution': 'Resolution',
  'share.best': 'Best',
  'share.lacks': 'This camera has no {wanted}: it gives {given}.',
  'share.offers': 'Snapshots and recordings',
  'share.snapshot.title': 'Snapshot, {size}',
  'share.recording.title': 'Recording, {time}, {size}',
  'share.private': 'The file stays with you: nothing is uploaded, and this page keeps no copy.',
  'share.save': 'Save',
  'share.copy': 'Copy',
  'share.share': 'Share',
  'share.discard': 'Discard',
  'share.close': 'Close',
  'share.saved': 'Saved as {name}.',
  'share.copied': 'Copied.',
  'share.shared': 'Shared.',
  'share.refused': 'The browser refused that. Save the file instead.',
  'share.taken': 'Snapshot taken. It can be saved below the buttons.',
  'share.nopicture': 'There is no picture to take, or no memory for it.',
  'share.begins': 'Recording.',
  'share.rests': 'The recording is paused.',
  'share.goeson': 'The recording goes on.',
  'share.recorded': 'The recording has ended. It can be saved below the buttons.',
  'share.full': 'The recording ended at its limit.',
  'share.nothing': 'Nothing was recorded.',
  'share.norecorder': 'This browser cannot record the picture.',
  'share.missing': 'Snapshots and recordings could not be loaded. Connect or reload the page, then try again.',
};
