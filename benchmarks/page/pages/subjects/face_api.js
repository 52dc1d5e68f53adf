/**
 * @file @vladmandic/face-api on TF.js's WebAssembly backend, one thread: the tiny detector at 224 pixels (its quick
 * setting) and the expression net.
 */
const FACE_API = new URL('../../peers/face-api/', import.meta.url);

/** @returns {Promise<import('../subjects.js').Subject>} */
export async function openFaceApi() {
  const api = await import('../../peers/face-api/dist/face-api.esm.js');
  api.tf.setWasmPaths(new URL('../../vendor/tfjs/', import.meta.url).href, true);
  await api.tf.setBackend('wasm');
  await api.tf.ready();
  const models = new URL('model', FACE_API).href;
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
