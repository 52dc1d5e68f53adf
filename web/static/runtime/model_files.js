/**
 * @file A model folder as the runtime reads it: manifest.json, and files that are what it says they are.
 * Twin of face_emotion/model_files.py: no file is used whose size or sha256 is not the manifest's.
 */
import {ModelDamagedError, ModelMissingError} from './errors.js';
import {fetchFile, sha256} from './fetching.js';
import {parseJson} from './json.js';

const READ = [1, 2]; // formats that this runtime reads

/** A folder with a manifest.json. */
export class ModelFolder {
  #moved;

  /**
   * @param {string} url the manifest's absolute address; files are found beside it
   * @param {any} manifest the parsed manifest
   * @param {Record<string, string>} [moved] absolute addresses of files that are elsewhere
   */
  constructor(url, manifest, moved = {}) {
    if (!READ.includes(manifest?.format)) {
      throw new ModelDamagedError(
        `${url} is not a manifest of format ${READ.join(' or ')}; take a released model.${expectedInstead(url)}`);
    }
    this.url = url;
    this.manifest = manifest;
    this.#moved = moved;
  }

  /**
   * Fetches and reads a manifest.
   * @param {string | URL} url absolute address of a manifest.json
   * @param {Record<string, string>} [moved] absolute addresses of files that are not beside it
   * @returns {Promise<ModelFolder>}
   * @throws {ModelMissingError | ModelDamagedError}
   */
  static async open(url, moved) {
    const address = String(url);
    const instead = expectedInstead(address);
    const text = new TextDecoder().decode(await fetchFile(address).catch((error) => {
      throw error instanceof ModelMissingError ? new ModelMissingError(error.message + instead) : error;
    }));
    let manifest;
    try {
      manifest = parseJson(text);
    } catch {
      // Many hosts send the app's page for whatever they do not have.
      if (/^\s*</.test(text)) {
        throw new ModelMissingError(`${address} is a page, not a manifest.json: the server has no such file.${instead}`);
      }
      throw new ModelDamagedError(`${address} is damaged: it is not JSON, or nested too deeply.${instead}`);
    }
    return new ModelFolder(address, manifest, moved);
  }

  /**
   * States what fetching an artifact costs, without fetching it.
   * @param {string} name an entry of the manifest's "artifacts"
   * @returns {number} bytes of all its files
   */
  size(name) {
    return this.#entries(name).reduce((total, entry) => total + entry.bytes, 0);
  }

  /**
   * Fetches the files of an artifact and compares each one's size and sha256 with the manifest.
   * @param {string} name an entry of the manifest's "artifacts"
   * @param {(bytes: number) => void} [onBytes] told of each file's size once it is there
   * @param {Map<string, Uint8Array<ArrayBuffer>>} [known] files of another artifact that were fetched and compared before
   * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>} contents by file name as the manifest states it
   * @throws {ModelDamagedError | ModelMissingError | import('./errors.js').InsecureContextError}
   */
  async artifact(name, onBytes = () => {}, known = new Map()) {
    const entries = this.#entries(name);
    const contents = await Promise.all(entries.map(async (entry) => {
      const address = Object.hasOwn(this.#moved, entry.file) ? this.#moved[entry.file] : new URL(entry.file, this.url).href;
      const bytes = known.get(entry.file) ?? await fetchFile(address);
      if (bytes.length !== entry.bytes || (await sha256(bytes)) !== entry.sha256) {
        throw new ModelDamagedError(`${address} is damaged or was changed: it is not the file that its manifest names.`);
      }
      onBytes(bytes.length);
      return bytes;
    }));
    return new Map(entries.map((entry, index) => [entry.file, contents[index]]));
  }

  /** @param {string} name @returns {{file: string, bytes: number, sha256: string}[]} */
  #entries(name) {
    const files = this.manifest.artifacts?.[name]?.files;
    const usable = Array.isArray(files) && files.length > 0 && files.every((entry) =>
      isInside(entry?.file) && Number.isInteger(entry.bytes) && /^[0-9a-f]{64}$/.test(entry.sha256));
    if (!usable) throw new ModelDamagedError(`${this.url} names no usable artifact "${name}".`);
    return files;
  }
}

/**
 * The address that is probably meant, for one of the model's folder or of another file in it.
 * @param {string} address
 * @returns {string} a sentence; nothing for that of a manifest.json, or one that no server answers
 */
function expectedInstead(address) {
  if (!/^https?:/.test(address)) return '';
  const {pathname} = new URL(address);
  const [folder, file] = /\.(json|tflite|bin|html?|js)$/.test(pathname) ? pathname.split(/\/(?=[^/]*$)/) : [pathname.replace(/\/$/, ''), ''];
  if (file === 'manifest.json') return '';
  return ` Expected is ${new URL(`${folder.replace(/\/tfjs$/, '')}/manifest.json`, address).href}.`;
}

/**
 * Tells whether a stated file stays inside the model's folder, whatever an address resolver makes of it.
 * @param {unknown} file
 */
function isInside(file) {
  return typeof file === 'string' && /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/.test(file);
}
