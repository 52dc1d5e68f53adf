package org.faceemotionkit.sample

import org.json.JSONStringer

/**
 * Returns a result as JSON: numbers and labels only, no image. A face has the names that the web page's export uses.
 *
 * @param time when it was taken, ISO 8601
 */
fun jsonOf(reading: Reading, source: Source, labels: List<String>, time: String): String {
    val json = JSONStringer().`object`()
    json.key("time").value(time).key("source").value(source.name.lowercase())
    json.key("width").value(reading.width.toLong()).key("height").value(reading.height.toLong())
    json.key("milliseconds").value(rounded(reading.milliseconds, 1)).key("faces").array()
    reading.faces.forEachIndexed { index, face ->
        val box = face.box
        json.`object`().key("face").value(numberOf(face, index).toLong()).key("label").value(face.label)
        json.key("certain").value(face.certain)
        json.key("score").value(rounded(face.score.toDouble(), 4))
        json.key("box").array()
        for (side in listOf(box.xMin, box.yMin, box.width, box.height)) json.value(rounded(side, 1))
        json.endArray().key("probabilities").`object`()
        labels.zip(face.probabilities) { label, share -> json.key(label).value(rounded(share.toDouble(), 4)) }
        json.endObject().endObject()
    }
    return json.endArray().endObject().toString()
}

private fun rounded(value: Double, digits: Int): Double =
    value.toBigDecimal().setScale(digits, java.math.RoundingMode.HALF_EVEN).toDouble()
