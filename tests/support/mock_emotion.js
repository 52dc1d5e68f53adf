// Stands in for web/static/runtime/emotion.js in tests of the page's own states: answers what window.mock says.
const wanted = () => globalThis.mock ?? {};

export class EmotionRecognizer {
  /** @type {any} */
  manifest;
  /** @type {string[]} */
  labels = [];

  /** @param {string} manifestUrl @param {{onProgress?: (progress: {done: number, step: string}) => void}} [options] */
  static async load(manifestUrl, {onProgress} = {}) {
    onProgress?.({done: 0.4, step: 'models'});
    await new Promise((resolve) => setTimeout(resolve, wanted().delay ?? 0));
    if (wanted().loadError) throw Object.assign(new Error('made up'), {name: wanted().loadError});
    const recognizer = new EmotionRecognizer();
    recognizer.manifest = await (await fetch(manifestUrl)).json();
    recognizer.labels = recognizer.manifest.contract.labels;
    return recognizer;
  }

  /**
   * @param {HTMLVideoElement | HTMLCanvasElement | ImageBitmap} source
   * @param {{time?: number | null, baseline?: Map<number, object> | null, reach?: 'near' | 'far'}} [options]
   */
  async recognize(source, {time = null, baseline = null, reach} = {}) {
    globalThis.reach = reach;
    globalThis.baselines = baseline && [...baseline];
    await Promise.resolve(); // as the real one, which waits for its worker
    if (wanted().lookDelay) await new Promise((resolve) => setTimeout(resolve, wanted().lookDelay));
    globalThis.calls = (globalThis.calls ?? 0) + 1;
    if (wanted().error) throw Object.assign(new Error(wanted().error), {name: wanted().errorName ?? 'Error'});
    const {width, height} = source instanceof HTMLVideoElement ?
      {width: source.videoWidth, height: source.videoHeight} : source;
    const boxes = wanted().boxes ?? [[0.3, 0.2, 0.4, 0.5]];
    const faces = boxes.map(([left, top, across, down], index) => {
      const top1 = (index * 3 + 3) % this.labels.length;
      const wave = time === null ? 0 : 0.1 * Math.sin(time / 2 + index);
      const shares = Float32Array.from(this.labels, (_, place) => (place * 5 + 2) % this.labels.length);
      shares[top1] = 0;
      const rest = shares.reduce((sum, share) => sum + share, 0);
      shares.forEach((share, place) => {
        shares[place] = place === top1 ? 0.72 + wave : (0.28 - wave) * share / rest;
      });
      return {
        box: {x: left * width, y: top * height, width: across * width, height: down * height},
        score: 0.9, track: time === null ? null : index + (wanted().firstTrack ?? 1), probabilities: shares,
        smoothed: time === null ? null : shares, label: this.labels[top1], certain: !wanted().unclear,
        eyes: [[0, 0], [1, 1]], keypoints: {right_eye: [0, 0], left_eye: [1, 1]}, small: across < 0.05,
      };
    });
    return Object.defineProperty(faces, 'timings', {value: wanted().timings ?? {detect: 3.2, classify: 1.1 * faces.length}});
  }

  /** @param {ImageBitmap[]} frames */
  async learnNeutral(frames) {
    globalThis.learnt = frames.map(({width}) => width);
    await new Promise((resolve) => setTimeout(resolve, wanted().learnDelay ?? 0));
    if (wanted().learnError) throw Object.assign(new Error('made up'), {name: wanted().learnError});
    const {Baseline} = await import('./baseline.js');
    const model = this.manifest.artifacts.int8.files[0].sha256;
    return new Baseline(model, 'both', this.labels, this.labels.map((_, place) => 10 * place));
  }

  /** @param {{model: string}} baseline */
  checkBaseline({model}) {
    const own = this.manifest.artifacts.int8.files[0].sha256;
    if (model !== own) throw Object.assign(new Error('learnt with another model'), {name: 'BaselineError'});
  }

  reset() {
    globalThis.resets = (globalThis.resets ?? 0) + 1;
    return Promise.resolve();
  }

  dispose() {}
}
