import {EmotionRecognizer, NoFrameError} from 'face-emotion-kit';
import {useEffect, useState} from 'react';

/** @typedef {Parameters<typeof EmotionRecognizer.load>} Load */
/** @typedef {{faces: import('face-emotion-kit').Face[], ready: boolean, error: Error | null}} Seen */
const NOTHING = /** @type {Seen} */ ({faces: [], ready: false, error: null});

/**
 * The faces that a video shows while it plays; the worker lives as long as the component does.
 * @param {{current: HTMLVideoElement | null}} videoRef
 * @param {{model: Load[0], engine?: 'tfjs' | 'litert'}} options another model or engine is loaded anew
 */
export function useFaceEmotion(videoRef, {model, engine}) {
  const [seen, setSeen] = useState(NOTHING);
  useEffect(() => {
    const control = new AbortController();
    const {signal} = control;
    const follow = async () => {
      setSeen(NOTHING);
      const recognizer = await EmotionRecognizer.load(model, {engine, signal}); // StrictMode gives the first one up
      signal.addEventListener('abort', () => recognizer.dispose());
      setSeen({...NOTHING, ready: true});
      while (!signal.aborted) {
        const video = videoRef.current;
        if (video && !video.paused && video.readyState >= video.HAVE_CURRENT_DATA) {
          const faces = await recognizer.recognize(video, {time: performance.now() / 1000}).catch((error) => {
            if (!(error instanceof NoFrameError)) throw error; // a video that begins or buffers: there will be a frame
          });
          if (faces) setSeen({faces, ready: true, error: null});
        }
        await new Promise(requestAnimationFrame);
      }
      recognizer.dispose();
    };
    follow().catch((error) => { if (!signal.aborted) setSeen({...NOTHING, error}); });
    return () => control.abort();
  }, [videoRef, model, engine]);
  return seen;
}
