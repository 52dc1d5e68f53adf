"""What an image's label was likely to be: out-of-fold answers and the crowd's votes, stacked.

A label is one draw from what its image's labellers would have said; a network that is shown it again and again learns
it by heart. Networks that never saw the image, and the crowd's votes on it, tell the distribution that it was drawn
from: a multinomial logistic regression maps them to it (Wolpert 1992, "Stacked generalization"). The votes are known of
training images only, which is all that targets need (Lopez-Paz et al. 2016, "Unifying distillation and privileged
information").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from face_emotion.arrays import Bytes, Doubles, Floats, Integers
from face_emotion.errors import InputError

PENALTY = 1.0  # scikit-learn's C: hundreds of coefficients against thousands of images need no more
UNSEEN_VOTE = 0.5  # added to each count before its logarithm


def features_of(answers: Sequence[Floats], votes: Bytes | None) -> Doubles:
    """Returns what the regression sees of N images, float64 [N, features].

    answers: probabilities [N, classes], an array a head. votes: uint8 [N, 10] raw counts, or None.
    """
    columns = [np.log(np.maximum(answer.astype(np.float64), 1e-12)) for answer in answers]
    if votes is not None:
        counts = votes.astype(np.float64)
        columns += [counts, np.log(counts + UNSEEN_VOTE)]
    return np.hstack(columns)


def stacked(features: Doubles, labels: Integers, part: Integers, classes: int) -> Floats:
    """Returns each image's label distribution, float32 [N, classes], by a regression that did not see its label.

    features: float64 [N, features]. labels: int64 [N]. part: int64 [N], which part an image belongs to: those of all
    other parts are fitted. A class that none of those has gets nothing. Raises InputError if they have one class only.
    """
    targets = np.zeros((len(labels), classes), np.float32)
    for number in np.unique(part):
        inside, outside = part != number, part == number
        if len(np.unique(labels[inside])) < 2:
            raise InputError("--data: too few training images have another class than the rest")
        regression = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=1000))
        regression.fit(features[inside], labels[inside])
        known = regression.classes_
        targets[np.ix_(outside, known)] = regression.predict_proba(features[outside])
    return targets
