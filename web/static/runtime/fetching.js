/**
 * @file Files over the network, which come whole or not at all: a server that answers no more is not waited for.
 */
import {InsecureContextError, ModelMissingError} from './errors.js';
import {watchPolicy} from './policy.js';

const SILENCE = 30_000; // milliseconds without a byte

/**
 * Fetches a file.
 * @param {string} address absolute; a data: address is read without a request, which a strict policy would forbid
 * @param {string} [digest] its SHA-256 as 64 hexadecimal digits; whatever else comes counts as missing
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {ModelMissingError} if there is no connection, the server refuses or falls silent, or sends another file
 * @throws {InsecureContextError} as `sha256`
 * @throws {import('./errors.js').PolicyError} if the Content-Security-Policy forbids the address
 */
export async function fetchFile(address, digest) {
  const bytes = await fetchBytes(address);
  if (digest !== undefined && (await sha256(bytes)) !== digest) {
    throw new ModelMissingError(`${address} cannot be loaded: the server sends something else, or only a part of it.`);
  }
  return bytes;
}

/**
 * Computes a SHA-256 with the browser's own cryptography.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>} 64 hexadecimal digits
 * @throws {InsecureContextError} where the browser withholds it
 */
export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) {
    throw new InsecureContextError(
      'Model files cannot be checked here: open this page through https:// or from localhost.');
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What a bundler wrote into its script because it is small.
 * @param {string} address
 */
function inlined(address) {
  const comma = address.indexOf(',');
  const text = decodeURIComponent(address.slice(comma + 1));
  return address.slice(0, comma).endsWith(';base64') ?
    Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(text);
}

/** @param {string} address */
async function fetchBytes(address) {
  if (address.startsWith('data:')) return inlined(address);
  const control = new AbortController();
  let timer = setTimeout(() => control.abort(), SILENCE);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(), SILENCE);
  };
  const policy = watchPolicy('connect-src');
  let response;
  try {
    response = await fetch(address, {signal: control.signal});
    heard();
    if (response.ok) return await bytesOf(response, heard);
  } catch {
    if (control.signal.aborted) throw new ModelMissingError(`${address} cannot be loaded: its server falls silent.`);
    throw await policy.refusal() ??
      new ModelMissingError(`${address} cannot be loaded: there is no connection to its server.`);
  } finally {
    clearTimeout(timer);
    policy.stop();
  }
  throw new ModelMissingError(`${address} cannot be loaded: the server answers ${response.status}.`);
}

/**
 * @param {Response} response
 * @param {() => void} heard called whenever a part has come
 */
async function bytesOf(response, heard) {
  const parts = [];
  const reader = response.body?.getReader();
  for (let part; reader && !(part = await reader.read()).done; heard()) parts.push(part.value);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
