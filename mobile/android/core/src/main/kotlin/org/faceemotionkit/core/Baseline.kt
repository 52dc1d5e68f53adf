/*
 * A person's own neutral: what a network says of a face at rest, taken off its later answers for the same face. Twin of
 * face_emotion/baseline.py, whose docstring defines every step: whole numbers, equal to the bit.
 */
@file:JvmName("-Baseline")

package org.faceemotionkit.core

import org.json.JSONException
import org.json.JSONObject
import org.json.JSONTokener
import kotlin.math.floor
import kotlin.math.ln

private const val NEUTRAL = "neutral"
private const val IDEAL_NEUTRAL = 0.8 // its share of the answer that a face at rest should get
private const val FORMAT = 1
private const val LARGEST = 1 shl 20 // of a value's size: 4096 units of the natural logarithm

/**
 * What a model says of one person's neutral face, beside what it should. Another model or head refuses it.
 *
 * @property model sha256 of the model's int8 file
 * @property head whose answer it is of
 * @property labels the class names
 * @property values in 1 / 256 of the natural logarithm, in the order of the labels, 0 for neutral
 */
public data class Baseline(
    public val model: String,
    public val head: Head,
    public val labels: List<String>,
    public val values: List<Int>,
) {
    init {
        require(labels.size == values.size) { "${values.size} values of ${labels.size} labels" }
    }

    /** What [fromJson] reads, and Python and the web page read too. */
    public fun toJson(): String {
        val pairs = labels.zip(values) { label, value -> "${JSONObject.quote(label)}:$value" }
        val name = JSONObject.quote(model)
        return """{"format":$FORMAT,"model":$name,"head":"${head.entry}","values":{${pairs.joinToString(",")}}}"""
    }

    public companion object {
        /**
         * Reads what [toJson] returned, or Python or the web page wrote.
         *
         * @throws BaselineException for anything else
         */
        @JvmStatic
        public fun fromJson(json: String): Baseline {
            val entries = try {
                ordered(json)
            } catch (error: JSONException) {
                throw BaselineException("Baseline: not a JSON object; $AGAIN", error)
            } catch (error: StackOverflowError) { // nested a thousand times and more, as nothing is that toJson wrote
                throw BaselineException("Baseline: not a JSON object; $AGAIN", error)
            }
            if (entries["format"] != FORMAT) throw BaselineException("Baseline: not of format $FORMAT; $AGAIN")
            val head = Head.values().find { it.entry == entries["head"] }
            val values = entries["values"] as? Map<*, *>
            val model = entries["model"] as? String
            if (model == null || head == null || values == null) {
                throw BaselineException("Baseline: model, head and values are expected; $AGAIN")
            }
            val whole = values.values.map { value -> (value as? Int)?.takeIf { it in -LARGEST..LARGEST } }
            if (null in whole) throw BaselineException("Baseline: values: whole numbers are expected; $AGAIN")
            return Baseline(model, head, values.keys.map { "$it" }, whole.filterNotNull())
        }
    }
}

internal const val AGAIN = "learn the neutral face again."

/** Which model's which head gives an answer: sha256 of the model's int8 file, and what a baseline must be of. */
internal data class Answerer(val model: String, val head: Head, val labels: List<String>)

/**
 * What is taken off each class's score for a baseline (step 4), in 1 / 256.
 *
 * @param strength the contract's, 0..1
 * @throws BaselineException if it was learnt with another model, head or set of labels, or if there is no strength
 */
internal fun Baseline.offsetsFor(answerer: Answerer, strength: Double): LongArray {
    requireStrength(strength)
    val other = when {
        model != answerer.model -> "model (${model.take(SHORT)} where this one has ${answerer.model.take(SHORT)})"
        head != answerer.head -> "head ($head where this recognizer has ${answerer.head})"
        labels != answerer.labels -> "set of labels ($labels where this recognizer has ${answerer.labels})"
        else -> return offsets(values, strength)
    }
    throw BaselineException("Baseline: learnt with another $other; $AGAIN")
}

/** Throws [BaselineException] for a contract that does not state how much of a baseline is taken off. */
internal fun requireStrength(strength: Double) {
    if (strength > 0) return
    throw BaselineException(
        "This model states no strength for a baseline (baseline_strength is 0); take a released model.",
    )
}

private const val SHORT = 12 // characters of a sha256 that a sentence has

/**
 * The values of the baseline of a face at rest (steps 1 to 3), in the order of the labels.
 *
 * @param scores of each frame, of which there is one at least, in 1 / 256
 * @throws BaselineException if no class is called "neutral"
 */
internal fun learnt(scores: List<LongArray>, labels: List<String>): List<Int> {
    val rest = neutralOf(labels)
    val ideal = floor(STEPS * ln((1 - IDEAL_NEUTRAL) / (IDEAL_NEUTRAL * (labels.size - 1))) + 0.5).toLong()
    return labels.indices.map { label ->
        val ratios = scores.map { it[label] - it[rest] }.sorted()
        val middle = Math.floorDiv(ratios[(ratios.size - 1) / 2] + ratios[ratios.size / 2], 2L)
        if (label == rest) 0 else (middle - ideal).toInt()
    }
}

/** The index of the class that a baseline is taken from; throws [BaselineException] if there is none. */
internal fun neutralOf(labels: List<String>): Int = labels.indexOf(NEUTRAL).takeIf { it >= 0 }
    ?: throw BaselineException("This model has no class \"$NEUTRAL\", from which a baseline is taken.")

/** What is taken off each class's score (step 4), in 1 / 256. */
internal fun offsets(values: List<Int>, strength: Double): LongArray =
    LongArray(values.size) { floor(strength * values[it] + 0.5).toLong() }

/** The entries of a JSON object in their order, which JSONObject does not keep on every platform. */
private fun ordered(json: String): Map<String, Any?> {
    val tokens = JSONTokener(shallow(json))
    if (tokens.nextClean() != '{') throw tokens.syntaxError("an object is expected")
    val entries = entries(tokens)
    if (tokens.nextClean() != END) throw tokens.syntaxError("nothing more is expected")
    return entries
}

private fun entries(tokens: JSONTokener): Map<String, Any?> {
    val found = LinkedHashMap<String, Any?>()
    if (tokens.nextClean() == '}') return found
    tokens.back()
    while (true) {
        if (tokens.nextClean() != '"') throw tokens.syntaxError("a name is expected")
        val name = tokens.nextString('"')
        if (tokens.nextClean() != ':') throw tokens.syntaxError("a colon is expected")
        found[name] = value(tokens)
        when (tokens.nextClean()) {
            ',' -> continue
            '}' -> return found
            else -> throw tokens.syntaxError("a comma is expected")
        }
    }
}

private fun value(tokens: JSONTokener): Any? {
    if (tokens.nextClean() == '{') return entries(tokens)
    tokens.back()
    return tokens.nextValue()
}

private const val END = '\u0000' // what JSONTokener gives behind the last character
