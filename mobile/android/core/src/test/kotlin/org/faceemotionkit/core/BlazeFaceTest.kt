package org.faceemotionkit.core

import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.box
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.point
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** The decoder of the detector of format 1, which goes on to be read. */
class BlazeFaceTest {
    private val golden = JSONObject(FORMAT1.resolve("face_detector/golden.json").readText())
    private val settings = blazeFaceSettings()
    private val tolerance = golden.getJSONObject("tolerance")
    private val count = golden.getInt("anchor_count")
    private val length = 4 + 2 * settings.keypoints.size

    @Test
    fun `anchors are Python's`() {
        val anchors = anchorsOf(settings)
        assertEquals(2 * count, anchors.size)
        for (entry in golden.getJSONArray("anchors").objects()) {
            val (x, y) = entry.getJSONArray("center").numbers()
            assertEquals(x, anchors[2 * entry.getInt("index")], 0.0)
            assertEquals(y, anchors[2 * entry.getInt("index") + 1], 0.0)
        }
    }

    @Test
    fun `decoded and suppressed rows are Python's faces`() {
        val cases = golden.getJSONArray("cases").objects()
        assertTrue(cases.size >= 10)
        for (entry in cases) {
            val (boxes, scores) = outputsOf(entry)
            val found = weightedSuppression(decode(boxes, scores, anchorsOf(settings), settings), settings.iouThreshold)
            val place = Letterbox.of(entry.getInt("width"), entry.getInt("height"), settings.inputSize)
            checkFaces(entry, detections(found, place, settings.keypoints))
        }
    }

    @Test
    fun `the network's outputs are told apart by their shapes`() {
        val entry = golden.getJSONArray("cases").objects().first { it.getJSONArray("faces").length() == 2 }
        val (boxes, scores) = outputsOf(entry)
        val frame = noise(entry.getInt("width"), entry.getInt("height"))
        for (turned in listOf(false, true)) {
            val outputs = listOf(listOf(1, count, length) to boxes, listOf(1, count, 1) to scores)
            val runner = FakeRunner(listOf(1, 128, 128, 3), if (turned) outputs.reversed() else outputs)
            BlazeFace(runner, settings).use { detector ->
                for (reach in Reach.values()) checkFaces(entry, detector.detect(frame, reach))
            }
            assertTrue(runner.isClosed)
        }
    }

    @Test
    fun `a network with other tensors is refused`() {
        val boxes = listOf(1, count, length) to FloatArray(count * length)
        val scores = listOf(1, count, 1) to FloatArray(count)
        val input = listOf(1, 128, 128, 3)
        for ((shape, outputs) in listOf(
            listOf(1, 64, 64, 3) to listOf(boxes, scores),
            input to listOf(boxes),
            input to listOf(boxes, boxes),
            input to listOf(boxes, scores, scores),
        )) {
            val runner = FakeRunner(shape, outputs)
            assertThrows(ModelDamagedException::class.java) { BlazeFace(runner, settings) }
            assertTrue(runner.isClosed)
        }
    }

    @Test
    fun `numbers that are none make no face`() {
        val boxes = FloatArray(count * length)
        val scores = FloatArray(count) { Float.NaN }
        assertEquals(0, decode(boxes, scores, anchorsOf(settings), settings).size)
        scores.fill(9f)
        assertEquals("without an extent", 0, decode(boxes, scores, anchorsOf(settings), settings).size)
        boxes.fill(Float.POSITIVE_INFINITY)
        assertEquals(0, decode(boxes, scores, anchorsOf(settings), settings).size)
    }

    private fun outputsOf(entry: JSONObject): Pair<FloatArray, FloatArray> {
        val boxes = FloatArray(count * length)
        val scores = FloatArray(count) { golden.getDouble("background_score").toFloat() }
        for (row in entry.getJSONArray("rows").objects()) {
            val index = row.getInt("index")
            row.getJSONArray("box").numbers().forEachIndexed { k, value -> boxes[index * length + k] = value.toFloat() }
            scores[index] = row.getDouble("score").toFloat()
        }
        return boxes to scores
    }

    private fun checkFaces(entry: JSONObject, found: List<Detection>) {
        val name = entry.getString("name")
        val expected = entry.getJSONArray("faces").objects()
        assertEquals(name, expected.size, found.size)
        val pixels = tolerance.getDouble("source_pixels")
        for ((face, detection) in expected.zip(found)) {
            assertNear(name, face.getJSONArray("box").box().numbers(), detection.box.numbers(), pixels)
            assertEquals(name, face.getDouble("score"), detection.score, tolerance.getDouble("score"))
            for ((keypoint, point) in detection.keypoints) {
                val place = (face.getJSONObject("keypoints").get(keypoint) as JSONArray).point()
                assertNear(name, listOf(place.x, place.y), listOf(point.x, point.y), pixels)
            }
            assertTrue(detection.leftEye.x <= detection.rightEye.x)
        }
    }
}

internal fun blazeFaceSettings() =
    BlazeFaceSettings.read(ModelFolder.open(FolderFiles(FORMAT1), "face_detector").manifest)

internal fun Box.numbers() = listOf(xMin, yMin, xMax, yMax)

internal fun assertNear(name: String, expected: List<Double>, found: List<Double>, tolerance: Double) {
    assertEquals(name, expected.size, found.size)
    expected.zip(found).forEach { (one, other) -> assertEquals(name, one, other, tolerance) }
}
