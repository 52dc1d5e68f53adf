package org.faceemotionkit

import org.faceemotionkit.core.Baseline
import org.faceemotionkit.core.BaselineException
import org.faceemotionkit.core.Head
import org.faceemotionkit.core.InvalidOptionsException
import org.faceemotionkit.core.ModelDamagedException
import org.faceemotionkit.core.ModelMissingException
import org.faceemotionkit.core.Reach
import org.faceemotionkit.testing.MODELS
import org.faceemotionkit.testing.frame
import org.faceemotionkit.testing.objects
import org.faceemotionkit.testing.released
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class RecognizerOptionsTest {
    private val frames = released("face_detector/golden.json").getJSONArray("frames").objects()
    private val oneFace = frames.first { it.getJSONArray("near").length() == 1 }
    private val crowd = frames.first { it.getString("name") == "four small faces" }

    private fun files(folder: String, vararg names: String) =
        (names.toList() + "manifest.json").associateWith { MODELS.resolve("$folder/$it").readBytes() }

    private fun refused(set: RecognizerOptions.Builder.() -> Unit): String =
        assertThrows(InvalidOptionsException::class.java) { RecognizerOptions(set) }.message.orEmpty()

    @Test
    fun `options out of their range are refused by one sentence`() {
        for (count in listOf(0, -1, 17)) {
            assertEquals(
                "threads $count: 1 to 16 are expected.",
                refused {
                    threads(count)
                },
            )
        }
        for (seconds in listOf(-0.5, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)) {
            assertEquals("lookEvery $seconds: 0 or more seconds are expected.", refused { lookEvery(seconds) })
            assertEquals("smallestFace $seconds: 0 or more pixels are expected.", refused { smallestFace(seconds) })
        }
        assertEquals("mostFaces 0: 1 or more are expected.", refused { mostFaces(0) })
    }

    @Test
    fun `a head and a baseline of another contradict each other`() {
        val learnt = Baseline("model", Head.VOTES, listOf("happy", "neutral"), listOf(1, 0))
        val sentence = "head LABELS and a baseline of head VOTES contradict each other: " +
            "leave one out, or learn the neutral face with head LABELS."
        assertEquals(sentence, refused { head(Head.LABELS).baseline(learnt) })
        assertEquals(sentence, refused { baseline(learnt).head(Head.LABELS) })
        assertTrue(refused { head(Head.BOTH).baseline(learnt) }.startsWith("head BOTH and a baseline of head VOTES"))
        assertEquals("the baseline's", Head.VOTES, RecognizerOptions { baseline(learnt) }.head)
    }

    @Test
    fun `options are values`() {
        val options = RecognizerOptions { threads(3).reach(Reach.FAR).lookEvery(0.0).smallestFace(30.0).mostFaces(2) }
        assertEquals(options, options.toBuilder().build())
        assertEquals(options.hashCode(), options.toBuilder().build().hashCode())
        assertNotEquals(options, options.toBuilder().mostFaces(3).build())
        assertTrue(
            "$options",
            "threads=3, head=BOTH, reach=FAR, lookEvery=0.0, smallestFace=30.0, mostFaces=2" in "$options",
        )
        val usual = RecognizerOptions {}
        assertEquals(
            listOf(2, Head.BOTH, null, 0.5, 0.0, Int.MAX_VALUE, null),
            usual.run {
                listOf(threads, head, reach, lookEvery, smallestFace, mostFaces, baseline)
            },
        )
    }

    @Test
    fun `a model in memory answers like one in a folder, and its sha256 is checked`() {
        val model = files("nano", "int8.tflite")
        val faces = files("face_detector", "near.tflite", "far.tflite")
        fun load(model: Map<String, ByteArray>) = EmotionRecognizer.load(
            RecognizerOptions { model(ModelSource.bytes(model)).detector(ModelSource.bytes(faces)).threads(1) },
        )
        val expected = loadFrom(MODELS, "nano").use { it.recognize { oneFace.frame() } }
        assertEquals(1, expected.size)
        assertEquals(expected, load(model).use { it.recognize { oneFace.frame() } })
        val changed = model.getValue("int8.tflite").copyOf().also { it[999] = (it[999] + 1).toByte() }
        val damaged = assertThrows(ModelDamagedException::class.java) { load(model + ("int8.tflite" to changed)) }
        assertTrue("${damaged.message}", damaged.message.orEmpty().startsWith("bytes/int8.tflite is damaged"))
        val missing = assertThrows(ModelMissingException::class.java) { load(model - "int8.tflite") }
        assertTrue("${missing.message}", missing.message.orEmpty().startsWith("bytes/int8.tflite is missing"))
        val none = assertThrows(ModelMissingException::class.java) { EmotionRecognizer.load(RecognizerOptions {}) }
        assertEquals("The app's assets are not at hand: use load(context, options).", none.message)
    }

    @Test
    fun `reach, the smallest and the most faces count in every call`() {
        fun found(set: RecognizerOptions.Builder.() -> Unit) =
            loadFrom(MODELS, "nano", set).use { recognizer -> recognizer.recognize { crowd.frame() } }
        assertEquals(0, found { reach(Reach.NEAR) }.size)
        val all = found { reach(Reach.FAR) }
        assertEquals(4, all.size)
        val widths = all.map { it.box.width }.sorted()
        assertEquals(2, found { reach(Reach.FAR).smallestFace((widths[1] + widths[2]) / 2) }.size)
        val two = found { reach(Reach.FAR).mostFaces(2) }
        assertEquals(all.filter { it.box.width >= widths[2] }, two)
    }

    @Test
    fun `a baseline of the options counts where a call names none`() {
        val baseline = loadFrom(MODELS, "nano").use { it.learnNeutral(1) { oneFace.frame() } }
        val (plain, less) = loadFrom(MODELS, "nano").use { recognizer ->
            recognizer.recognize { oneFace.frame() } to recognizer.recognize(baseline) { oneFace.frame() }
        }
        assertNotEquals(plain, less)
        loadFrom(MODELS, "nano") { baseline(baseline) }.use { recognizer ->
            assertEquals(less, recognizer.recognize { oneFace.frame() })
        }
        val other = assertThrows(BaselineException::class.java) { loadFrom(MODELS, "small") { baseline(baseline) } }
        assertTrue("${other.message}", other.message.orEmpty().startsWith("Baseline: learnt with another model"))
    }
}
