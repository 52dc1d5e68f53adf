/** @file A person's own neutral in the live picture: learnt in two seconds, used for that face, dropped with its track. */
import {Kept} from './kept.js';
import {Learner} from './learner.js';
import {NeutralLine} from './neutral_line.js';
import {faceName} from './palette.js';
import {t} from './words/words.js';

/** @typedef {import('../runtime/emotion.js').Baseline} Baseline */
/** @typedef {Pick<import('../runtime/emotion.js').Face, 'track' | 'probabilities'>} Seen */
/** @typedef {{track: number, baseline: Baseline, seen: number}} Bound seen: when the track was last in view, in seconds */

/** Learns a neutral face from what is looked at, and holds it for the track that it was learnt from. */
export class Neutral {
  /** @type {import('../runtime/emotion.js').EmotionRecognizer | null} */
  #recognizer = null;
  #learner;
  #line;
  /** @type {Bound | null} */
  #bound = null;
  #kept = new Kept();
  /** @type {{faces: Seen[], time: number}} */
  #last = {faces: [], time: 0};

  /**
   * @param {import('./neutral_panel.js').NeutralPanel} panel
   * @param {import('./announcer.js').Announcer} announcer
   * @param {(error: unknown) => void} onError told of what is no fault of the picture
   */
  constructor(panel, announcer, onError) {
    this.#line = new NeutralLine(panel, announcer, () => ({
      isOffered: this.#isOffered, isUsed: this.#bound !== null, isKept: this.#kept.isAny,
      isUsable: this.#kept.baseline !== null, progress: this.#learner.share,
    }));
    this.#learner = new Learner({
      onLearnt: (track, baseline) => {
        this.#bind(track, baseline);
        if (this.#kept.isAny) this.#keep(true);
      },
      onProblem: (problem) => this.#line.tell(problem),
      onError,
    });
    panel.connect({
      learn: () => (this.#learner.share === null ? this.#learn() : this.#learner.fail(t('neutral.cancelled'))),
      use: () => this.#use(), forget: () => this.#forget(), keep: (on) => this.#keep(on),
    });
  }

  /** Whether `see` wants each frame as it was looked at. */
  get isLearning() {
    return this.#learner.wantsFrames;
  }

  /** What `recognize` takes: the baseline of the track that was learnt. */
  get baselines() {
    return this.#bound && new Map([[this.#bound.track, this.#bound.baseline]]);
  }

  /**
   * Takes another model.
   * @param {import('../runtime/emotion.js').EmotionRecognizer} recognizer
   */
  reset(recognizer) {
    this.#recognizer = recognizer;
    this.#line.offer(this.#isOffered ? this.#kept.readFor(recognizer) : '');
  }

  /** Takes note of whether frames come. @param {boolean} on */
  look(on) {
    this.#line.look(on);
    if (!on && this.isLearning) this.#learner.fail(t('neutral.still'));
  }

  /** Takes note of the mode. @param {boolean} isStill whether it shows pictures */
  turnTo(isStill) {
    this.#line.turnTo(isStill);
  }

  /**
   * Takes note of a frame's faces.
   * @param {Seen[]} faces
   * @param {number} time in seconds
   * @param {ImageBitmap | null} frame what was looked at, if it learns; closed in the end
   */
  see(faces, time, frame) {
    this.#last = {faces, time};
    if (frame) {
      this.#learner.take(faces, time, frame, this.#recognizer);
      this.#line.show();
    }
    const bound = this.#bound;
    if (!bound) return;
    if (faces.some(({track}) => track === bound.track)) bound.seen = time;
    else if (time - bound.seen > this.#recognizer?.manifest.contract.smoothing.reset_after) {
      this.drop(t('neutral.left', {face: faceName(bound, 0)}));
    }
  }

  /**
   * Lets go of what is used or being learnt, and says so.
   * @param {string} reason
   */
  drop(reason) {
    this.#last.faces = [];
    this.giveUp(reason);
    if (!this.#bound) return;
    this.#bound = null;
    this.#line.tell(t(this.#kept.baseline ? 'neutral.dropped.kept' : 'neutral.dropped', {reason}));
  }

  /** Lets go of what is being learnt, and says so. @param {string} reason */
  giveUp(reason) {
    if (this.#learner.share !== null) this.#learner.fail(t('neutral.givenup', {reason}));
  }

  #learn() {
    this.#bound = null;
    this.#learner.begin();
    this.#line.tell(t('neutral.begun'), {again: true});
  }

  /** @param {number} track @param {Baseline} baseline */
  #bind(track, baseline) {
    this.#bound = {track, baseline, seen: this.#last.time};
    this.#line.tell(t('neutral.used', {face: faceName({track}, 0)}), {again: true});
  }

  #use() {
    const [face, ...others] = this.#last.faces;
    const {baseline} = this.#kept;
    if (face && !others.length && face.track !== null && baseline) return this.#bind(face.track, baseline);
    return this.#line.tell(t('neutral.alone'));
  }

  #forget() {
    this.#kept.write(null);
    this.#bound = null;
    this.#line.offer();
    this.#line.tell(t('neutral.forgotten'), {again: false});
  }

  /** @param {boolean} on */
  #keep(on) {
    const done = this.#kept.write(on ? this.#bound?.baseline ?? this.#kept.baseline : null);
    this.#line.offer();
    if (!on) return this.#line.tell(t('neutral.unkept'));
    return this.#line.tell(t(done ? 'neutral.kept' : 'neutral.unkeepable'));
  }

  get #isOffered() {
    const strength = this.#recognizer?.manifest.contract.baseline_strength ?? 0;
    return strength > 0 && Boolean(this.#recognizer?.labels.includes('neutral'));
  }
}
