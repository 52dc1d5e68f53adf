"""A face's crop and what is said of it, asked for by themselves: to the bit what `recognize` saw and said."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from face_emotion import EmotionRecognizer
from face_emotion.files import read_json
from tests.support.engines import ENGINES, Evaluate, frame_with_one_face

HEADS = ("labels", "votes", "both")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_crop_classified_by_itself_is_answered_as_the_face_of_the_picture(
    engine: str, evaluate: Evaluate, models: Path
) -> None:
    """Of pixels, of a canvas and of a bitmap; each head as a recognizer of that head alone answers."""
    frame = frame_with_one_face()
    found = evaluate(
        """
        const {EmotionRecognizer} = await runtime('emotion');
        const image = frameOf(given.frame);
        const canvas = new OffscreenCanvas(image.width, image.height);
        canvas.getContext('2d').putImageData(image, 0, 0);
        const load = (head) => EmotionRecognizer.load(at('models/small/manifest.json'), {engine: given.engine, head});
        const text = (values) => btoa(String.fromCharCode(...values));
        const result = {crops: [], answers: [], heads: {}, alone: {}, errors: []};
        const recognizer = await load('both');
        const bitmap = await createImageBitmap(image);
        for (const source of [image, canvas, bitmap]) {
          const [face] = await recognizer.recognize(source, {reach: 'near'});
          const crop = await recognizer.crop(source, face);
          const [answer] = await recognizer.classify([crop]);
          result.crops.push(text(crop));
          result.answers.push([[...face.probabilities], [...answer]]);
        }
        const [face] = await recognizer.recognize(image, {reach: 'near'});
        const crop = await recognizer.crop(image, face);
        const twice = await recognizer.classify([crop, crop]);
        result.count = [twice.length, twice.times.length, Object.keys(twice).length];
        for (const head of given.heads) {
          [result.heads[head]] = (await recognizer.classify([crop], {head})).map((answer) => [...answer]);
          const own = await load(head);
          const [seen] = await own.recognize(image, {reach: 'near'});
          result.alone[head] = [...seen.probabilities];
          own.dispose();
        }
        for (const [crops, head] of [[[crop], 'neither'], [[new Uint8Array(9)], 'both'], [[[1, 2]], 'both']]) {
          const refused = ({name, message}) => result.errors.push(`${name}: ${message}`);
          await recognizer.classify(crops, {head}).catch(refused);
        }
        result.place = face.crop;
        recognizer.dispose();
        return result;
        """,
        {"engine": engine, "frame": frame, "heads": HEADS},
    )
    assert len(set(found["crops"])) == 1
    assert all(seen == said for seen, said in found["answers"]) and len(found["answers"]) == 3
    assert found["heads"] == found["alone"]
    assert found["heads"]["labels"] != found["heads"]["votes"] != found["heads"]["both"]
    assert found["count"] == [2, 2, 2]
    assert found["errors"] == [
        "RangeError: head neither: labels or votes or both is expected of this model",
        *2 * ["RangeError: crop: a Uint8Array of 2304 grey levels is expected, 48 rows of 48"],
    ]
    crop = np.frombuffer(base64.b64decode(found["crops"][0]), np.uint8)
    assert crop.size == 48 * 48 and crop.std() > 20
    assert found["place"]["side"] > 40 and abs(found["place"]["angle"]) < 0.5
    if engine == "litert":  # Python reads the very same crop to the very same answer
        for head in HEADS:
            (face,) = EmotionRecognizer.load(models / "small", head=head).recognize(
                crop.reshape(48, 48), cropped=True
            )
            expected = [
                face.probabilities[label] for label in read_json(models / "small/golden.json")["labels"]
            ]
            assert found["heads"][head] == expected
