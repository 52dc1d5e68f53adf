/** @file Draws boxes and labels over the picture. */
import {contextOf} from './elements.js';
import {faceName, percent, shadeOfFace, shareOf, wordOf} from './palette.js';
import {placeTags, TAG_HEIGHT, tagScale} from './tags.js';

const FONT = '600 14px system-ui, sans-serif';
const UNCLEAR_TEXT = '#b4bfba';

/** @typedef {{x: number, y: number, width: number, height: number}} Box in stage pixels */

/**
 * Returns where a picture stands on the stage when it is shown whole and centred ("contain").
 * @param {number} width of the picture
 * @param {number} height
 * @param {number} stageWidth
 * @param {number} stageHeight
 * @returns {{scale: number, left: number, top: number}} stage pixels a picture pixel, and the offset
 */
export function placeOf(width, height, stageWidth, stageHeight) {
  const scale = Math.min(stageWidth / width, stageHeight / height);
  return {scale, left: (stageWidth - width * scale) / 2, top: (stageHeight - height * scale) / 2};
}

/**
 * Draws the faces of a frame; none clears the overlay.
 * @param {HTMLCanvasElement} canvas laid over the picture
 * @param {import('../runtime/emotion.js').Face[]} faces
 * @param {number} width of the picture in its own pixels
 * @param {number} height
 * @param {string[]} labels the model's classes
 * @param {boolean} mirrored whether the picture is shown mirrored; text never is
 */
export function drawFaces(canvas, faces, width, height, labels, mirrored) {
  const ratio = devicePixelRatio || 1;
  const {clientWidth, clientHeight} = canvas;
  const [pixelsWide, pixelsHigh] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
  if (canvas.width !== pixelsWide || canvas.height !== pixelsHigh) {
    [canvas.width, canvas.height] = [pixelsWide, pixelsHigh];
  }
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, clientWidth, clientHeight);
  paintFaces(context, {faces, width, height, labels, mirrored}, clientWidth, clientHeight);
}

/**
 * What is to be seen: faces in a picture's own pixels, and how both are shown.
 * @typedef {{faces: import('../runtime/emotion.js').Face[], width: number, height: number, labels: string[], mirrored: boolean}} Scene
 */

/**
 * Paints boxes and labels onto a stage of any size, in whatever pixels the context's transform makes of those.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} stageWidth
 * @param {number} stageHeight
 */
export function paintFaces(context, {faces, width, height, labels, mirrored}, stageWidth, stageHeight) {
  if (!width || !height) return;
  const {scale, left, top} = placeOf(width, height, stageWidth, stageHeight);
  const boxes = faces.map(({box}) => {
    const x = mirrored ? width - box.x - box.width : box.x;
    return {x: left + x * scale, y: top + box.y * scale, width: box.width * scale, height: box.height * scale};
  });
  context.font = FONT;
  const texts = faces.map((face, index) => textsOf(face, index, faces.length, labels));
  const widths = texts.map((some) => some.map((text) => context.measureText(text.name + text.word).width + 36));
  const shades = faces.map((face) => shadeOfFace(face, labels));
  boxes.forEach((box, index) => drawCorners(context, box, shades[index]));
  placeTags(boxes, widths, stageWidth, stageHeight).forEach((tag, index) => {
    if (tag.text >= 0) drawTag(context, texts[index][tag.text], faces[index].certain, tag, shades[index], tagScale(faces.length));
  });
}

/**
 * What a face's label may say, the longest first: shorter ones are for pictures of many faces.
 * @param {import('../runtime/emotion.js').Face} face
 * @param {number} index
 * @param {number} count of the faces
 * @param {string[]} labels
 */
function textsOf(face, index, count, labels) {
  const share = percent(shareOf(face, labels));
  const word = wordOf(face);
  const whole = face.certain ? `${word} ${share}` : word;
  if (count === 1) return [{name: '', word: whole}];
  const name = faceName(face, index);
  const number = name.replace(/^\D+/, '');
  return [{name: `${name} · `, word: whole}, {name: `${number} · `, word}, {name: number, word: ''}];
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {string} shade */
function drawCorners(context, {x, y, width, height}, shade) {
  const arm = Math.min(width, height) * 0.22;
  const bend = Math.min(14, arm * 0.6);
  context.beginPath();
  for (const [cornerX, cornerY, right, down] of [[x, y, 1, 1], [x + width, y, -1, 1], [x + width, y + height, -1, -1], [x, y + height, 1, -1]]) {
    context.moveTo(cornerX, cornerY + down * arm);
    context.lineTo(cornerX, cornerY + down * bend);
    context.quadraticCurveTo(cornerX, cornerY, cornerX + right * bend, cornerY);
    context.lineTo(cornerX + right * arm, cornerY);
  }
  context.lineCap = 'round';
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.lineWidth = 6;
  context.stroke();
  context.strokeStyle = '#fff';
  context.lineWidth = 3;
  context.stroke();
  context.fillStyle = shade;
  context.fillRect(x + width * 0.35, y + height - 2, width * 0.3, 4);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{name: string, word: string}} text
 * @param {boolean} certain
 * @param {import('./tags.js').Tag} tag
 * @param {string} shade
 * @param {number} scale
 */
function drawTag(context, {name, word}, certain, {x, y, width}, shade, scale) {
  context.save();
  const {a: pixels} = context.getTransform(); // of the canvas to a unit: in between two of them a word would be a blur
  context.translate(Math.round(x * pixels) / pixels, Math.round(y * pixels) / pixels);
  context.scale(scale, scale);
  context.fillStyle = 'rgb(9 12 11 / 86%)';
  context.beginPath();
  context.roundRect(0, 0, width / scale, TAG_HEIGHT, TAG_HEIGHT / 2);
  context.fill();
  context.beginPath();
  context.arc(15, 14, certain ? 5 : 4, 0, 7);
  context.fillStyle = context.strokeStyle = shade;
  context.lineWidth = 2;
  context[certain ? 'fill' : 'stroke'](); // a ring: nothing is told by colour alone
  context.textBaseline = 'middle';
  context.fillStyle = '#fff';
  context.fillText(name, 26, 15);
  if (!certain) context.fillStyle = UNCLEAR_TEXT;
  context.fillText(word, 26 + context.measureText(name).width, 15);
  context.restore();
}
