package org.faceemotionkit.sample

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Typeface
import android.util.TypedValue
import android.view.View
import android.view.accessibility.AccessibilityNodeInfo
import org.faceemotionkit.core.Face

/**
 * One face of the list: its label, its name and a bar for each expression. A screen reader that comes here reads it
 * all; a changing bar is no news to it.
 */
class FaceView(context: Context) : View(context) {
    private val density = resources.displayMetrics.density
    private val label = paint(LABEL_SIZE, R.color.ink, "sans-serif-medium")
    private val unclear = paint(LABEL_SIZE, R.color.muted, "sans-serif")
    private val name = paint(NAME_SIZE, R.color.muted, "sans-serif")
    private val row = paint(ROW_SIZE, R.color.ink, "sans-serif")
    private val topRow = paint(ROW_SIZE, R.color.ink, "sans-serif-medium")
    private val value = paint(ROW_SIZE, R.color.muted, "sans-serif").apply { textAlign = Paint.Align.RIGHT }
    private val topValue = paint(ROW_SIZE, R.color.ink, "sans-serif-medium").apply { textAlign = Paint.Align.RIGHT }
    private val track = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = context.getColor(R.color.sunken) }
    private val fill = Paint(Paint.ANTI_ALIAS_FLAG)
    private val headHeight = label.textSize * HEAD
    private val rowHeight = row.textSize * ROW

    private var face: Face? = null
    private var number = 0
    private var labels: List<String> = emptyList()

    init {
        importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_YES
    }

    /** Shows a face that goes by [number]; [labels]: the model's class names. */
    fun show(face: Face, number: Int, labels: List<String>) {
        val resized = labels.size != this.labels.size
        this.face = face
        this.number = number
        this.labels = labels
        if (resized) requestLayout()
        invalidate()
    }

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val height = headHeight + rowHeight * labels.size + GAP * density
        setMeasuredDimension(MeasureSpec.getSize(widthMeasureSpec), height.toInt())
    }

    override fun onDraw(canvas: Canvas) {
        val shown = face ?: return
        val baseline = headHeight * HEAD_BASELINE
        val words = shown.sureLabel ?: resources.getString(R.string.unclear)
        val head = if (shown.certain) label else unclear
        canvas.drawText(words, 0f, baseline, head)
        canvas.drawText(nameWords(), head.measureText(words) + GAP * density, baseline, name)
        labels.forEachIndexed { index, text ->
            val top = headHeight + rowHeight * index
            drawRow(canvas, top, text, shown.probabilities[index], index, text == shown.sureLabel)
        }
    }

    private fun drawRow(canvas: Canvas, top: Float, text: String, share: Float, index: Int, isTop: Boolean) {
        val middle = top + rowHeight / 2
        val baseline = middle - (row.ascent() + row.descent()) / 2
        val left = row.textSize * NAME_WIDTH
        val right = width - row.textSize * VALUE_WIDTH
        val half = BAR * density / 2
        canvas.drawText(text, 0f, baseline, if (isTop) topRow else row)
        canvas.drawText(percent(share), width.toFloat(), baseline, if (isTop) topValue else value)
        if (right <= left) return
        canvas.drawRoundRect(left, middle - half, right, middle + half, half, half, track)
        fill.color = shadeOf(index)
        canvas.save()
        canvas.clipRect(left, middle - half, left + (right - left) * share, middle + half)
        canvas.drawRoundRect(left, middle - half, right, middle + half, half, half, fill)
        canvas.restore()
    }

    private fun nameWords() = resources.getString(R.string.face, number)

    override fun onInitializeAccessibilityNodeInfo(info: AccessibilityNodeInfo) {
        super.onInitializeAccessibilityNodeInfo(info)
        val shown = face ?: return
        val sentence = if (shown.certain) R.string.face_spoken else R.string.face_spoken_unclear
        info.contentDescription = resources.getString(sentence, number, spokenShares(shown, labels))
    }

    private fun paint(size: Float, color: Int, family: String) = Paint(Paint.ANTI_ALIAS_FLAG).also {
        it.textSize = TypedValue.applyDimension(TypedValue.COMPLEX_UNIT_SP, size, resources.displayMetrics)
        it.color = context.getColor(color)
        it.typeface = Typeface.create(family, Typeface.NORMAL)
    }

    private companion object {
        const val LABEL_SIZE = 22f // sp, like the other two
        const val NAME_SIZE = 13f
        const val ROW_SIZE = 14f
        const val HEAD = 1.9f // height in text sizes, like the row's
        const val ROW = 1.6f
        const val HEAD_BASELINE = 0.62f // of the head's height
        const val NAME_WIDTH = 5.6f // in text sizes, like the value's
        const val VALUE_WIDTH = 3.2f
        const val BAR = 9f // dp, like the gap
        const val GAP = 10f
    }
}
