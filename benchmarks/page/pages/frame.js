/** @file What every subject looks at: a camera frame of 640 × 480 with the sample portrait in it. */

const [WIDTH, HEIGHT] = [640, 480];

/**
 * Draws a frame.
 * @param {number} [shift] pixels to the right
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function drawFrame(shift = 0) {
  const portrait = new Image();
  portrait.src = new URL('../samples/portrait.jpg', import.meta.url).href;
  await portrait.decode();
  const canvas = Object.assign(document.createElement('canvas'), {width: WIDTH, height: HEIGHT});
  const context = canvas.getContext('2d', {willReadFrequently: true});
  if (!context) throw new Error('the browser has no canvas to draw on');
  context.fillStyle = '#5a5a5a';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.drawImage(portrait, (WIDTH - HEIGHT) / 2 + shift, 0, HEIGHT, HEIGHT);
  return canvas;
}
