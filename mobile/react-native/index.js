/**
 * @file Faces and their expressions in a React Native app. Nothing leaves the device.
 *
 *     import {loadTensorflowModel} from 'react-native-fast-tflite';
 *     import {createRecognizer} from 'face-emotion-kit-react-native';
 *     import model from 'face-emotion-kit-react-native/models/small.js';
 *     const recognizer = await createRecognizer({model, load: (file) => loadTensorflowModel(file, [])});
 *     const faces = await recognizer.recognize({data, width, height}, {time: performance.now() / 1000});
 */
export {Baseline} from '../../web/static/runtime/baseline.js';
export {BaselineError, ModelDamagedError, ModelMissingError, UnsupportedImageError} from '../../web/static/runtime/errors.js';
export {createRecognizer} from './create.js';
export {pixelsOf} from './pixels.js';
export {EmotionRecognizer} from './recognizer.js';

/** @typedef {import('../../web/static/runtime/face.js').Face} Face */
/** @typedef {import('./pixels.js').Frame} Frame */
/** @typedef {import('./create.js').Model} Model */
/** @typedef {import('./tflite.js').NativeModel} NativeModel */
