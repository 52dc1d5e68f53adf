package org.faceemotionkit.core

import org.faceemotionkit.testing.released
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** A recognizer that learns a person's own neutral, and answers with it. */
class NeutralTest {
    private val settings = blazeFaceSettings()
    private val rest = floatArrayOf(0f, 1f, 0f) // looks sad at rest
    private val logits = rest.copyOf()
    private val boxes = FloatArray(896 * 16)
    private val scores = FloatArray(896) { -9f }
    private val recognizer = recognizer()

    private fun contract(strength: Double, unsureBelow: Double, vararg labels: String): Contract {
        val manifest = released("small/manifest.json")
        manifest.getJSONObject(
            "contract",
        ).put("labels", JSONArray(labels.asList())).put("heads", JSONArray(listOf("votes")))
            .put("blend", JSONArray(listOf(1))).put("sharpness", JSONArray(listOf(2)))
            .put("baseline_strength", strength).put("unsure_below", unsureBelow)
            .getJSONObject("normalization").put("kind", "none")
        return Contract.read(Fields(JSONObject("$manifest"), "manifest.json"), 2)
    }

    private fun recognizer(
        contract: Contract = contract(0.5, 0.0, "happy", "sad", "neutral"),
        head: Head = Head.BOTH,
        model: String = "abc",
    ): Recognizer {
        val outputs = listOf(listOf(1, 3) to FloatArray(3), listOf(1, 3) to logits)
        val classifier = Classifier(FakeRunner(listOf(1, 48, 48, 1), outputs), contract, head)
        val raw = listOf(listOf(1, 896, 16) to boxes, listOf(1, 896, 1) to scores)
        return Recognizer(contract, classifier, BlazeFace(FakeRunner(listOf(1, 128, 128, 3), raw), settings), model)
    }

    private fun show(vararg anchors: Int) {
        scores.fill(-9f)
        for ((index, anchor) in anchors.withIndex()) {
            scores[anchor] = 5f - index
            floatArrayOf(0f, 0f, 40f, 40f, -8f, -6f, 8f, -6f).copyInto(boxes, 16 * anchor)
        }
    }

    private val frame get() = noise(128, 128)

    private fun expected(vararg logits: Double) = realProbabilities(logits)

    /** Values of the face at rest: 256 + 532 for sad, 532 for happy; half of it is taken off. */
    private val happy = 266 / 256.0
    private val sad = 394 / 256.0

    @Test
    fun `what a face shows at rest is taken off its later answers`() {
        show(400)
        val baseline = recognizer.learnNeutral(listOf(frame))
        assertEquals(Baseline("abc", Head.BOTH, listOf("happy", "sad", "neutral"), listOf(532, 788, 0)), baseline)
        assertEquals("sad", recognizer.recognize(frame, null).single().label)
        val face = recognizer.recognize(frame, null, baseline).single()
        assertEquals("neutral", face.label)
        assertArrayEquals(expected(-happy, 1 - sad, 0.0), face.probabilities.toFloatArray(), 0f)
        assertEquals(baseline, Baseline.fromJson(baseline.toJson()))
    }

    @Test
    fun `each track has its own, before the smoothing, and the others none`() {
        show(400)
        val baseline = recognizer.learnNeutral(listOf(frame))
        show(100, 400)
        val plain = expected(0.0, 1.0, 0.0)
        val less = expected(-happy, 1 - sad, 0.0)
        val faces = recognizer.recognize(frame, 0.0, mapOf(2 to baseline, 9 to baseline))
        assertEquals(listOf(1, 2), faces.map { it.track })
        assertArrayEquals(plain, faces[0].probabilities.toFloatArray(), 0f)
        assertArrayEquals(less, faces[1].probabilities.toFloatArray(), 0f)
        assertEquals(listOf("sad", "neutral"), faces.map { it.label })
        val later = recognizer.recognize(frame, 0.1)
        assertTrue("smoothed from there on", later[1].probabilities[1] in less[1] + 0.01f..plain[1] - 0.01f)
        assertArrayEquals(less, recognizer.recognize(frame, 5.0, baseline)[0].probabilities.toFloatArray(), 0f)
    }

    @Test
    fun `a learner takes the faces of a video's frames, with or without a baseline`() {
        show(400)
        val learner = recognizer.neutralLearner()
        val older = recognizer.learnNeutral(listOf(frame))
        for ((index, value) in listOf(3f, 1f, 2f).withIndex()) {
            logits[1] = value
            val time = index * 0.1
            learner.add(if (index == 1) recognizer.recognize(frame, time, older) else recognizer.recognize(frame, time))
        }
        assertEquals(3, learner.count)
        assertEquals("the median of three", listOf(532, 532 + 512, 0), learner.baseline().values)
        logits[1] = 2f
        assertEquals("the same as of frames", recognizer.learnNeutral(listOf(frame)), learner.baseline())
    }

    @Test
    fun `frames without exactly one face are named, and a learner keeps what it has`() {
        show(400)
        assertEquals(3, recognizer.learnNeutral(List(4) { frame }).values.size)
        for ((count, anchors) in listOf(0 to intArrayOf(), 2 to intArrayOf(100, 400))) {
            val faces = if (count == 0) "no face" else "$count faces"
            val rest = "$faces where exactly one is expected; learn from pictures of one person, looking at the camera."
            show(*anchors)
            val one = assertThrows(NotOneFaceException::class.java) { recognizer.learnNeutral(listOf(frame)) }
            assertEquals(rest.replace("no face", "No face"), one.message)
            assertEquals(count, one.count)
            val third = assertThrows(NotOneFaceException::class.java) {
                recognizer.learnNeutral(20) { index ->
                    if (index == 2) show(*anchors) else show(400)
                    frame
                }
            }
            assertEquals("Frame 3 of 20: $rest", third.message)
            val learner = recognizer.neutralLearner()
            show(400)
            learner.add(recognizer.recognize(frame, null))
            show(*anchors)
            val refused =
                assertThrows(NotOneFaceException::class.java) { learner.add(recognizer.recognize(frame, null)) }
            assertEquals("Frame 2: $rest", refused.message)
            assertEquals(listOf(532, 788, 0), learner.baseline().values)
        }
        val none = assertThrows(BaselineException::class.java) { recognizer.learnNeutral(emptyList()) }
        assertEquals("No frames: one of a face at rest is expected at least.", none.message)
    }

    @Test
    fun `faces of another recognizer, or of none, are not learnt from`() {
        show(400)
        val learner = recognizer.neutralLearner()
        val own = recognizer.recognize(frame, null).single()
        val made = Face(own.box, own.track, own.probabilities, own.label, own.score)
        for (face in listOf(made, recognizer(model = "abd").recognize(frame, null).single())) {
            val refused = assertThrows(BaselineException::class.java) { learner.add(listOf(face)) }
            assertEquals("Frame 1: the face is not one that this recognizer found.", refused.message)
        }
        assertEquals(0, learner.count)
    }

    @Test
    fun `a model without the class neutral or without a strength learns nothing`() {
        show(400)
        val nameless = recognizer(contract(0.5, 0.0, "closed", "open", "wide"))
        val first = assertThrows(BaselineException::class.java) { nameless.learnNeutral(listOf(frame)) }
        assertEquals("This model has no class \"neutral\", from which a baseline is taken.", first.message)
        val weak = recognizer(contract(0.0, 0.0, "happy", "sad", "neutral"))
        val second = assertThrows(BaselineException::class.java) { weak.neutralLearner() }
        assertEquals(
            "This model states no strength for a baseline (baseline_strength is 0); take a released model.",
            second.message,
        )
        val baseline = recognizer.learnNeutral(listOf(frame))
        val third = assertThrows(BaselineException::class.java) { weak.recognize(frame, null, baseline) }
        assertEquals("nor takes one", second.message, third.message)
    }

    @Test
    fun `a baseline of another model or head is refused, and tracks stay as they were`() {
        show(400)
        val baseline = recognizer.learnNeutral(listOf(frame))
        for (other in listOf(recognizer(model = "abd"), recognizer(head = Head.VOTES))) {
            assertEquals(1, other.recognize(frame, 0.0).single().track)
            assertThrows(BaselineException::class.java) { other.recognize(frame, null, baseline) }
            assertThrows(BaselineException::class.java) { other.recognize(frame, 9.0, baseline) }
            assertThrows(BaselineException::class.java) { other.recognize(frame, 9.0, mapOf(7 to baseline)) }
            assertEquals("9 s were not", 1, other.recognize(frame, 0.1).single().track)
        }
    }

    @Test
    fun `an answer is certain from unsure_below on, of a track by what is shown`() {
        show(400)
        val share = expected(0.0, 1.0, 0.0)[1].toDouble()
        for ((limit, certain) in listOf(0.0 to true, share to true, Math.nextUp(share) to false, 1.0 to false)) {
            val found = recognizer(contract(0.5, limit, "happy", "sad", "neutral")).recognize(frame, null).single()
            assertEquals("$limit", certain, found.certain)
            assertEquals("sad", found.label)
        }
        val video = recognizer(contract(0.5, 0.7, "happy", "sad", "neutral"))
        assertFalse(video.recognize(frame, 0.0).single().certain)
        logits[1] = 6f
        assertFalse("the smoothed answer is not there yet", video.recognize(frame, 0.05).single().certain)
        assertTrue(video.recognize(frame, null).single().certain)
        assertTrue(video.recognize(frame, 0.9).single().certain)
    }
}
