/**
 * Where a picture lies in each of the squares that show it at full size, row by row.
 *
 * Its longer side has max(width, height) pixels there; less than fineSide are enlarged up to it, at most twice. Where
 * more than mostParts squares would be needed it is shrunk by a tenth until they are enough. None where the longer side
 * is less than 1.25 of farSize.
 * @param {number} width of the picture in pixels
 * @param {number} height
 * @param {import('./yunet.js').YuNetSettings} settings
 * @returns {import('./geometry.js').Letterbox[]}
 */
export function partsOf(width: number, height: number, settings: import("./yunet.js").YuNetSettings): import("./geometry.js").Letterbox[];
