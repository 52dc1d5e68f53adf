/** @typedef {import('./template.js').Template} Template */
/**
 * alpha = [real, imaginary part] turns and grows a face, tau shifts it, in pixels of the template.
 * @typedef {{alpha: [number, number], tau: [number, number]}} Motion
 */
/**
 * How a face has moved to where a window sees it; null where it is lost.
 * @param {Template} template of the face
 * @param {ArrayLike<number>} window WINDOW * WINDOW grey levels, row by row, seen around where the face was
 * @returns {Motion | null}
 */
export function motionOf(template: Template, window: ArrayLike<number>): Motion | null;
export const WINDOW: 36;
export type Template = import("./template.js").Template;
/**
 * alpha = [real, imaginary part] turns and grows a face, tau shifts it, in pixels of the template.
 */
export type Motion = {
    alpha: [number, number];
    tau: [number, number];
};
