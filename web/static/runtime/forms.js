/**
 * @file What a picture file is, and how it is turned. Browsers turn JPEG and AVIF, and not all of them WebP and PNG: of
 * these the note is taken out of the file, so that none does, and we turn them; so it is of a JPEG that is decoded at a
 * reduced size.
 */
import {sizeIn} from './picture_size.js';
import {MOST_PIXELS} from './picture_limits.js';

/**
 * A picture file.
 * @typedef {object} PictureFile
 * @property {string} form e.g. "JPEG"; '' for what is not known
 * @property {Blob} blob what the browser is to decode
 * @property {number} turn EXIF's orientation, 1..8, which is still to be done
 * @property {boolean} isDeep whether it is a PNG of 16 bits
 * @property {import('./picture_size.js').PictureSize | null} size as the file's header says it; null where it does not
 */

const HEAD = 1 << 20; // bytes that tell the size of nearly every picture
const WEBP_EXIF = 0x08; // flag in its first chunk
const LATE = ['JPEG', 'AVIF', 'HEIC']; // which may tell it behind much else
/** @type {[string, RegExp][]} form, and how such a file begins: bytes as letters */
const FORMS = [
  ['JPEG', /^\xff\xd8\xff/], ['PNG', /^\x89PNG\r\n.\n/], ['WEBP', /^RIFF....WEBP/s], ['GIF', /^GIF8/],
  ['BMP', /^BM/], ['TIFF', /^(II[*+]\0|MM\0[*+])/], ['AVIF', /^....ftypavi[fs]/s],
  ['HEIC', /^....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)/s], ['JPEG XL', /^(\xff\n|....JXL )/s],
  ['JPEG 2000', /^(....jP {2}|\xff\x4f\xff\x51)/s], ['Photoshop', /^8BPS/], ['PDF', /^%PDF/],
];

/**
 * Looks into a picture file.
 * @param {Blob} file
 * @returns {Promise<PictureFile>}
 */
export async function lookInto(file) {
  const start = await bytesOf(file.slice(0, HEAD));
  const head = lettersOf(start.subarray(0, 32));
  const form = FORMS.find(([, begins]) => begins.test(head))?.[0] ?? '';
  const size = sizeIn(start, form) ?? (file.size > HEAD && LATE.includes(form) ? sizeIn(await bytesOf(file), form) : null);
  const plain = {form, blob: file, turn: 1, isDeep: form === 'PNG' && head.charCodeAt(24) === 16, size};
  const isReduced = form === 'JPEG' && size && size.width * size.height > MOST_PIXELS;
  if (form !== 'WEBP' && form !== 'PNG' && !isReduced) return plain;
  const bytes = await bytesOf(file);
  const note = form === 'WEBP' ? noteOfWebp(bytes) : form === 'PNG' ? noteOfPng(bytes) : noteOfJpeg(bytes);
  const turn = note ? orientationOf(bytes.subarray(note.start, note.end)) : 1;
  if (!note || turn === 1) return plain;
  return {...plain, turn, blob: new Blob([bytes.subarray(0, note.chunk), bytes.subarray(note.next)], {type: file.type})};
}

/** @param {Blob} file */
async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

/** @typedef {{chunk: number, start: number, end: number, next: number}} Note places in the file: chunk, its data, the next */

/**
 * The EXIF chunk of a WebP, whose header says no more that there is one, and is the shorter for it.
 * @param {Uint8Array} bytes
 * @returns {Note | null}
 */
function noteOfWebp(bytes) {
  const view = new DataView(bytes.buffer);
  for (let chunk = 12; chunk + 8 <= bytes.length;) {
    const start = chunk + 8;
    const end = start + view.getUint32(chunk + 4, true);
    const next = end + (end & 1);
    if (lettersOf(bytes.subarray(chunk, chunk + 4)) === 'EXIF' && end <= bytes.length) {
      view.setUint32(4, view.getUint32(4, true) - (next - chunk), true);
      bytes[20] &= ~WEBP_EXIF;
      return {chunk, start: lettersOf(bytes.subarray(start, start + 6)) === 'Exif\0\0' ? start + 6 : start, end, next};
    }
    chunk = next;
  }
  return null;
}

/**
 * The EXIF segment of a JPEG.
 * @param {Uint8Array} bytes
 * @returns {Note | null}
 */
function noteOfJpeg(bytes) {
  for (let chunk = 2; chunk + 10 <= bytes.length && bytes[chunk] === 0xff && bytes[chunk + 1] !== 0xda;) {
    const next = chunk + 2 + (bytes[chunk + 2] << 8 | bytes[chunk + 3]);
    const isExif = bytes[chunk + 1] === 0xe1 && lettersOf(bytes.subarray(chunk + 4, chunk + 10)) === 'Exif\0\0';
    if (isExif && next <= bytes.length) return {chunk, start: chunk + 10, end: next, next};
    chunk = next;
  }
  return null;
}

/**
 * The eXIf chunk of a PNG.
 * @param {Uint8Array} bytes
 * @returns {Note | null}
 */
function noteOfPng(bytes) {
  const view = new DataView(bytes.buffer);
  for (let chunk = 8; chunk + 12 <= bytes.length;) {
    const start = chunk + 8;
    const end = start + view.getUint32(chunk);
    if (lettersOf(bytes.subarray(chunk + 4, start)) === 'eXIf' && end + 4 <= bytes.length) return {chunk, start, end, next: end + 4};
    chunk = end + 4;
  }
  return null;
}

/**
 * The orientation that EXIF states.
 * @param {Uint8Array} exif a TIFF header and what follows
 * @returns {number} 1..8; 1 where it states none
 */
function orientationOf(exif) {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.length);
  try {
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    for (let entry = directory + 2, count = view.getUint16(directory, little); count > 0; entry += 12, count--) {
      if (view.getUint16(entry, little) !== 0x112) continue;
      const turn = view.getUint16(entry + 8, little);
      return turn >= 1 && turn <= 8 ? turn : 1;
    }
  } catch {
    // cut off: it states none
  }
  return 1;
}

/** @param {Uint8Array} bytes */
function lettersOf(bytes) {
  return String.fromCharCode(...bytes);
}
