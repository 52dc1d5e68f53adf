/** @file The buttons around the stage: which there are in a mode, and which can be pressed. */
import {canRecord} from './sharing.js';
import {MODES} from './sources.js';
import {t} from './words/words.js';

/** @typedef {import('./sources.js').Mode} Mode */
/** @typedef {import('./elements.js').Elements} Elements */

/** Shows the controls. */
export class Controls {
  /**
   * @param {Pick<Elements, 'stop' | 'pause' | 'mirror' | 'camera-choice' | 'open' | 'open-folder' | 'file' | 'snapshot' |
   *   'record' | 'record-text'>} elements
   * @param {HTMLInputElement[]} modes the radio buttons, whose values are Modes
   */
  constructor(elements, modes) {
    this.elements = elements;
    this.modes = modes;
  }

  /**
   * Shows those of a mode.
   * @param {Mode} name
   */
  turnTo(name) {
    const {stop, pause, mirror, 'camera-choice': cameras, open, 'open-folder': folder, file, record} = this.elements;
    const {close, pauses, chooses, batches, accept} = MODES[name];
    for (const input of this.modes) input.checked = input.value === name;
    document.body.dataset.mode = name;
    mirror.hidden = cameras.hidden = !chooses;
    pause.hidden = !pauses;
    record.hidden = !pauses || !canRecord();
    open.hidden = accept === '';
    file.accept = accept || 'image/*';
    file.multiple = batches;
    folder.hidden = !(batches && 'webkitdirectory' in file); // phones have pictures, but no folders
    stop.textContent = t(close);
  }

  /** @param {ReturnType<import('./run_outcome.js').buttonsOf>} can which can be pressed */
  activate(can) {
    const {stop, pause, mirror, snapshot, record, 'record-text': text} = this.elements;
    stop.disabled = !can.stop;
    pause.disabled = !can.pause;
    pause.setAttribute('aria-pressed', String(can.isPaused));
    pause.textContent = t(can.isPaused ? 'control.resume' : 'control.pause');
    mirror.disabled = !can.mirror; // no file and no opening clip is shown mirrored
    snapshot.disabled = !can.snapshot;
    record.disabled = !can.record;
    record.classList.toggle('on', can.isRecording);
    record.setAttribute('aria-label', t(can.isRecording ? 'share.finish.whole' : 'share.record'));
    text.textContent = t(can.isRecording ? 'share.finish' : 'share.record');
  }
}
