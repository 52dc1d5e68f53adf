// For esbuild, and whatever else does not follow `new URL('…', import.meta.url)`: the kit is copied beside the bundle.
import {EmotionRecognizer} from 'face-emotion-kit';
import {run} from './camera.js';

await run((options) => EmotionRecognizer.load('models/small/manifest.json', {...options, assets: 'face-emotion-kit/'}));
