/** @file This kit: EmotionRecognizer in its worker as an embedder uses it, and the classifier alone. */
import {Classifier} from '../../runtime/classifier.js';
import {readContract} from '../../runtime/contract.js';
import {EmotionRecognizer} from '../../runtime/emotion.js';
import {ModelFolder} from '../../runtime/model_files.js';

const MANIFEST = new URL('../../models/small/manifest.json', import.meta.url).href;
const GREY = Uint8Array.from({length: 48 * 48}, (_, place) => (place * 7) % 256);

/**
 * @param {'tfjs' | 'litert'} engine
 * @returns {Promise<import('../subjects.js').Subject>}
 */
export async function openKit(engine) {
  const recognizer = await EmotionRecognizer.load(MANIFEST, {engine});
  let classifier;
  return {
    async classify() {
      classifier ??= await openClassifier(engine);
      await classifier.probabilities([GREY]);
    },
    async recognize(frame) {
      const faces = await recognizer.recognize(frame, {time: performance.now() / 1000});
      return faces.map(({label}) => label);
    },
  };
}

/** @param {'tfjs' | 'litert'} name */
async function openClassifier(name) {
  const engine = name === 'tfjs' ?
    await import('../../runtime/engines/tfjs.js') : await import('../../runtime/engines/litert.js');
  const artifact = engine.artifacts.classifier;
  const folder = await ModelFolder.open(MANIFEST);
  const contract = readContract(folder.manifest);
  const side = contract.inputSize;
  const network = await engine.load(await folder.artifact(artifact), [1, side, side, 1]);
  return new Classifier(network, contract, contract.blend, folder.manifest.artifacts[artifact]);
}
