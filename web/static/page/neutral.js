/** @file A person's own neutral in the live picture: learnt in two seconds, used for that face, dropped with its track. */
import {Kept} from './kept.js';
import {Learner} from './learner.js';

const OFFER = 'Do you look sad or angry to it when you are not? Teach it your face at rest.';

/** @typedef {import('../runtime/emotion.js').Baseline} Baseline */
/** @typedef {Pick<import('../runtime/emotion.js').Face, 'track'>} Seen */
/** @typedef {{track: number, baseline: Baseline, seen: number}} Bound seen: when the track was last in view, in seconds */

/** Learns a neutral face from what is looked at, and holds it for the track that it was learnt from. */
export class Neutral {
  /** @type {import('../runtime/emotion.js').EmotionRecognizer | null} */
  #recognizer = null;
  #learner;
  /** @type {Bound | null} */
  #bound = null;
  #kept = new Kept();
  #isLooking = false; // whether frames come
  #isStill = false; // pictures have no tracks
  #offer = OFFER;
  #message = '';
  #again = false;
  /** @type {{faces: Seen[], time: number}} */
  #last = {faces: [], time: 0};

  /**
   * @param {import('./neutral_panel.js').NeutralPanel} panel
   * @param {import('./announcer.js').Announcer} announcer
   * @param {(error: unknown) => void} onError told of what is no fault of the picture
   */
  constructor(panel, announcer, onError) {
    this.panel = panel;
    this.announcer = announcer;
    this.#learner = new Learner({
      onLearnt: (track, baseline) => {
        this.#bind(track, baseline);
        if (this.#kept.isAny) this.#keep(true);
      },
      onProblem: (problem) => this.#tell(problem),
      onError,
    });
    panel.connect({
      learn: () => (this.#learner.share === null ? this.#learn() : this.#learner.fail('Nothing was learnt.')),
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
    const problem = this.#isOffered ? this.#kept.readFor(recognizer) : '';
    this.#offer = problem || OFFER;
    if (problem) this.announcer.say(problem);
    if (problem && this.#message) this.#message += ` ${problem}`;
    this.#show();
  }

  /** Takes note of whether frames come. @param {boolean} on */
  look(on) {
    this.#isLooking = on;
    if (!on && this.isLearning) return this.#learner.fail('The picture stood still: nothing was learnt.');
    return this.#show();
  }

  /** Takes note of the mode. @param {boolean} isStill whether it shows pictures */
  turnTo(isStill) {
    if (isStill !== this.#isStill) this.#message = '';
    this.#isStill = isStill;
    this.#show();
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
      this.#show();
    }
    const bound = this.#bound;
    if (!bound) return;
    if (faces.some(({track}) => track === bound.track)) bound.seen = time;
    else if (time - bound.seen > this.#recognizer?.manifest.contract.smoothing.reset_after) {
      this.drop(`Face ${bound.track} left the picture`);
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
    this.#tell(`${reason}: your neutral face is no longer used.${this.#kept.baseline ? ' It is still kept on this device.' : ''}`);
  }

  /** Lets go of what is being learnt, and says so. @param {string} reason */
  giveUp(reason) {
    if (this.#learner.share !== null) this.#learner.fail(`${reason}: nothing was learnt.`);
  }

  #learn() {
    this.#bound = null;
    this.#learner.begin();
    this.#again = true;
    this.#tell('Learning: look at the camera for two seconds, your face at rest.');
  }

  /** @param {number} track @param {Baseline} baseline */
  #bind(track, baseline) {
    this.#bound = {track, baseline, seen: this.#last.time};
    this.#again = true;
    this.#tell(`Your neutral face is in use for Face ${track}.`);
  }

  #use() {
    const [face, ...others] = this.#last.faces;
    const {baseline} = this.#kept;
    if (face && !others.length && face.track !== null && baseline) return this.#bind(face.track, baseline);
    return this.#tell('The kept neutral face is used for one face: be alone in the picture, then try again.');
  }

  #forget() {
    this.#kept.write(null);
    this.#bound = null;
    this.#again = false;
    this.#offer = OFFER;
    this.#tell('Your neutral face is forgotten.');
  }

  /** @param {boolean} on */
  #keep(on) {
    this.#offer = OFFER;
    const done = this.#kept.write(on ? this.#bound?.baseline ?? this.#kept.baseline : null);
    if (!on) return this.#tell('Nothing is kept on this device any more.');
    return this.#tell(done ? 'Your neutral face is in use, and kept on this device as numbers until you untick it.' :
      'This browser keeps nothing here: your neutral face lasts as long as the picture.');
  }

  /** @param {string} message */
  #tell(message) {
    this.#message = message;
    this.announcer.say(message);
    this.#show();
  }

  get #isOffered() {
    const strength = this.#recognizer?.manifest.contract.baseline_strength ?? 0;
    return strength > 0 && Boolean(this.#recognizer?.labels.includes('neutral'));
  }

  #show() {
    this.panel.show({
      isOffered: this.#isOffered && !this.#isStill, isLooking: this.#isLooking, isUsed: this.#bound !== null,
      isKept: this.#kept.isAny, isUsable: this.#kept.baseline !== null, again: this.#again,
      message: this.#message, offer: this.#offer, progress: this.#learner.share,
    });
  }
}
