package org.faceemotionkit.sample

import android.graphics.Bitmap
import android.view.View
import android.view.WindowInsets
import android.widget.Button
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.RadioGroup
import android.widget.TextView
import java.util.Locale

/**
 * Shows a [ScreenState] in the views, and tells the presenter what is pressed.
 *
 * @param root of the views of layout/screen.xml
 * @param share called when the result is to be shared
 */
class ScreenView(root: View, private val presenter: ScreenPresenter, share: () -> Unit) {
    private val resources = root.resources
    private val sources: RadioGroup = root.findViewById(R.id.sources)
    private val preview: View = root.findViewById(R.id.preview)
    private val picture: ImageView = root.findViewById(R.id.picture)
    private val overlay: OverlayView = root.findViewById(R.id.overlay)
    private val card: View = root.findViewById(R.id.card)
    private val cardGlyph: ImageView = root.findViewById(R.id.card_glyph)
    private val cardTitle: TextView = root.findViewById(R.id.card_title)
    private val cardText: TextView = root.findViewById(R.id.card_text)
    private val cardAction: Button = root.findViewById(R.id.card_action)
    private val hint: TextView = root.findViewById(R.id.hint)
    private val spoken: TextView = root.findViewById(R.id.spoken)
    private val speed: TextView = root.findViewById(R.id.speed)
    private val neutral: View = root.findViewById(R.id.neutral)
    private val neutralText: TextView = root.findViewById(R.id.neutral_text)
    private val neutralLearn: Button = root.findViewById(R.id.neutral_learn)
    private val neutralForget: Button = root.findViewById(R.id.neutral_forget)
    private val switchLens: Button = root.findViewById(R.id.switch_lens)
    private val choosePicture: Button = root.findViewById(R.id.choose_picture)
    private val shareButton: Button = root.findViewById(R.id.share)
    private val faces: LinearLayout = root.findViewById(R.id.faces)
    private val facesEmpty: View = root.findViewById(R.id.faces_empty)
    private val facesListed = resources.getBoolean(R.bool.faces_listed)
    private var shownPicture: Bitmap? = null
    private var shownCard: Pair<Card, String?>? = null

    init {
        root.findViewById<View>(R.id.header).show(resources.getBoolean(R.bool.header_shown))
        root.findViewById<View>(R.id.faces_place).show(facesListed)
        root.findViewById<View>(R.id.stage).clipToOutline = true
        root.findViewById<View>(R.id.screen).setOnApplyWindowInsetsListener(::keepClear)
        sources.setOnCheckedChangeListener { _, id ->
            presenter.chooseSource(if (id == R.id.source_camera) Source.CAMERA else Source.PICTURE)
        }
        cardAction.setOnClickListener { presenter.act() }
        switchLens.setOnClickListener { presenter.switchLens() }
        choosePicture.setOnClickListener { presenter.pickPicture() }
        shareButton.setOnClickListener { share() }
        neutralLearn.setOnClickListener { presenter.learnNeutral() }
        neutralForget.setOnClickListener { presenter.forgetNeutral() }
    }

    /** Shows a state; [chosen]: the picture on the stage, if one was chosen. */
    fun show(state: ScreenState, chosen: Bitmap?) {
        val isCamera = state.source == Source.CAMERA
        sources.check(if (isCamera) R.id.source_camera else R.id.source_picture)
        preview.show(isCamera)
        picture.show(!isCamera && state.card == null)
        if (chosen != shownPicture) picture.setImageBitmap(chosen)
        shownPicture = chosen
        switchLens.show(isCamera)
        switchLens.isEnabled = state.switchable
        switchLens.write(resources.getString(if (state.lens == Lens.FRONT) R.string.to_back else R.string.to_front))
        choosePicture.show(!isCamera)
        shareButton.isEnabled = state.shareable
        showNeutral(state)
        showCard(state.card, state.detail)
        showReading(state)
    }

    private fun showNeutral(state: ScreenState) {
        neutral.show(state.teachable)
        val isLearning = state.neutral == Neutral.LEARNING
        val isInUse = state.neutral == Neutral.IN_USE
        neutralText.write(neutralWords(resources, state.neutral, state.neutralTrack))
        neutralLearn.show(!isLearning)
        neutralLearn.write(resources.getString(if (isInUse) R.string.neutral_again else R.string.neutral_learn))
        neutralForget.show(isLearning || isInUse)
        neutralForget.write(resources.getString(if (isLearning) R.string.neutral_cancel else R.string.neutral_forget))
    }

    private fun showCard(next: Card?, detail: String?) {
        card.show(next != null)
        val shown = next?.let { it to detail }
        if (shown == shownCard) return
        shownCard = shown
        val words = wordsOf(next ?: return)
        cardGlyph.setImageResource(words.glyph)
        cardTitle.setText(words.title)
        cardText.text = if (next == Card.MODEL_FAILED && detail != null) detail else resources.getString(words.text)
        cardAction.show(words.action != 0)
        if (words.action != 0) cardAction.setText(words.action)
    }

    private fun showReading(state: ScreenState) {
        val reading = state.reading.takeIf { state.card == null }
        val labels = state.labels.orEmpty()
        overlay.show(reading, labels, state.mirrored)
        hint.show(reading != null && state.hint != null)
        state.hint?.let { hint.write(resources.getString(wordsOf(it))) }
        spoken.write(state.spoken?.takeIf { reading != null }?.let { spokenWords(resources, it) }.orEmpty())
        showSpeed(reading, state.framesPerSecond)
        if (facesListed) showFaces(reading, labels)
    }

    private fun showSpeed(reading: Reading?, framesPerSecond: Double?) {
        val milliseconds = reading?.let { String.format(Locale.getDefault(), "%.1f", it.milliseconds) }.orEmpty()
        val frames = framesPerSecond?.let { String.format(Locale.getDefault(), "%.0f", it) }
        speed.show(reading != null)
        if (frames == null) {
            speed.write(resources.getString(R.string.speed_still, milliseconds))
            speed.contentDescription = resources.getString(R.string.speed_still_spoken, milliseconds)
        } else {
            speed.write(resources.getString(R.string.speed, frames, milliseconds))
            speed.contentDescription = resources.getString(R.string.speed_spoken, frames, milliseconds)
        }
    }

    private fun showFaces(reading: Reading?, labels: List<String>) {
        val shown = reading?.faces.orEmpty()
        facesEmpty.show(shown.isEmpty())
        while (faces.childCount > shown.size) faces.removeViewAt(faces.childCount - 1)
        while (faces.childCount < shown.size) faces.addView(FaceView(faces.context))
        shown.forEachIndexed { index, face ->
            (faces.getChildAt(index) as FaceView).show(face, numberOf(face, index), labels)
        }
    }

    /** Keeps what is shown clear of the system's bars and of cut-outs, which Android 15 draws over the window. */
    @Suppress("DEPRECATION") // what replaces them is missing from Android 8
    private fun keepClear(screen: View, insets: WindowInsets): WindowInsets {
        val side = resources.getDimensionPixelSize(R.dimen.side)
        screen.setPadding(
            side + insets.systemWindowInsetLeft,
            insets.systemWindowInsetTop,
            side + insets.systemWindowInsetRight,
            insets.systemWindowInsetBottom,
        )
        return insets
    }
}

private fun View.show(shown: Boolean) {
    visibility = if (shown) View.VISIBLE else View.GONE
}

/** Sets a text only if it is another one: each setting is news to a screen reader. */
private fun TextView.write(words: String) {
    if (text.toString() != words) text = words
}
