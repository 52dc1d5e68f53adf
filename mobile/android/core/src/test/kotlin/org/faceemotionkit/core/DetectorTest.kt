package org.faceemotionkit.core

import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.FolderFiles
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.lists
import org.faceemotionkit.testing.numbers
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

class DetectorTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val golden = released("face_detector/golden.json")
    private val tolerance = golden.getJSONObject("tolerance")
    private val settings = YuNetSettings.read(ModelFolder.open(FolderFiles(MODELS), "face_detector").manifest)
    private val cells = cellsOf(settings.strides, settings.nearSize)
    private val columns = settings.columns

    private fun background(size: Int = settings.nearSize) = FloatArray(settings.rows(size) * columns) {
        if (it % columns <
            2
        ) {
            golden.getDouble("background").toFloat()
        } else {
            0f
        }
    }

    private fun runner(size: Int, raw: FloatArray = background(size)) =
        FakeRunner(listOf(1, size, size, 3), listOf(listOf(1, settings.rows(size), columns) to raw))

    /** A copy of a detector's folder whose manifest is changed by [edit]. */
    private fun copy(from: String = "$MODELS", edit: (JSONObject) -> Unit = {}): ModelFolder {
        val copied = folder.newFolder().resolve("faces")
        java.io.File(from, "face_detector").copyRecursively(copied)
        val manifest = copied.resolve("manifest.json")
        manifest.writeText(JSONObject(manifest.readText()).also(edit).toString())
        return ModelFolder.open(FolderFiles(copied.parentFile), "faces")
    }

    private fun damaged(folder: ModelFolder): String = assertThrows(ModelDamagedException::class.java) {
        Detector.load(folder) { throw AssertionError("no network is opened") }
    }.message.orEmpty()

    @Test
    fun `decoded and suppressed rows are Python's faces`() {
        assertEquals(golden.getInt("rows"), cells.size / 3)
        val cases = golden.getJSONArray("cases").objects()
        assertTrue(cases.size >= 10)
        for (entry in cases) {
            val name = entry.getString("name")
            val raw = background()
            for (row in entry.getJSONArray("rows").objects()) {
                val values = row.getJSONArray("values").numbers()
                values.forEachIndexed { k, value -> raw[row.getInt("index") * columns + k] = value.toFloat() }
            }
            val found = weightedSuppression(decode(raw, cells, entry.getDouble("threshold")), settings.iouThreshold)
            val expected = entry.getJSONArray("faces").objects()
            assertEquals(name, expected.size, found.size)
            for ((face, candidate) in expected.zip(found)) {
                val points = face.getJSONArray("points").lists().flatMap(JSONArray::numbers)
                // A size beyond all bounds has so many digits before the point.
                val limit = tolerance.getDouble("square_pixels") * points.maxOf { maxOf(1.0, Math.abs(it) / 1e4) }
                assertNear(name, points, candidate.values.asList(), limit)
                assertEquals(name, face.getDouble("score"), candidate.score, tolerance.getDouble("score"))
            }
        }
    }

    @Test
    fun `numbers that are none make no face`() {
        val raw = background()
        for (value in listOf(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
            for (k in 0 until columns) {
                raw.fill(9f, 0, columns)
                raw[k] = value
                assertEquals("$value in column $k", 0, decode(raw, cells, 0.6).size)
            }
        }
        raw.fill(9f, 0, columns)
        assertEquals(1, decode(raw, cells, 0.6).size)
    }

    @Test
    fun `a row counts from its threshold on, whatever its two logits are`() {
        val raw = background()
        for (threshold in listOf(0.0, 0.3, 0.6, 0.9, 1.0)) {
            for (one in -12..12) {
                for (other in listOf(-30f, -2f, 0f, 0.5f, 3f, 40f, 1e6f)) {
                    raw.fill(0f, 0, columns)
                    raw[0] = one / 2f
                    raw[1] = other
                    val score = Math.sqrt(
                        1 / (1 + Math.exp(-one / 2.0)) / (1 + Math.exp(-other.toDouble().coerceIn(-100.0, 100.0))),
                    )
                    val first =
                        decode(raw, cells, threshold).firstOrNull()?.let { Math.abs(it.score - score) < 1e-9 } ?: false
                    assertEquals("$one, $other, $threshold", score >= threshold, first)
                }
            }
        }
    }

    @Test
    fun `faces of a square are those of the image that lies there, with their key points by name`() {
        val candidate = Candidate(doubleArrayOf(10.0, 20.0, 30.0, 40.0, 12.0, 22.0, 28.0, 24.0), 0.75)
        val face = detections(listOf(candidate), Letterbox(0.5, 4.0, 8.0, 2), listOf("right_eye", "left_eye")).single()
        assertEquals(Box(12.0, 24.0, 52.0, 64.0), face.box)
        assertEquals(0.75, face.score, 0.0)
        assertEquals(mapOf("right_eye" to Point(16.0, 28.0), "left_eye" to Point(48.0, 32.0)), face.keypoints)
        assertEquals(listOf(face.box, 0), listOf(face.uprightBox, face.turn))
    }

    @Test
    fun `parts lie where Python's do`() {
        val entries = golden.getJSONArray("parts").objects()
        assertTrue(entries.size >= 9)
        for (entry in entries) {
            val (width, height) = entry.getInt("width") to entry.getInt("height")
            val expected = entry.getJSONArray("parts").lists().map { part ->
                val (scale, left, top, samples) = part.numbers()
                Letterbox(scale, left, top, samples.toInt())
            }
            assertEquals("$width x $height", expected.toString(), parts(width, height, settings).toString())
        }
    }

    @Test
    fun `a turned face has the box around it, and its eyes in the order in which the network saw them`() {
        val box = turnedBox(Point(100.0, 50.0), 40.0, 20.0, 90)
        assertNear("a quarter", listOf(90.0, 30.0, 110.0, 70.0), box.numbers(), 1e-12)
        val half = 30 / Math.sqrt(2.0)
        val eighth = turnedBox(Point(0.0, 0.0), 40.0, 20.0, 45).numbers()
        assertNear("an eighth", listOf(-half, -half, half, half), eighth, 1e-12)
        val eyes = mapOf("right_eye" to Point(3.0, 1.0), "left_eye" to Point(4.0, 9.0))
        for ((turn, left) in listOf(0 to 3.0, 90 to 3.0, 180 to 4.0, 270 to 4.0)) {
            val face = Detection(box, 1.0, eyes, turn)
            assertEquals("$turn", left, face.leftEye.x, 0.0)
            assertEquals("$turn", 7 - left, face.rightEye.x, 0.0)
        }
    }

    @Test
    fun `the network for far is opened when it is first needed, and closed with the other`() {
        val opened = ArrayList<FakeRunner>()
        val detector = Detector.load(ModelFolder.open(FolderFiles(MODELS), "face_detector")) { content ->
            val name = listOf("near", "far")[opened.size]
            assertTrue(name, content.contentEquals(MODELS.resolve("face_detector/$name.tflite").readBytes()))
            runner(if (opened.isEmpty()) settings.nearSize else settings.farSize).also(opened::add)
        }
        assertEquals(settings.keypoints, detector.keypoints)
        assertEquals(0, detector.detect(noise(64, 48)).size)
        assertEquals("near alone", 1, opened.size)
        repeat(2) { assertEquals(0, detector.detect(noise(64, 48), Reach.FAR).size) }
        assertEquals(listOf(13, 8), opened.map(FakeRunner::runs))
        detector.close()
        assertEquals(listOf(true, true), opened.map(FakeRunner::isClosed))
        val near = runner(settings.nearSize)
        YuNet(near, { throw AssertionError("far was not asked for") }, settings, BoxPlace(0.8, 0.5, 0.5)).close()
        assertTrue(near.isClosed)
    }

    @Test
    fun `a network for far that cannot be run is an error each time, and near goes on`() {
        val wrong = runner(settings.nearSize)
        val near = runner(settings.nearSize)
        val detector = YuNet(near, { wrong }, settings, BoxPlace(0.8, 0.5, 0.5))
        repeat(2) {
            assertThrows(ModelDamagedException::class.java) { detector.detect(noise(64, 48), Reach.FAR) }
            assertEquals(0, detector.detect(noise(64, 48)).size)
        }
        assertTrue(wrong.isClosed)
        assertFalse(near.isClosed)
    }

    @Test
    fun `files that are missing or damaged are refused by name when the folder is loaded`() {
        for (name in listOf("near.tflite", "far.tflite")) {
            folder.root.listFiles().orEmpty().forEach { it.deleteRecursively() }
            val copied = copy()
            val file = folder.root.walk().single { it.name == name }
            val content = file.readBytes()
            file.writeBytes(content.copyOf().also { it[999] = (it[999] + 1).toByte() })
            assertTrue(damaged(copied), damaged(copied).startsWith("faces/$name is damaged or was changed"))
            file.delete()
            val missing = assertThrows(ModelMissingException::class.java) {
                Detector.load(copied) { throw AssertionError("no network is opened") }
            }
            assertTrue(missing.message.orEmpty().startsWith("faces/$name is missing"))
        }
    }

    @Test
    fun `format and kind say which network it is, and another kind is named`() {
        val opened = FakeRunner(
            listOf(1, 128, 128, 3),
            listOf(listOf(1, 896, 16) to FloatArray(896 * 16), listOf(1, 896, 1) to FloatArray(896)),
        )
        assertTrue(Detector.load(copy("$FORMAT1")) { opened } is BlazeFace)
        val named = copy("$FORMAT1") { it.put("format", 2).getJSONObject("detector").put("kind", "blazeface") }
        assertTrue(Detector.load(named) { opened } is BlazeFace)
        val other = copy { it.getJSONObject("detector").put("kind", "retinaface") }
        assertEquals(
            "faces/manifest.json: detector.kind: yunet (this kit knows no retinaface: update it) is expected.",
            damaged(other),
        )
        assertTrue(damaged(copy { it.put("format", 1) }).startsWith("faces/manifest.json: detector.anchors"))
    }

    @Test
    fun `the detector's own crop stands in the place of the contract's`() {
        val contract = Crop(0.83, 0.5, 0.58, 16)
        val own = Detector.load(copy()) { runner(settings.nearSize) }.crop(contract)
        assertEquals(listOf(0.795, 0.5, 0.527), listOf(own.boxWidth, own.centerX, own.centerY))
        assertEquals(16, own.maxSamples)
        val network = listOf(listOf(1, 896, 16) to FloatArray(896 * 16), listOf(1, 896, 1) to FloatArray(896))
        val old = Detector.load(copy("$FORMAT1")) { FakeRunner(listOf(1, 128, 128, 3), network) }
        assertTrue(old.crop(contract) === contract)
    }

    @Test
    fun `settings are refused entry by entry`() {
        val yunet = mapOf(
            "near_size" to 190, "far_size" to 0, "strides" to JSONArray(), "strides " to JSONArray(listOf(8, 0)),
            "keypoints" to JSONArray(listOf("nose_tip")), "score_threshold" to JSONObject.NULL, "iou_threshold" to 1.5,
            "far.zoom" to 1, "far.overlap" to 640, "far.most_parts" to 0, "far.fine_side" to 0.5,
            "far.confirm_threshold" to -1, "far.sure_score" to "1", "far.proposal_threshold" to 2,
            "far.most_proposals" to JSONObject.NULL, "far.most_turned" to true,
            "crop.box_width" to 0, "crop.box_center" to JSONArray(listOf(0.5)),
        )
        val blazeFace = mapOf(
            "anchors" to JSONArray(),
            "input_size" to 0,
            "keypoints" to JSONArray(listOf("nose_tip")),
            "score_clip" to "1",
            "iou_threshold" to 1.5,
            "score_threshold" to JSONObject.NULL,
        )
        for ((from, entries) in listOf("$MODELS" to yunet, "$FORMAT1" to blazeFace)) {
            for ((path, value) in entries) {
                val keys = "detector.${path.trim()}".split('.')
                val changed = copy(from) { manifest ->
                    keys.dropLast(1).fold(manifest) { at, key -> at.getJSONObject(key) }.put(keys.last(), value)
                }
                val message = damaged(changed)
                assertTrue("$path: $message", message.startsWith("faces/manifest.json: detector.${path.trim()}"))
            }
        }
    }
}
