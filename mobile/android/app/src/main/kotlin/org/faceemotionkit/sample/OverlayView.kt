package org.faceemotionkit.sample

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.graphics.Typeface
import android.util.AttributeSet
import android.util.TypedValue
import android.view.View
import org.faceemotionkit.core.Face

/** Draws the faces' boxes and labels over the picture. Text is never mirrored, boxes are if the picture is. */
class OverlayView(context: Context, attributes: AttributeSet?) : View(context, attributes) {
    private val density = resources.displayMetrics.density
    private val corners = Path()
    private val line = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        style = Paint.Style.STROKE
        strokeCap = Paint.Cap.ROUND
    }
    private val fill = Paint(Paint.ANTI_ALIAS_FLAG)
    private val text = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
        textSize = TypedValue.applyDimension(TypedValue.COMPLEX_UNIT_SP, TEXT_SIZE, resources.displayMetrics)
    }
    private val ink = context.getColor(R.color.on_stage)
    private val grey = context.getColor(R.color.stage_muted)
    private val tagColor = context.getColor(R.color.tag)
    private var reading: Reading? = null
    private var labels: List<String> = emptyList()
    private var mirrored = false

    /** Shows the faces of a picture; null clears the overlay. */
    fun show(reading: Reading?, labels: List<String>, mirrored: Boolean) {
        this.reading = reading
        this.labels = labels
        this.mirrored = mirrored
        invalidate()
    }

    override fun onDraw(canvas: Canvas) {
        val shown = reading ?: return
        val picture = placeOf(shown.width, shown.height, width, height)
        shown.faces.forEachIndexed { index, face ->
            val box = placeOf(face.box, shown.width, picture, mirrored)
            val shade = if (face.certain) shadeOf(labels.indexOf(face.label)) else grey
            text.color = if (face.certain) ink else grey
            drawCorners(canvas, box, shade)
            drawTag(canvas, wordsOf(face, index, shown.faces.size), box, shade)
        }
    }

    private fun wordsOf(face: Face, index: Int, count: Int): String {
        if (!face.certain) {
            if (count == 1) return resources.getString(R.string.unclear)
            return resources.getString(R.string.tag_unclear_of_many, numberOf(face, index))
        }
        val share = percent(face.probabilities.getOrElse(labels.indexOf(face.label)) { 0f })
        return if (count == 1) {
            resources.getString(R.string.tag_one, face.label, share)
        } else {
            resources.getString(R.string.tag_of_many, numberOf(face, index), face.label, share)
        }
    }

    private fun drawCorners(canvas: Canvas, box: Place, shade: Int) {
        val arm = minOf(box.width, box.height) * ARM
        val bend = minOf(BEND * density, arm / 2)
        corners.rewind()
        corner(box.left, box.top, arm, arm, bend, bend)
        corner(box.right, box.top, -arm, arm, -bend, bend)
        corner(box.right, box.bottom, -arm, -arm, -bend, -bend)
        corner(box.left, box.bottom, arm, -arm, bend, -bend)
        line.color = SHADOW
        line.strokeWidth = 6 * density
        canvas.drawPath(corners, line)
        line.color = WHITE
        line.strokeWidth = 3 * density
        canvas.drawPath(corners, line)
        fill.color = shade
        val middle = (box.left + box.right) / 2
        val across = box.width * MARK
        val down = 2 * density
        canvas.drawRect(middle - across, box.bottom - down, middle + across, box.bottom + down, fill)
    }

    private fun corner(x: Float, y: Float, armX: Float, armY: Float, bendX: Float, bendY: Float) {
        corners.moveTo(x, y + armY)
        corners.lineTo(x, y + bendY)
        corners.quadTo(x, y, x + bendX, y)
        corners.lineTo(x + armX, y)
    }

    private fun drawTag(canvas: Canvas, words: String, box: Place, shade: Int) {
        val tagHeight = text.textSize * TAG_HEIGHT
        val dot = text.textSize * DOT
        val tagWidth = text.measureText(words) + tagHeight + 2 * dot
        val place = tagPlace(box, tagWidth, tagHeight, GAP * density, width.toFloat())
        val middle = (place.top + place.bottom) / 2
        fill.color = tagColor
        canvas.drawRoundRect(place.left, place.top, place.right, place.bottom, tagHeight / 2, tagHeight / 2, fill)
        fill.color = shade
        canvas.drawCircle(place.left + tagHeight / 2, middle, dot, fill)
        val baseline = middle - (text.ascent() + text.descent()) / 2
        canvas.drawText(words, place.left + tagHeight / 2 + 2 * dot, baseline, text)
    }

    private companion object {
        const val TEXT_SIZE = 14f // sp
        const val TAG_HEIGHT = 2f // in text sizes, like the dot's radius
        const val DOT = 0.36f
        const val ARM = 0.22f // of a box's shorter side
        const val MARK = 0.15f // half the length of the coloured mark, in box widths
        const val BEND = 14f // dp, like the gap
        const val GAP = 8f
        const val SHADOW = 0x8c000000.toInt()
        const val WHITE = 0xffffffff.toInt()
    }
}
