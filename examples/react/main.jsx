import small from 'face-emotion-kit/models/small.js';
import {StrictMode, useEffect, useRef, useState} from 'react';
import {createRoot} from 'react-dom/client';
import {useFaceEmotion} from './useFaceEmotion.js';

/** @param {MediaStream | null | undefined} stream */
const stop = (stream) => stream?.getTracks().forEach((track) => track.stop());

function Camera() {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [refused, setRefused] = useState('');
  const {faces, ready, error} = useFaceEmotion(video, {model: small});
  useEffect(() => {
    const own = video.current;
    return () => stop(/** @type {MediaStream | null | undefined} */ (own?.srcObject));
  }, []);
  const start = () => navigator.mediaDevices.getUserMedia({video: true})
    .then((stream) => video.current ? video.current.srcObject = stream : stop(stream), ({message}) => setRefused(message));
  const words = faces.map(({track, label, certain}) => `${track} ${certain ? label : 'unclear'}`).join(', ');
  return (
    <>
      <button type="button" onClick={start} disabled={!ready}>Start camera</button>
      <video ref={video} width="320" height="240" autoPlay playsInline muted />
      <p role="status">{error?.message ?? (refused || words || 'no face')}</p>
    </>
  );
}

function App() {
  const [shown, setShown] = useState(true);
  return (
    <>
      {shown && <Camera />}
      <button type="button" onClick={() => setShown(!shown)}>{shown ? 'Close' : 'Open'}</button>
    </>
  );
}

createRoot(/** @type {HTMLElement} */ (document.getElementById('root'))).render(<StrictMode><App /></StrictMode>);
