package org.faceemotionkit

import org.faceemotionkit.core.Box
import org.faceemotionkit.core.Classifier
import org.faceemotionkit.core.Detection
import org.faceemotionkit.core.Detector
import org.faceemotionkit.core.Frame
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.ModelFolder
import org.faceemotionkit.core.Point
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.Recognizer
import org.faceemotionkit.core.YuvFrame
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.floats
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.frameOf
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.point
import org.faceemotionkit.testing.released
import org.faceemotionkit.testing.rgb
import org.faceemotionkit.testing.texts
import org.faceemotionkit.testing.vectors
import org.json.JSONArray
import org.json.JSONObject
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** The face detectors' files through the unchanged TfliteRunner: what they find in pictures, near and far. */
class FaceDetectorTest {
    private val released = ModelFolder.open(FolderFiles(MODELS), "face_detector")
    private val detector = load(MODELS)
    private val tolerance = released("face_detector/golden.json").getJSONObject("tolerance")

    @After
    fun close() = detector.close()

    private fun load(models: File) =
        Detector.load(ModelFolder.open(FolderFiles(models), "face_detector")) { TfliteRunner(it, 1) }

    @Test
    fun `golden frames have the golden faces, near and far`() {
        val frames = released("face_detector/golden.json").getJSONArray("frames").objects()
        assertTrue(frames.size >= 6)
        for (entry in frames) {
            for (reach in Reach.values()) assertFinds(entry, reach, entry.frame())
        }
    }

    @Test
    fun `faces at any angle and in pictures of more than 640 pixels are Python's`() {
        val searches = vectors().getJSONArray("searches").objects()
        val turns = searches.flatMap { it.getJSONArray("far").objects() }.map { it.getInt("turn") }
        assertTrue("$turns", turns.toSet().size >= 4)
        assertTrue(searches.any { it.getInt("width") > 640 && it.getJSONArray("far").length() >= 6 })
        for (entry in searches) for (reach in Reach.values()) assertFinds(entry, reach, entry.frame())
    }

    @Test
    fun `a camera's image is searched at every rotation`() {
        val entry = vectors().getJSONArray("searches").objects().first { it.getInt("width") > 640 }
        val frame = YuvFrame()
        for (rotation in listOf(0, 90, 180, 270)) {
            frame.load(cameraImage(entry, rotation, 0), rotation)
            assertFinds(entry, Reach.FAR, frame)
        }
    }

    @Test
    fun `the networks' numbers are Python's`() {
        val old = ModelFolder.open(FolderFiles(FORMAT1), "face_detector")
        for ((name, content) in listOf("near" to released.artifact("tflite"), "blazeface" to old.artifact("tflite"))) {
            val entries = vectors().getJSONObject("networks").getJSONArray(name).objects()
            assertTrue(entries.size >= 6)
            TfliteRunner(content, 1).use { runner ->
                val input = direct(runner.input.byteCount)
                val outputs = runner.outputs.map { direct(it.byteCount) }
                for (entry in entries) {
                    input.asFloatBuffer().put(entry.floats("square"))
                    runner.run(input, outputs)
                    for (text in entry.getJSONArray("outputs").texts()) {
                        val expected = JSONObject().put("floats", text).floats("floats")
                        val buffer = outputs.single { it.capacity() == Float.SIZE_BYTES * expected.size }
                        val found = FloatArray(expected.size).also { buffer.asFloatBuffer().get(it) }
                        assertArrayEquals(name, expected, found, 0f)
                    }
                }
            }
        }
    }

    @Test
    fun `the folder of format 1 finds its golden faces, far as near`() {
        val golden = JSONObject(FORMAT1.resolve("face_detector/golden.json").readText())
        val limit = golden.getJSONObject("tolerance").getDouble("frame_square_pixels") / 128
        load(FORMAT1).use { old ->
            for (entry in golden.getJSONArray("frames").objects()) {
                for (reach in Reach.values()) {
                    val found = old.detect(entry.frame(), reach)
                    val expected = entry.getJSONArray("faces").objects()
                    assertEquals(entry.getString("name"), expected.size, found.size)
                    for ((face, detection) in expected.zip(found)) {
                        val pixels = limit * maxOf(entry.getInt("width"), entry.getInt("height"))
                        assertNear(face.getJSONArray("box").box(), detection.box, pixels)
                        assertPoints(face, detection, pixels)
                    }
                }
            }
        }
    }

    @Test
    fun `a neutral face that near takes for an upright one is learnt the right way up`() {
        val frames = released("face_detector/golden.json").getJSONArray("frames").objects()
        val entry = frames.single { it.getString("name") == "upside down" }
        val side = entry.getInt("width")
        val upright = frameOf(turned(entry.rgb(), side, 2), side, side)
        val model = ModelFolder.open(FolderFiles(MODELS), "nano")
        val contract = model.contract()
        val classifier = Classifier(TfliteRunner(model.artifact("int8"), 1), contract, Head.BOTH)
        Recognizer(contract, classifier, load(MODELS), model.identity()).use { recognizer ->
            val near = recognizer.recognize(entry.frame(), null, reach = Reach.NEAR)
            assertEquals(1, near.size)
            val wrong = recognizer.neutralLearner().apply { add(near) }.baseline().values
            val expected = recognizer.learnNeutral(listOf(upright)).values
            val found = recognizer.learnNeutral(listOf(entry.frame())).values
            fun apart(one: List<Int>, other: List<Int>) = one.indices.sumOf { kotlin.math.abs(one[it] - other[it]) }
            assertTrue("$found", apart(found, expected) < apart(wrong, expected) / 2)
        }
    }

    @Test
    fun `a video's frames have the golden faces of the live search`() {
        val golden = released("face_detector/golden.json")
        val video = golden.getJSONObject("video")
        val picture = golden.getJSONArray("frames").objects().single {
            it.getString("name") ==
                video.getString("picture")
        }
        val side = picture.getInt("width")
        val model = ModelFolder.open(FolderFiles(MODELS), "nano")
        val contract = model.contract()
        val classifier = Classifier(TfliteRunner(model.artifact("int8"), 1), contract, Head.BOTH)
        val counts = ArrayList<Int>()
        Recognizer(contract, classifier, load(MODELS), model.identity()).use { recognizer ->
            for (entry in video.getJSONArray("frames").objects()) {
                val quarters = if (entry.isNull("quarters")) null else entry.getInt("quarters")
                val (right, down) = entry.getJSONArray("shift").numbers().map(Double::toInt)
                val frame = frameOf(shifted(turned(picture.rgb(), side, quarters), side, right, down), side, side)
                val found = recognizer.recognize(frame, entry.getDouble("time"))
                counts += found.size
                for (face in entry.getJSONArray("faces").objects()) {
                    val box = face.getJSONArray("box").box()
                    val pixels = tolerance.getDouble("frame_pixels")
                    val nearest = found.minBy {
                        Math.abs(it.box.centerX - box.centerX) +
                            Math.abs(it.box.centerY - box.centerY)
                    }
                    assertNear(box, nearest.box, pixels)
                    assertEquals(face.getDouble("score"), nearest.score.toDouble(), tolerance.getDouble("frame_score"))
                    for ((name, point) in nearest.keypoints) {
                        assertNear(face.getJSONObject("keypoints").getJSONArray(name).point(), point, pixels)
                    }
                }
            }
        }
        val expected = listOf(2 to 4, 0 to 4, 1 to 3, 0 to 5, 1 to 10, 2 to 3)
        assertEquals(expected.flatMap { (faces, frames) -> List(frames) { faces } }, counts)
    }

    /** A square picture turned to the left by quarters; null: a flat one. */
    private fun turned(rgb: ByteArray, side: Int, quarters: Int?): ByteArray {
        if (quarters == null) return ByteArray(rgb.size) { 128.toByte() }
        return (0 until quarters).fold(rgb) { from, _ ->
            ByteArray(from.size) {
                val place = it / 3
                from[3 * (place % side * side + side - 1 - place / side) + it % 3]
            }
        }
    }

    /** A square picture pushed to the right and down; what leaves it comes in at the other side. */
    private fun shifted(rgb: ByteArray, side: Int, right: Int, down: Int) = ByteArray(rgb.size) {
        val (column, row) = it / 3 % side to it / 3 / side
        rgb[3 * ((row - down).mod(side) * side + (column - right).mod(side)) + it % 3]
    }

    private fun assertFinds(entry: JSONObject, reach: Reach, frame: Frame) {
        val found = detector.detect(frame, reach)
        val expected = entry.getJSONArray(reach.name.lowercase()).objects()
        assertFaces("${entry.getString("name")}, $reach", expected, found)
    }

    private fun assertFaces(name: String, expected: List<JSONObject>, found: List<Detection>) {
        // Scores that are nearly equal may change places with another processor's rounding.
        assertEquals(name, expected.size, found.size)
        val pixels = tolerance.getDouble("frame_pixels")
        for (face in expected) {
            val box = face.getJSONArray("box").box()
            val detection = found.minBy {
                Math.abs(it.box.centerX - box.centerX) +
                    Math.abs(it.box.centerY - box.centerY)
            }
            assertNear(box, detection.box, pixels)
            assertEquals(name, face.getDouble("score"), detection.score, tolerance.getDouble("frame_score"))
            assertPoints(face, detection, pixels)
            val (left, right) = face.getJSONArray("eyes").let { eyes -> List(2) { eyes.getJSONArray(it).point() } }
            assertNear(left, detection.leftEye, pixels)
            assertNear(right, detection.rightEye, pixels)
        }
    }

    private fun assertPoints(face: JSONObject, found: Detection, pixels: Double) {
        val expected = face.getJSONObject("keypoints")
        assertEquals(expected.keySet(), found.keypoints.keys)
        for ((name, point) in found.keypoints) assertNear((expected.get(name) as JSONArray).point(), point, pixels)
    }

    private fun assertNear(expected: Box, found: Box, pixels: Double) {
        assertNear(Point(expected.xMin, expected.yMin), Point(found.xMin, found.yMin), pixels)
        assertNear(Point(expected.xMax, expected.yMax), Point(found.xMax, found.yMax), pixels)
    }

    private fun assertNear(expected: Point, found: Point, pixels: Double) {
        assertEquals(expected.x, found.x, pixels)
        assertEquals(expected.y, found.y, pixels)
    }

    private fun direct(size: Int) = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())
}
