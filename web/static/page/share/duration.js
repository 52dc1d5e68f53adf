/**
 * @file How long a recording is, written into it: browsers leave that out of WebM, as they write while they record, and players
 * then neither tell it nor seek. (Matroska, RFC 9559: Segment > Info > Duration.)
 */

const [HEADER, SEGMENT, INFO, CLUSTER, SEEK, SCALE, DURATION] = [
  0x1a45dfa3, 0x18538067, 0x1549a966, 0x1f43b675, 0x114d9b74, 0x2ad7b1, 0x4489];
const USUAL_SCALE = 1_000_000; // nanoseconds a tick

/** @typedef {{id: number, start: number, body: number, end: number}} Element end: Infinity where its length is not known */

/**
 * Writes its length into the beginning of a WebM file.
 * @param {Uint8Array<ArrayBuffer>} head the file's first bytes, up to the first picture or beyond
 * @param {number} milliseconds
 * @returns {Uint8Array<ArrayBuffer>} these bytes, longer by the length; as they are where the length stands there, or they are no WebM
 */
export function withDuration(head, milliseconds) {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const info = infoOf(view);
  if (!info || info.end > head.length) return head;
  const parts = elementsOf(view, info.body, info.end);
  if (parts.some(({id}) => id === DURATION)) return head;
  const scale = parts.find(({id}) => id === SCALE);
  const ticks = milliseconds * 1e6 / (scale ? numberAt(view, scale.body, scale.end) : USUAL_SCALE);
  const added = new DataView(new ArrayBuffer(11));
  added.setUint16(0, DURATION);
  added.setUint8(2, 0x88); // eight bytes follow
  added.setFloat64(3, ticks);
  const length = new DataView(new ArrayBuffer(12));
  length.setUint32(0, INFO);
  length.setBigUint64(4, (1n << 56n) | BigInt(info.end - info.body + added.byteLength));
  return joined([head.subarray(0, info.start), new Uint8Array(length.buffer), head.subarray(info.body, info.end),
    new Uint8Array(added.buffer), head.subarray(info.end)]);
}

/** Segment > Info, if nothing before it says where what follows stands. @param {DataView} view */
function infoOf(view) {
  const [header, segment] = elementsOf(view, 0, view.byteLength);
  // A segment whose length is known would grow with it.
  if (header?.id !== HEADER || segment?.id !== SEGMENT || segment.end !== Infinity) return undefined;
  const parts = elementsOf(view, segment.body, view.byteLength);
  return parts.some(({id}) => id === SEEK) ? undefined : parts.find(({id}) => id === INFO);
}

/** @param {DataView} view @param {number} start @param {number} end @returns {Element[]} */
function elementsOf(view, start, end) {
  /** @type {Element[]} */
  const found = [];
  for (let place = start; place + 2 <= end && found.at(-1)?.id !== CLUSTER;) {
    const idLength = Math.clz32(view.getUint8(place)) - 23;
    const sizeLength = place + idLength < end ? Math.clz32(view.getUint8(place + idLength)) - 23 : 9;
    const body = place + idLength + sizeLength;
    if (idLength > 4 || sizeLength > 8 || body > end) break;
    const size = numberAt(view, place + idLength, body) - 2 ** (7 * sizeLength);
    const isKnown = size < 2 ** (7 * sizeLength) - 1;
    const element = {id: numberAt(view, place, place + idLength), start: place, body, end: isKnown ? body + size : Infinity};
    found.push(element);
    place = element.end;
  }
  return found;
}

/** @param {DataView} view @param {number} start @param {number} end */
function numberAt(view, start, end) {
  let value = 0;
  for (let place = start; place < end; place += 1) value = value * 256 + view.getUint8(place);
  return value;
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
