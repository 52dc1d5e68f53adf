/* The face detector: BlazeFace short range, decoded. Twin of face_emotion/detector.py. */
package org.faceemotionkit.core

import java.io.Closeable

/**
 * BlazeFace behind one interface. One thread at a time.
 *
 * @param runner of the network, which this object closes
 * @throws ModelDamagedException if its tensors do not fit the settings
 */
public class Detector(private val runner: TensorRunner, private val settings: DetectorSettings) : Closeable {
    private val anchors = anchorsOf(settings)
    private val sampler = LetterboxSampler(settings.inputSize)
    private val input = bufferOf(runner.input)
    private val outputs = runner.outputs.map(::bufferOf)
    private val readers = runner.outputs.map(::Quantiser)
    private val boxes: Int
    private val scores: Int

    init {
        val size = settings.inputSize
        val count = anchors.size / 2
        requireShape("input", runner.input.shape, listOf(1, size, size, 3))
        val shapes = runner.outputs.map(TensorInfo::shape)
        boxes = shapes.indexOf(listOf(1, count, 4 + 2 * settings.keypoints.size))
        scores = shapes.indexOf(listOf(1, count, 1))
        val types = (runner.outputs + runner.input).map(TensorInfo::type)
        if (boxes < 0 || scores < 0 || shapes.size != 2 || types.any { it != TensorType.FLOAT32 }) {
            throw ModelDamagedException("The detector's tensors $shapes $types are not those of its manifest.")
        }
    }

    /** The faces of an image, highest score first. */
    public fun detect(frame: Frame): List<Detection> {
        val (rawBoxes, rawScores) = raw(frame)
        val found = decode(rawBoxes, rawScores, anchors, settings)
        return toDetections(weightedSuppression(found, settings.iouThreshold), frame.width, frame.height, settings)
    }

    /** The network's two outputs for an image: boxes and scores. */
    private fun raw(frame: Frame): Pair<FloatArray, FloatArray> {
        sampler.sample(frame, input.asFloatBuffer())
        runner.run(input, outputs)
        return readers[boxes].read(outputs[boxes]) to readers[scores].read(outputs[scores])
    }

    override fun close(): Unit = runner.close()
}
