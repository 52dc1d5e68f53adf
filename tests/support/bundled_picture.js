// Stands in for examples/bundlers/camera.js in tests: reads one picture with both engines, and says what each finds.
const answer = /** @type {HTMLElement} */ (document.getElementById('answer'));

/** @param {(options: {engine: 'tfjs' | 'litert'}) => Promise<import('face-emotion-kit').EmotionRecognizer>} load */
export async function run(load) {
  const picture = Object.assign(new Image(), {src: 'portrait.jpg'});
  await picture.decode();
  const words = [];
  try {
    for (const engine of /** @type {const} */ (['tfjs', 'litert'])) {
      const recognizer = await load({engine});
      const faces = await recognizer.recognize(picture);
      words.push(`${engine}: ${faces.map(({label}) => label).join(' ')}`);
      recognizer.dispose();
    }
  } catch (error) {
    words.push(String(error));
  }
  answer.textContent = words.join(', ');
}
