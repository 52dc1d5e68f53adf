/**
 * @file How large a file's picture is, as the file's first bytes say: known before a browser decodes it. Pure.
 */

/**
 * What the header says.
 * @typedef {object} PictureSize
 * @property {number} width in pixels, as the picture is stored
 * @property {number} height
 * @property {boolean} isProgressive whether it is a JPEG that decoders hold whole, as coefficients
 */

/** @type {Record<string, (view: DataView) => PictureSize | null>} by the form */
const READERS = {
  JPEG: ofJpeg, PNG: (view) => size(view.getUint32(16), view.getUint32(20)), WEBP: ofWebp,
  GIF: (view) => size(view.getUint16(6, true), view.getUint16(8, true)), BMP: ofBmp, AVIF: ofBoxes, HEIC: ofBoxes,
};

/**
 * The size of a picture.
 * @param {Uint8Array} bytes of the file, from its beginning
 * @param {string} form e.g. "JPEG"
 * @returns {PictureSize | null} null where these bytes do not say it
 */
export function sizeIn(bytes, form) {
  try {
    return READERS[form]?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)) ?? null;
  } catch {
    return null; // they end before it is said
  }
}

/** @param {number} width @param {number} height @returns {PictureSize} */
const size = (width, height) => ({width, height, isProgressive: false});

/** Of the first frame header, SOF0 to SOF15 (ITU T.81, B.2.2). @param {DataView} view */
function ofJpeg(view) {
  for (let place = 2; ;) {
    if (view.getUint8(place) !== 0xff) return null;
    const marker = view.getUint8(place + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker); // tables, and what is reserved
    if (isFrame) {
      return {width: view.getUint16(place + 7), height: view.getUint16(place + 5), isProgressive: (marker & 3) === 2};
    }
    if (marker === 0xff) place += 1; // fills up
    else place += marker === 1 || (marker >= 0xd0 && marker <= 0xd8) ? 2 : 2 + view.getUint16(place + 2);
  }
}

/** Of the first chunk (RFC 9649). @param {DataView} view */
function ofWebp(view) {
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return size(1 + (view.getUint32(23, true) >>> 8), 1 + (view.getUint32(26, true) >>> 8));
    case 0x5650384c: { // VP8L
      const bits = view.getUint32(21, true);
      return size(1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff));
    }
    case 0x56503820: // VP8
      return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    default: return null;
  }
}

/** @param {DataView} view */
function ofBmp(view) {
  if (view.getUint32(14, true) === 12) return size(view.getUint16(18, true), view.getUint16(20, true)); // OS/2's
  return size(Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))); // a negative height: from the top down
}

/** Of the largest picture that the box meta names: the others are its tiles, its opacity, a small one. @param {DataView} view */
function ofBoxes(view) {
  for (let place = 0; place + 8 <= view.byteLength;) {
    const length = view.getUint32(place);
    if (view.getUint32(place + 4) === 0x6d657461) return largestIn(view, place + 8, place + length); // meta
    if (length < 8) return null; // to the end of the file, or longer than 4 GB
    place += length;
  }
  return null;
}

/** The largest ispe (ISO/IEC 23008-12, 6.5.3). @param {DataView} view @param {number} start @param {number} end */
function largestIn(view, start, end) {
  /** @type {PictureSize | null} */
  let largest = null;
  for (let place = start; place < end; place += 1) {
    if (view.getUint32(place) !== 0x69737065) continue; // ispe
    const [width, height] = [view.getUint32(place + 8), view.getUint32(place + 12)];
    if (width * height > (largest ? largest.width * largest.height : 0)) largest = size(width, height);
  }
  return largest;
}
