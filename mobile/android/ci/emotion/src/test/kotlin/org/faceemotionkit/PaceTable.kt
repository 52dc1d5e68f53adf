package org.faceemotionkit

import org.faceemotionkit.core.ArgbFrame
import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.LOOK_EVERY
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.YuvFrame
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.junit.Assume.assumeTrue
import org.junit.Test
import java.io.File
import java.lang.management.ManagementFactory

private const val WIDTH = 640
private const val HEIGHT = 480
private const val FRAMES = 25 // a second of a camera
private val LUMA = doubleArrayOf(0.299, 0.587, 0.114)

/**
 * What a camera's frame of one face costs on the JVM, as rows of a table: python -m mobile.android.ci.pace. No check of
 * its own, and not run with the others: its name does not end in Test.
 *
 * Works take turns, round by round. What is said is the time that the processor spent on the calling thread, the only one
 * that networks with one thread run on, so that other programs count for little: the median of the rounds.
 */
class PaceTable {
    private val rounds = Integer.getInteger("pace.rounds", 200)
    private val threads = ManagementFactory.getThreadMXBean()
    private val entry = released("face_detector/golden.json").getJSONArray("frames").objects()
        .first { it.getJSONArray("near").length() == 1 && it.getJSONArray("far").length() == 1 }
    private val images = video(entry.frame())

    @Test
    fun table() {
        val path = System.getProperty("pace.file").orEmpty()
        assumeTrue("python -m mobile.android.ci.pace names the file", path.isNotEmpty())
        val (looked, followed) = Endless(0.0) to Endless(LOOK_EVERY)
        val frame = YuvFrame().apply { load(images[0], 0) }
        val works = linkedMapOf(
            "a camera's frame, its face followed" to followed::frame,
            "the same, looked at (`lookEvery` 0)" to looked::frame,
            "one look near: YuNet, 160 pixels" to found(MODELS, frame),
            "one look near of format 1: BlazeFace, 128 pixels" to found(FORMAT1, frame),
        )
        for (name in RELEASED) works["crop to answer: `$name`"] = answer(name)
        val times =
            compare(works, rounds) + compare(mapOf("a still picture, searched far" to far(frame)), rounds / 20 + 4)
        File(path).writeText(times.entries.joinToString("") { (name, time) -> "| %s | %.2f |\n".format(name, time) })
    }

    /** Medians in milliseconds of several works that take turns. */
    private fun compare(works: Map<String, () -> Unit>, rounds: Int): Map<String, Double> {
        val times = works.mapValues { ArrayList<Double>() }
        repeat(rounds) { for ((name, work) in works) times.getValue(name) += timed(work) }
        return times.mapValues { (_, all) -> all.drop(rounds / 4).sorted().let { it[it.size / 2] } } // compiled by then
    }

    private fun timed(work: () -> Unit): Double {
        val started = threads.currentThreadCpuTime
        work()
        return (threads.currentThreadCpuTime - started) / 1e6
    }

    /** Reads the next frame of an endless video, and goes on for ever. */
    private inner class Endless(lookEvery: Double) {
        private val recognizer = loadFrom(MODELS, "small") { lookEvery(lookEvery) }
        private var count = 0L

        fun frame() {
            val image = images[(count % images.size).toInt()]
            image.nanoseconds = 1_000_000_000L * count++ / FRAMES
            check(recognizer.recognize(image, 0).size == 1) { "one face is expected" }
        }
    }

    private fun detector(models: File) =
        Detector.load(ModelFolder.open(FolderFiles(models), "face_detector")) { TfliteRunner(it, 1) }

    private fun found(models: File, frame: YuvFrame): () -> Unit {
        val detector = detector(models)
        return { check(detector.detect(frame).size == 1) }
    }

    private fun far(frame: YuvFrame): () -> Unit {
        val detector = detector(MODELS)
        return { check(detector.detect(frame, Reach.FAR).size == 1) }
    }

    private fun answer(name: String): () -> Unit {
        val model = ModelFolder.open(FolderFiles(MODELS), name)
        val classifier = Classifier(TfliteRunner(model.artifact("int8"), 1), model.contract())
        val crop = ByteArray(48 * 48) { (it % 251).toByte() }
        return { check(classifier.probabilities(crop).size == 7) }
    }

    /** The picture of a golden frame as a camera sees it that moves by a pixel from frame to frame. */
    private fun video(picture: ArgbFrame): List<FakeImage> = List(FRAMES) { index ->
        val scale = picture.height.toDouble() / HEIGHT
        val levels = ByteArray(WIDTH * HEIGHT)
        val line = DoubleArray(picture.width)
        for (row in 0 until HEIGHT) {
            picture.readGrey(0, (row * scale).toInt(), picture.width, 1, LUMA, line, picture.width)
            for (column in 0 until WIDTH) {
                val x = (column - (WIDTH - picture.width / scale) / 2 - Math.abs(index - FRAMES / 2)) * scale
                levels[row * WIDTH + column] = line[x.toInt().coerceIn(0, picture.width - 1)].toInt().toByte()
            }
        }
        FakeImage(WIDTH, HEIGHT, levels, 0)
    }
}
