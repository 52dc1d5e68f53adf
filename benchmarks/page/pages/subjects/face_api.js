/**
 * @file @vladmandic/face-api on TF.js's WebAssembly backend, one thread: the tiny detector at 224 pixels (its quick
 * setting) and the expression net.
 */
const FACE_API = new URL('../../peers/face-api/', import.meta.url);

async function start() {
  const api = await import('../../peers/face-api/dist/face-api.esm.js');
  api.tf.setWasmPaths(new URL('../../vendor/tfjs/', import.meta.url).href, true);
  await api.tf.setBackend('wasm');
  await api.tf.ready();
  return {api, models: new URL('model', FACE_API).href};
}

/**
 * One of its detectors with its own settings: SSD Mobilenet v1, or the tiny one at 416 pixels.
 * @param {'ssd' | 'tiny'} kind
 * @returns {Promise<import('../faces.js').Detect>}
 */
export async function openFaceApiDetector(kind) {
  const {api, models} = await start();
  await (kind === 'ssd' ? api.nets.ssdMobilenetv1 : api.nets.tinyFaceDetector).load(models);
  const options = kind === 'ssd' ? new api.SsdMobilenetv1Options({maxResults: 1000}) : new api.TinyFaceDetectorOptions();
  return async (picture) => {
    const faces = await api.detectAllFaces(picture, options);
    return faces.map(({box}) => [box.x + box.width / 2, box.y + box.height / 2, box.width]);
  };
}

/** @returns {Promise<import('../subjects.js').Subject>} */
export async function openFaceApi() {
  const {api, models} = await start();
  await Promise.all([api.nets.tinyFaceDetector.load(models), api.nets.faceExpressionNet.load(models)]);
  const options = new api.TinyFaceDetectorOptions({inputSize: 224});
  return {
    async classify() {
      const input = api.tf.tensor(PIXELS, [112, 112, 3], 'float32');
      await api.nets.faceExpressionNet.predictExpressions(input);
      input.dispose();
    },
    async recognize(frame) {
      const faces = await api.detectAllFaces(frame, options).withFaceExpressions();
      return faces.map(({expressions}) => expressions.asSortedArray()[0].expression);
    },
  };
}

const PIXELS = Float32Array.from({length: 112 * 112 * 3}, (_, place) => (place * 7) % 256);
