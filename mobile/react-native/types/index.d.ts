export { Baseline } from "./runtime/baseline.js";
export { createRecognizer } from "./create.js";
export { pixelsOf } from "./pixels.js";
export { EmotionRecognizer } from "./recognizer.js";
export type Face = import("./runtime/face.js").Face;
export type Frame = import("./pixels.js").Frame;
export type Model = import("./create.js").Model;
export type NativeModel = import("./tflite.js").NativeModel;
export { BaselineError, ModelDamagedError, ModelMissingError, UnsupportedImageError } from "./runtime/errors.js";
