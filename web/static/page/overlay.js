/** @file Draws boxes and labels over the picture. */
import {contextOf} from './elements.js';
import {faceName, percent, shadeOfFace, shownProbabilities, wordOf} from './palette.js';

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
  if (!width || !height) return;
  const {scale, left, top} = placeOf(width, height, clientWidth, clientHeight);
  faces.forEach((face, index) => {
    const x = mirrored ? width - face.box.x - face.box.width : face.box.x;
    const box = {
      x: left + x * scale, y: top + face.box.y * scale, width: face.box.width * scale, height: face.box.height * scale,
    };
    const shade = shadeOfFace(face, labels);
    drawCorners(context, box, shade);
    const share = shownProbabilities(face)[labels.indexOf(face.label)] ?? 0;
    const name = faces.length > 1 ? `${faceName(face, index)} · ` : '';
    const word = face.certain ? `${face.label} ${percent(share)}` : wordOf(face);
    drawTag(context, name, word, face.certain, box, shade, clientWidth);
  });
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
 * @param {string} name of the face, where there are several
 * @param {string} word
 * @param {boolean} certain
 * @param {Box} box
 * @param {string} shade
 * @param {number} stageWidth
 */
function drawTag(context, name, word, certain, box, shade, stageWidth) {
  context.font = FONT;
  const indent = context.measureText(name).width;
  const width = indent + context.measureText(word).width + 36;
  const x = Math.min(Math.max(box.x + box.width / 2 - width / 2, 6), Math.max(stageWidth - width - 6, 6));
  const y = box.y > 40 ? box.y - 36 : Math.max(box.y + 8, 8);
  context.fillStyle = 'rgb(9 12 11 / 86%)';
  context.beginPath();
  context.roundRect(x, y, width, 28, 14);
  context.fill();
  context.beginPath();
  context.arc(x + 15, y + 14, certain ? 5 : 4, 0, 7);
  context.fillStyle = context.strokeStyle = shade;
  context.lineWidth = 2;
  context[certain ? 'fill' : 'stroke'](); // a ring: nothing is told by colour alone
  context.textBaseline = 'middle';
  context.fillStyle = '#fff';
  context.fillText(name, x + 26, y + 15);
  if (!certain) context.fillStyle = UNCLEAR_TEXT;
  context.fillText(word, x + 26 + indent, y + 15);
}
