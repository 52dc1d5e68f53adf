/**
 * @file @vladmandic/human on TF.js's WebAssembly backend, one thread, with all but face detection and expression
 * turned off, and no result reused from an earlier frame.
 */
const HUMAN = new URL('../../peers/human/', import.meta.url);
const OFF = {enabled: false};
const NO_REUSE = {skipFrames: 0, skipTime: 0};
const CONFIG = {
  backend: 'wasm',
  wasmPath: new URL('../../vendor/tfjs/', import.meta.url).href,
  modelBasePath: new URL('models/', HUMAN).href,
  cacheSensitivity: 0,
  cacheModels: false,
  warmup: 'none',
  debug: false,
  filter: OFF, gesture: OFF, body: OFF, hand: OFF, object: OFF, segmentation: OFF,
  face: {
    enabled: true,
    detector: {...NO_REUSE, rotation: false, maxDetected: 1},
    emotion: {...NO_REUSE, enabled: true},
    mesh: OFF, attention: OFF, iris: OFF, description: OFF, antispoof: OFF, liveness: OFF,
  },
};

/** Its detector, every face of a picture. @returns {Promise<import('../faces.js').Detect>} */
export async function openHumanDetector() {
  const {Human} = await import('../../peers/human/dist/human.esm.js');
  const face = {...CONFIG.face, detector: {...CONFIG.face.detector, maxDetected: 1000}, emotion: OFF};
  const human = new Human({...CONFIG, face});
  await human.load();
  return async (picture) => {
    const {face: faces, error} = await human.detect(picture);
    if (error) throw new Error(error);
    return faces.map(({box: [x, y, width, height]}) => [x + width / 2, y + height / 2, width]);
  };
}

/** @returns {Promise<import('../subjects.js').Subject>} */
export async function openHuman() {
  const {Human} = await import('../../peers/human/dist/human.esm.js');
  const human = new Human(CONFIG);
  await human.load();
  let network;
  return {
    async classify() {
      network ??= await human.tf.loadGraphModel(new URL('models/emotion.json', HUMAN).href);
      const input = human.tf.tensor(PIXELS, [1, 64, 64, 1], 'float32');
      const output = network.execute(input);
      output.dataSync();
      human.tf.dispose([input, output]);
    },
    async recognize(frame) {
      const {face, error} = await human.detect(frame);
      if (error) throw new Error(error);
      return face.map(({emotion}) => emotion?.[0]?.emotion ?? 'none');
    },
  };
}

const PIXELS = Float32Array.from({length: 64 * 64}, (_, place) => ((place * 7) % 256) / 127.5 - 1);
