/**
 * Asks a classifier for the faces of its check.
 * @param {Pick<import('./runtime/classifier.js').Classifier, 'raw'>} classifier
 * @param {Check} check
 * @returns {Promise<boolean>} whether its answers are the released ones to the bit
 * @throws {ModelDamagedError} if it is another network
 */
export function isExact(classifier: Pick<import("./runtime/classifier.js").Classifier, "raw">, { faces, logits }: Check): Promise<boolean>;
/**
 * What a released model answers; models/NAME/check.json, of its golden vectors.
 */
export type Check = {
    /**
     * grey, in base64
     */
    faces: string[];
    /**
     * that the int8 network gives for them
     */
    logits: number[][];
};
