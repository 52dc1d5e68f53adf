// A picture's faces, named: the smallest app. Type-checked by the project's tests (tsc --strict), never run on a phone.
import {useEffect, useState} from 'react';
import {Text, View} from 'react-native';
import {loadTensorflowModel} from 'react-native-fast-tflite';
import {createRecognizer, type EmotionRecognizer, type Face, type Frame} from 'face-emotion-kit-react-native';
import model from 'face-emotion-kit-react-native/models/small.js';

export function Expressions({frame}: {frame: Frame}) {
  const [recognizer, setRecognizer] = useState<EmotionRecognizer | null>(null);
  const [faces, setFaces] = useState<Face[]>([]);
  useEffect(() => {
    let own: EmotionRecognizer | null = null;
    let isGone = false;
    createRecognizer({model, load: (file) => loadTensorflowModel(file, [])}).then((loaded) => {
      own = loaded;
      if (isGone) loaded.dispose();
      else setRecognizer(loaded);
    });
    return () => {
      isGone = true;
      own?.dispose();
    };
  }, []);
  useEffect(() => {
    recognizer?.recognize(frame, {reach: 'far'}).then(setFaces);
  }, [recognizer, frame]);
  return (
    <View>
      {faces.map(({label, certain, box}, place) => (
        <Text key={place}>{`${certain ? label : 'unclear'} at ${Math.round(box.x)}, ${Math.round(box.y)}`}</Text>
      ))}
    </View>
  );
}
