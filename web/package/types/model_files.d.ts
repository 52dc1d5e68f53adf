/** A folder with a manifest.json. */
export class ModelFolder {
    /**
     * Fetches and reads a manifest.
     * @param {string | URL} url absolute address of a manifest.json
     * @param {Record<string, string>} [moved] absolute addresses of files that are not beside it
     * @returns {Promise<ModelFolder>}
     * @throws {ModelMissingError | ModelDamagedError}
     */
    static open(url: string | URL, moved?: Record<string, string>): Promise<ModelFolder>;
    /**
     * @param {string} url the manifest's absolute address; files are found beside it
     * @param {any} manifest the parsed manifest
     * @param {Record<string, string>} [moved] absolute addresses of files that are elsewhere
     */
    constructor(url: string, manifest: any, moved?: Record<string, string>);
    url: string;
    manifest: any;
    /**
     * States what fetching an artifact costs, without fetching it.
     * @param {string} name an entry of the manifest's "artifacts"
     * @returns {number} bytes of all its files
     */
    size(name: string): number;
    /**
     * Fetches the files of an artifact and compares each one's size and sha256 with the manifest.
     * @param {string} name an entry of the manifest's "artifacts"
     * @param {(bytes: number) => void} [onBytes] told of each file's size once it is there
     * @param {Map<string, Uint8Array<ArrayBuffer>>} [known] files of another artifact that were fetched and compared before
     * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>} contents by file name as the manifest states it
     * @throws {ModelDamagedError | ModelMissingError | import('./errors.js').InsecureContextError}
     */
    artifact(name: string, onBytes?: (bytes: number) => void, known?: Map<string, Uint8Array<ArrayBuffer>>): Promise<Map<string, Uint8Array<ArrayBuffer>>>;
    #private;
}
