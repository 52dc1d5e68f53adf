/** @file The buttons around the stage: which there are in a mode, and which can be pressed. */
import {MODES} from './sources.js';

/** @typedef {import('./sources.js').Mode} Mode */
/** @typedef {import('./elements.js').Elements} Elements */

/** Shows the controls. */
export class Controls {
  /**
   * @param {Pick<Elements, 'stop' | 'pause' | 'mirror' | 'camera-choice' | 'open' | 'open-folder' | 'file'>} elements
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
    const {stop, pause, mirror, 'camera-choice': cameras, open, 'open-folder': folder, file} = this.elements;
    const {close, pauses, chooses, batches, accept} = MODES[name];
    for (const input of this.modes) input.checked = input.value === name;
    document.body.dataset.mode = name;
    mirror.hidden = cameras.hidden = !chooses;
    pause.hidden = !pauses;
    open.hidden = accept === '';
    file.accept = accept || 'image/*';
    file.multiple = batches;
    folder.hidden = !(batches && 'webkitdirectory' in file); // phones have pictures, but no folders
    stop.textContent = close;
  }

  /** @param {{stop: boolean, pause: boolean, isPaused: boolean}} can which can be pressed */
  activate(can) {
    const {stop, pause} = this.elements;
    stop.disabled = !can.stop;
    pause.disabled = !can.pause;
    pause.setAttribute('aria-pressed', String(can.isPaused));
    pause.textContent = can.isPaused ? 'Resume' : 'Pause';
  }
}
