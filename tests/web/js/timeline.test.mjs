// The page's last minute: what is kept, and what is written out.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Timeline} from '../../../web/static/page/timeline.js';

const LABELS = ['calm', 'very "loud", indeed'];
/** @param {number} track */
const face = (track, label = LABELS[0]) => ({
  track, label, box: {x: 1.26, y: -2, width: 30, height: 40}, probabilities: Float32Array.of(0.9, 0.1),
  smoothed: Float32Array.of(0.75, 0.25), certain: track === 1,
});

/** @param {number} seconds */
function filled(seconds) {
  const timeline = new Timeline();
  timeline.reset(LABELS, 'small', 'tfjs');
  for (let time = 0; time <= seconds; time += 0.5) timeline.add([face(1), face(2, LABELS[1])], time);
  return timeline;
}

test('it keeps a minute, however long it runs', () => {
  const {samples} = filled(300);
  assert.equal(samples[0].time, 240);
  assert.equal(samples.at(-1)?.time, 300);
  assert.equal(samples.length, 2 * 121);
});

test('it writes CSV with quotes where they are needed', () => {
  const lines = filled(1).toCsv().split('\r\n');
  assert.equal(lines.length, 1 + 6 + 1);
  assert.equal(lines[0], 'time,seconds,face,label,certain,p_calm,"p_very ""loud"", indeed",x,y,width,height');
  assert.match(lines[2], /^\d{4}-\d\d-\d\dT[\d:.]+Z,0\.000,2,"very ""loud"", indeed",false,0\.7500,0\.2500,1\.3,-2\.0,30\.0,40\.0$/);
});

test('it writes JSON with the model and the smoothed probabilities', () => {
  const value = JSON.parse(filled(1).toJson());
  assert.deepEqual([value.model, value.engine, value.labels], ['small', 'tfjs', LABELS]);
  assert.deepEqual([value.samples[0].certain, value.samples[1].certain], [true, false]);
  assert.deepEqual(value.samples[0].probabilities, [0.75, 0.25]);
  assert.equal(value.samples.length, 6);
});
