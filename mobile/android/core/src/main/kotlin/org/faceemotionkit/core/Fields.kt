package org.faceemotionkit.core

import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject

/** A manifest's entries, read by their path; every complaint names the file and the entry. */
internal class Fields(private val root: JSONObject, private val where: String) {
    fun text(path: String): String = at(path) as? String ?: refuse(path, "a text")

    fun count(path: String): Int = wholeNumber(at(path))?.takeIf { it > 0 } ?: refuse(path, "a whole number above 0")

    fun counts(path: String): List<Int> = list(path)
        .map { value -> wholeNumber(value)?.takeIf { it > 0 } ?: refuse(path, "a list of whole numbers above 0") }
        .ifEmpty { refuse(path, "a list of whole numbers above 0") }

    fun positive(path: String): Double = number(at(path))?.takeIf { it > 0 } ?: refuse(path, "a number above 0")

    fun wholeIn(path: String, range: IntRange): Int = wholeNumber(at(path))?.takeIf(range::contains)
        ?: refuse(path, "a whole number from ${range.first} to ${range.last}")

    fun wholesIn(path: String, range: IntRange): List<Int> = list(path).map {
        wholeNumber(it)?.takeIf(range::contains)
            ?: refuse(path, "a list of whole numbers from ${range.first} to ${range.last}")
    }

    fun fraction(path: String): Double = number(at(path))?.takeIf(::isFraction) ?: refuse(path, "a number from 0 to 1")

    fun fractions(path: String, count: Int): List<Double> = numbersIn(path, count, 0.0, 1.0)

    fun numbersIn(path: String, count: Int, low: Double, high: Double): List<Double> {
        val values = list(path).map(::number)
        if (values.size != count || values.any { it == null || it !in low..high }) {
            val numbers = if (count == 1) "one number" else "$count numbers"
            refuse(path, "a list of $numbers from ${plain(low)} to ${plain(high)}")
        }
        return values.filterNotNull()
    }

    /** One of the words that stand for the values of an enumeration. */
    fun <T> oneOf(path: String, known: List<T>, word: (T) -> String): T =
        known.find { word(it) == at(path) } ?: refuse(path, known.joinToString(" or ", transform = word))

    fun names(path: String): List<String> {
        val values = list(path).map { (it as? String)?.takeIf(String::isNotBlank) ?: refuse(path, "a list of names") }
        if (values.map(String::lowercase).toSet().size != values.size) refuse(path, "a list of distinct names")
        return values
    }

    /** A list of objects, each with a reader of its own. */
    fun objects(path: String): List<Fields> = list(path).mapIndexed { index, value ->
        Fields(value as? JSONObject ?: refuse(path, "a list of objects"), "$where: $path[$index]")
    }

    /** Whatever stands there, as messages show it. */
    fun shown(path: String): String = "${at(path)}"

    fun has(path: String): Boolean = at(path) != null

    fun refuse(path: String, expected: String): Nothing =
        throw ModelDamagedException("$where: $path: $expected is expected.")

    private fun list(path: String): List<Any?> {
        val values = at(path) as? JSONArray ?: refuse(path, "a list")
        return (0 until values.length()).map(values::opt)
    }

    private fun at(path: String): Any? =
        path.split('.').fold<String, Any?>(root) { entry, key -> (entry as? JSONObject)?.opt(key) }

    private fun number(value: Any?): Double? =
        (value as? Number)?.toDouble()?.takeIf { !it.isNaN() && !it.isInfinite() }

    private fun wholeNumber(value: Any?): Int? =
        (value as? Number)?.takeIf { it.toDouble() == it.toInt().toDouble() }?.toInt()

    private fun plain(value: Double) = if (value == Math.rint(value)) "${value.toLong()}" else "$value"

    private fun isFraction(value: Double) = value in 0.0..1.0

    companion object {
        /**
         * Parses a JSON object.
         *
         * @param where what messages call the file
         * @throws ModelDamagedException if the text is none
         */
        fun parse(text: String, where: String): Fields = try {
            Fields(JSONObject(shallow(text)), where)
        } catch (error: JSONException) {
            throw ModelDamagedException("$where is damaged: it is not a JSON object.", error)
        } catch (error: StackOverflowError) { // Android's parser goes down as deep as the text does
            throw ModelDamagedException("$where is damaged: it is nested too deeply.", error)
        }
    }
}
