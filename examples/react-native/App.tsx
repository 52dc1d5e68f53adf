// The camera's faces and their expressions. Typechecked only: it was never run on a phone.
import {createRecognizer, type EmotionRecognizer, type Face, type Frame} from 'face-emotion-kit-react-native';
import model from 'face-emotion-kit-react-native/models/small.js';
import {useCallback, useEffect, useRef, useState} from 'react';
import {StyleSheet, Text, View} from 'react-native';
import {loadTensorflowModel} from 'react-native-fast-tflite';
import {Camera, useFrameOutput} from 'react-native-vision-camera';
import {scheduleOnRN} from 'react-native-worklets';

export default function App() {
  const recognizer = useRef<EmotionRecognizer | null>(null);
  const [faces, setFaces] = useState<Face[]>([]);
  const [problem, setProblem] = useState('');
  const tell = useCallback((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)), []);
  useEffect(() => {
    const opened = createRecognizer({model, load: (file) => loadTensorflowModel(file, [])});
    opened.then((one) => { recognizer.current = one; }, tell);
    return () => { opened.then((one) => one.dispose(), () => {}); };
  }, [tell]);
  const see = useCallback((frame: Frame) => {
    if (!recognizer.current || recognizer.current.isBusy) return; // the next frame will do
    recognizer.current.recognize(frame, {time: performance.now() / 1000}).then(setFaces, tell);
  }, [tell]);
  const output = useFrameOutput({pixelFormat: 'rgb', targetResolution: {width: 640, height: 480}, onFrame(frame) {
    'worklet';
    const {width, height, bytesPerRow, pixelFormat, orientation, isMirrored} = frame;
    const data = frame.getPixelBuffer().slice(0); // the frame's own is gone once it is disposed of
    frame.dispose();
    scheduleOnRN(see, {data, width, height, bytesPerRow, pixelFormat, orientation, isMirrored});
  }});
  return (
    <View style={StyleSheet.absoluteFill}>
      <Camera style={StyleSheet.absoluteFill} device="front" isActive outputs={[output]} onError={tell} />
      <Text>{problem || faces.map(({track, label, certain}) => `${track} ${certain ? label : 'unclear'}`).join(', ')}</Text>
    </View>
  );
}
