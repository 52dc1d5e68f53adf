/*
 * What a camera's frame of one face at 640 x 480 pixels costs on the JVM, in rounds that take turns, as medians:
 *
 *     java -cp CLASSPATH -Dmodels=$PWD/models org.faceemotionkit.PaceKt [rounds]
 *
 * CLASSPATH: test-classes and classes of ci/emotion, ci/core and ci/tflite-jvm in build/android/maven, and what
 * `mvn dependency:build-classpath` names for ci/emotion.
 */
package org.faceemotionkit

import org.faceemotionkit.core.ArgbFrame
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.LOOK_EVERY
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.YuvFrame
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import java.io.File

private const val WIDTH = 640
private const val HEIGHT = 480
private const val FRAMES = 25 // a second of a camera
private val LUMA = doubleArrayOf(0.299, 0.587, 0.114)

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

private fun detector(models: File) =
    Detector.load(ModelFolder.open(FolderFiles(models), "face_detector")) { TfliteRunner(it, 1) }

/** Milliseconds that [work] takes. */
private fun timed(work: () -> Unit): Double {
    val started = System.nanoTime()
    work()
    return (System.nanoTime() - started) / 1e6
}

private fun List<Double>.median() = sorted()[size / 2]

/** Prints the medians of several works that take turns, and how many times the first one's that is. */
private fun compare(rounds: Int, works: Map<String, () -> Unit>) {
    val times = works.mapValues { ArrayList<Double>() }
    repeat(rounds) { for ((name, work) in works) times.getValue(name) += timed(work) }
    val medians = times.mapValues { (_, all) -> all.drop(rounds / 4).median() } // the compiler is at work before
    val first = medians.values.first()
    for ((name, median) in medians) println("%-44s %8.3f ms  x %.2f".format(name, median, median / first))
    println()
}

/** Reads the next frame of an endless video, and goes on for ever. */
private class Endless(private val recognizer: EmotionRecognizer, private val images: List<FakeImage>) {
    private var count = 0L

    fun frame() {
        val image = images[(count % images.size).toInt()]
        image.nanoseconds = 1_000_000_000L * count++ / FRAMES
        check(recognizer.recognize(image, 0).size == 1) { "one face is expected" }
    }
}

fun main(arguments: Array<String>) {
    val rounds = arguments.firstOrNull()?.toInt() ?: 1000
    val entry = released("face_detector/golden.json").getJSONArray("frames").objects()
        .first { it.getJSONArray("near").length() == 1 && it.getJSONArray("far").length() == 1 }
    val images = video(entry.frame())
    fun endless(lookEvery: Double): Endless {
        return Endless(loadFrom(MODELS, "small") { lookEvery(lookEvery) }, images)
    }
    val (looked, followed) = endless(0.0) to endless(LOOK_EVERY)
    println("two seconds of a video of one face, $WIDTH x $HEIGHT, ${2 * FRAMES} frames (one of them glanced at)")
    compare(
        rounds / 10,
        mapOf(
            "each frame looked at" to { repeat(2 * FRAMES) { looked.frame() } },
            "followed, looked at every half second" to { repeat(2 * FRAMES) { followed.frame() } },
        ),
    )
    println("one of its frames")
    compare(rounds, mapOf("looked at" to looked::frame, "followed" to followed::frame))

    val frame = YuvFrame().apply { load(images[0], 0) }
    val (yunet, blazeFace) = detector(MODELS) to detector(FORMAT1)
    fun found(detector: Detector): () -> Unit = { check(detector.detect(frame).size == 1) }
    println("one look")
    compare(rounds, mapOf("BlazeFace" to found(blazeFace), "YuNet near, 160 pixels" to found(yunet)))
}
