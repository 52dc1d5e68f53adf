package org.faceemotionkit.core

import org.faceemotionkit.testing.released
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Test

/** How far the recognizer looks, and what it says of faces that are small. */
class ReachTest {
    /** Finds other faces near and far, and keeps what it was asked. */
    private class TwoReaches : Detector() {
        val asked = ArrayList<Reach>()
        val found = HashMap<Reach, List<Detection>>()
        override val keypoints = EYES

        override fun detect(frame: Frame, reach: Reach): List<Detection> {
            asked += reach
            return found[reach].orEmpty()
        }

        override fun close() = Unit
    }

    private val detector = TwoReaches()
    private val frame = noise(200, 200)

    private fun contract(reach: String): Contract {
        val manifest = released("small/manifest.json")
        manifest.getJSONObject("contract").put("reach", reach)
        return Contract.read(Fields(JSONObject("$manifest"), "manifest.json"), 2)
    }

    private fun recognizer(reach: String = "near"): Recognizer {
        val outputs = listOf(listOf(1, 7) to FloatArray(7), listOf(1, 14) to FloatArray(14))
        val contract = contract(reach)
        return Recognizer(contract, Classifier(FakeRunner(listOf(1, 48, 48, 1), outputs), contract), detector, "abc")
    }

    private fun face(width: Double, turn: Int = 0, upright: Double = width): Detection {
        fun box(side: Double) = Box(100 - side / 2, 90 - side / 2, 100 + side / 2, 90 + side / 2)
        val eyes = mapOf("right_eye" to Point(95.0, 85.0), "left_eye" to Point(105.0, 85.0))
        return Detection(box(width), 0.9, eyes, turn, box(upright))
    }

    @Test
    fun `still pictures have the contract's reach, frames near, unless another is asked for`() {
        for ((stated, usual) in listOf("near" to Reach.NEAR, "far" to Reach.FAR)) {
            detector.asked.clear()
            val recognizer = recognizer(stated)
            recognizer.recognize(frame, null)
            recognizer.recognize(frame, 0.0)
            recognizer.recognize(frame, 0.1, emptyMap())
            for (reach in Reach.values()) {
                recognizer.recognize(frame, null, null, reach)
                recognizer.recognize(frame, 0.2, null, reach)
                recognizer.recognize(frame, 0.3, emptyMap(), reach)
            }
            val three = listOf(Reach.NEAR, Reach.FAR).flatMap { reach -> List(3) { reach } }
            assertEquals(listOf(usual, Reach.NEAR, Reach.NEAR) + three, detector.asked)
        }
    }

    @Test
    fun `a neutral face is learnt near, and far only where near finds nobody`() {
        for (recognizer in listOf(recognizer("near"), recognizer("far"))) {
            detector.found[Reach.NEAR] = listOf(face(80.0))
            detector.found[Reach.FAR] = List(2) { face(80.0) }
            detector.asked.clear()
            recognizer.learnNeutral(listOf(frame))
            assertEquals("a bystander far away is no second face", listOf(Reach.NEAR), detector.asked)
            detector.found[Reach.NEAR] = emptyList()
            val several = assertThrows(NotOneFaceException::class.java) { recognizer.learnNeutral(listOf(frame)) }
            assertEquals(2, several.count)
            detector.found[Reach.FAR] = listOf(face(80.0))
            detector.asked.clear()
            assertEquals(7, recognizer.learnNeutral(listOf(frame)).values.size)
            assertEquals(listOf(Reach.NEAR, Reach.FAR), detector.asked)
            detector.found[Reach.FAR] = emptyList()
            val none = assertThrows(NotOneFaceException::class.java) { recognizer.learnNeutral(listOf(frame)) }
            assertEquals(0, none.count)
        }
    }

    @Test
    fun `a face is small if its crop has fewer pixels than the network sees, however its own box is turned`() {
        val recognizer = recognizer()
        assertEquals(0.83 * 48, recognizer.smallestFace, 1e-12)
        val cases = listOf(
            face(39.8) to true,
            face(39.9) to false,
            face(50.0, turn = 45, upright = 36.0) to true,
            face(60.0, turn = 45, upright = 43.0) to false,
        )
        for ((found, small) in cases) {
            detector.found[Reach.NEAR] = listOf(found)
            val face = recognizer.recognize(frame, null).single()
            assertEquals("${found.box}", small, face.small)
            assertEquals("the box is the one in the picture", found.box, face.box)
        }
    }
}
