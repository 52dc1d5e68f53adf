// For Vite and webpack: they find the worker, the engines and the networks by themselves, and bring them into dist/.
import {EmotionRecognizer} from 'face-emotion-kit';
import small from 'face-emotion-kit/models/small.js';
import {run} from './camera.js';

await run((options) => EmotionRecognizer.load(small, options));
