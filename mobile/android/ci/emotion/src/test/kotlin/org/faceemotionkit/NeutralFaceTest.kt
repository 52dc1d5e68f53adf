package org.faceemotionkit

import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.BaselineException
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.NotOneFaceException
import org.faceemotionkit.core.Reach
import org.faceemotionkit.core.RecognizerClosedException
import org.faceemotionkit.testing.FORMAT1
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.RELEASED
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.frameOf
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import kotlin.math.exp
import kotlin.math.floor

/** The released models with a person's own neutral, and with a limit below which an answer is unsure. */
class NeutralFaceTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val frames = released("face_detector/golden.json").getJSONArray("frames").objects()
    private val oneFace = frames.first { it.getJSONArray("near").length() == 1 }
    private val severalFaces = frames.first { it.getJSONArray("near").length() > 1 }

    /** A copy of a model whose contract states a strength for baselines and a limit for answers. */
    private fun load(
        name: String = "small",
        head: Head = Head.BOTH,
        strength: Double = STRENGTH,
        unsureBelow: Double = 0.0,
    ): EmotionRecognizer {
        val root = folder.newFolder()
        MODELS.resolve("face_detector").copyRecursively(root.resolve("face_detector"))
        val manifest = released("$name/manifest.json")
        manifest.getJSONObject("contract").put("baseline_strength", strength).put("unsure_below", unsureBelow)
        File(root, name).mkdir()
        File(root, "$name/manifest.json").writeText("$manifest")
        MODELS.resolve("$name/int8.tflite").copyTo(File(root, "$name/int8.tflite"))
        return loadFrom(root, name) { head(head) }
    }

    private fun EmotionRecognizer.still(entry: JSONObject, baseline: Baseline? = null) =
        recognize(baseline) { entry.frame() }

    private fun EmotionRecognizer.learn(vararg entries: JSONObject) = learnNeutral(entries.size) { entries[it].frame() }

    /** What a face's answer becomes when a baseline is taken off its logarithms, in real numbers. */
    private fun less(face: Face, baseline: Baseline): FloatArray {
        val powers = face.probabilities.mapIndexed { label, share ->
            share * exp(-floor(STRENGTH * baseline.values[label] + 0.5) / 256)
        }
        return FloatArray(powers.size) { (powers[it] / powers.sum()).toFloat() }
    }

    @Test
    fun `every released model learns a face at rest, and takes it off`() {
        for (name in RELEASED) {
            for (head in Head.values()) {
                load(name, head).use { recognizer ->
                    val baseline = recognizer.learn(oneFace)
                    val int8 = released("$name/manifest.json").getJSONObject("artifacts").getJSONObject("int8")
                    assertEquals(int8.getJSONArray("files").getJSONObject(0).getString("sha256"), baseline.model)
                    assertEquals(head, baseline.head)
                    assertEquals(recognizer.labels, baseline.labels)
                    val before = recognizer.still(oneFace).single()
                    val after = recognizer.still(oneFace, Baseline.fromJson(baseline.toJson())).single()
                    assertArrayEquals("$name $head", less(before, baseline), after.probabilities.toFloatArray(), 1e-5f)
                    assertTrue("it counts", before.probabilities[6] < after.probabilities[6] - 0.001f)
                    assertEquals(before.box, after.box)
                }
            }
        }
    }

    @Test
    fun `several pictures give the median, and camera images the same as pictures`() {
        load().use { recognizer ->
            val one = recognizer.learn(oneFace)
            val others = frames.filter { it.getJSONArray("near").length() == 1 }
            assertEquals(one, recognizer.learn(oneFace, others.last(), oneFace))
            val learner = recognizer.neutralLearner()
            repeat(3) { learner.add(recognizer.recognize(cameraImage(oneFace, 90, it * 40_000_000L), 90)) }
            assertEquals(3, learner.count)
            val baseline = learner.baseline()
            // A camera's image is grey here, so that the crop differs from the coloured picture's by a little.
            for ((live, still) in baseline.values.zip(
                one.values,
            )) {
                assertEquals(still.toDouble(), live.toDouble(), 128.0)
            }
            recognizer.reset()
            val face = recognizer.recognize(cameraImage(oneFace, 0, 0), 0, baseline).single()
            recognizer.reset()
            val plain = recognizer.recognize(cameraImage(oneFace, 0, 0), 0).single()
            assertArrayEquals(less(plain, baseline), face.probabilities.toFloatArray(), 1e-5f)
        }
    }

    @Test
    fun `a face that lies on its side is learnt too, since far is looked at where near finds nobody`() {
        load().use { recognizer ->
            val lying = frames.first { it.getString("name") == "lying on the side" }
            assertEquals(0, recognizer.recognize(null, Reach.NEAR) { lying.frame() }.size)
            val learner = recognizer.neutralLearner()
            learner.add(recognizer.recognize(null, Reach.FAR) { lying.frame() })
            assertEquals(learner.baseline(), recognizer.learn(lying))
            val crowd = frames.first { it.getString("name") == "four small faces" }
            assertEquals(4, assertThrows(NotOneFaceException::class.java) { recognizer.learn(crowd) }.count)
        }
    }

    @Test
    fun `a camera's tracks have baselines of their own`() {
        load().use { recognizer ->
            fun image(nanoseconds: Long) = cameraImage(oneFace, 0, nanoseconds)
            val baseline = recognizer.learn(oneFace)
            val plain = recognizer.recognize(image(0), 0, mapOf(2 to baseline)).single()
            assertEquals(1, plain.track)
            val later = recognizer.recognize(image(9_000_000_000), 0, mapOf(2 to baseline)).single()
            assertEquals(2, later.track)
            assertArrayEquals(less(plain, baseline), later.probabilities.toFloatArray(), 1e-5f)
        }
    }

    @Test
    fun `pictures without exactly one face are named, and other models' baselines refused`() {
        load().use { recognizer ->
            val expected = recognizer.still(oneFace).single().probabilities.toFloatArray()
            val count = severalFaces.getJSONArray("near").length()
            val one = assertThrows(NotOneFaceException::class.java) { recognizer.learn(severalFaces) }
            val rest = "where exactly one is expected; learn from pictures of one person, looking at the camera."
            assertEquals("$count faces $rest", one.message)
            val second = assertThrows(NotOneFaceException::class.java) { recognizer.learn(oneFace, severalFaces) }
            assertEquals("Frame 2 of 2: $count faces $rest", second.message)
            val flat = frameOf(ByteArray(3 * 64 * 64) { 99 }, 64, 64)
            val none = assertThrows(NotOneFaceException::class.java) { recognizer.learnNeutral(1) { flat } }
            assertEquals("No face $rest", none.message)
            assertThrows(BaselineException::class.java) { recognizer.learnNeutral(emptyList()) }
            val others = listOf(load("nano"), load(head = Head.VOTES)).map { other -> other.use { it.learn(oneFace) } }
            for (baseline in others) {
                assertThrows(BaselineException::class.java) { recognizer.still(oneFace, baseline) }
                val image = cameraImage(oneFace, 0, 0)
                assertThrows(BaselineException::class.java) { recognizer.recognize(image, 0, baseline) }
                assertThrows(BaselineException::class.java) { recognizer.recognize(image, 0, mapOf(1 to baseline)) }
            }
            assertArrayEquals(
                "nothing was lost",
                expected,
                recognizer.still(oneFace).single().probabilities.toFloatArray(),
                0f,
            )
        }
    }

    @Test
    fun `a model that states no strength says so, one of format 1 too, and a closed one that it is closed`() {
        val message = "This model states no strength for a baseline (baseline_strength is 0); take a released model."
        load(strength = 0.0).use { recognizer ->
            val refused = assertThrows(BaselineException::class.java) { recognizer.learn(oneFace) }
            assertEquals(message, refused.message)
            assertThrows(BaselineException::class.java) { recognizer.neutralLearner() }
        }
        val root = folder.newFolder()
        FORMAT1.resolve("nano").copyRecursively(root.resolve("nano"))
        MODELS.resolve("face_detector").copyRecursively(root.resolve("face_detector"))
        loadFrom(root, "nano").use { old ->
            assertEquals(message, assertThrows(BaselineException::class.java) { old.learn(oneFace) }.message)
            assertTrue(old.still(oneFace).single().certain)
        }
        val closed = load().apply { close() }
        assertThrows(RecognizerClosedException::class.java) { closed.learn(oneFace) }
        assertThrows(RecognizerClosedException::class.java) { closed.neutralLearner() }
    }

    @Test
    fun `a face is certain from the contract's limit on, and has its five points`() {
        val largest = load().use { recognizer -> recognizer.still(oneFace).single().probabilities.max() }
        for ((limit, certain) in listOf(largest - 0.05 to true, largest + 0.05 to false)) {
            load(unsureBelow = limit).use { recognizer ->
                val face = recognizer.still(oneFace).single()
                assertEquals(certain, face.certain)
                assertEquals(
                    certain,
                    recognizer.recognize(cameraImage(oneFace, 0, 0), 0, reach = Reach.FAR).single().certain,
                )
                assertEquals(5, face.keypoints.size)
                val (left, right) = face.eyes
                assertTrue(left.x < right.x && left.x > face.box.xMin && right.x < face.box.xMax)
                assertFalse(left == right)
            }
        }
    }

    private companion object {
        const val STRENGTH = 0.25
    }
}
