/* The words and signs for what the presenter says. */
package org.faceemotionkit.sample

import android.content.res.Resources

/** What a card shows: resources of its glyph, its two texts and its button, 0 for none. */
class CardWords(val glyph: Int, val title: Int, val text: Int, val action: Int = 0)

/** Returns what a card shows. */
fun wordsOf(card: Card): CardWords = when (card) {
    Card.LOADING -> CardWords(R.drawable.glyph_face, R.string.loading_title, R.string.loading_text)
    Card.MODEL_MISSING -> warning(R.string.missing_title, R.string.missing_text)
    Card.MODEL_DAMAGED -> warning(R.string.damaged_title, R.string.damaged_text)
    Card.MODEL_FAILED -> warning(R.string.failed_title, R.string.failed_text)
    Card.WELCOME -> CardWords(
        R.drawable.glyph_camera,
        R.string.welcome_title,
        R.string.welcome_text,
        R.string.start_camera,
    )
    Card.REFUSED -> noCamera(R.string.refused_title, R.string.refused_text, R.string.ask_again)
    Card.REFUSED_FOR_EVER -> noCamera(
        R.string.refused_for_ever_title,
        R.string.refused_for_ever_text,
        R.string.open_settings,
    )
    Card.NO_CAMERA -> noCamera(R.string.no_camera_title, R.string.no_camera_text, R.string.choose_picture)
    Card.STARTING -> CardWords(R.drawable.glyph_camera, R.string.starting_title, R.string.starting_text)
    Card.CAMERA_BUSY -> noCamera(R.string.busy_title, R.string.busy_text, R.string.try_again)
    Card.CAMERA_BARRED -> noCamera(R.string.barred_title, R.string.barred_text, R.string.try_again)
    Card.CAMERA_GONE -> noCamera(R.string.gone_title, R.string.gone_text, R.string.try_again)
    Card.CAMERA_FAILED -> noCamera(R.string.camera_failed_title, R.string.camera_failed_text, R.string.try_again)
    Card.PICTURE -> CardWords(
        R.drawable.glyph_picture,
        R.string.picture_title,
        R.string.picture_text,
        R.string.choose_picture,
    )
    Card.READING -> CardWords(R.drawable.glyph_picture, R.string.reading_title, R.string.reading_text)
    Card.UNREADABLE -> noPicture(R.string.unreadable_title, R.string.unreadable_text)
    Card.TIFF -> noPicture(R.string.tiff_title, R.string.tiff_text)
    Card.TINY -> noPicture(R.string.tiny_title, R.string.tiny_text)
    Card.UNSCALED -> noPicture(R.string.unscaled_title, R.string.unscaled_text)
}

/** Returns the resource of a hint's words. */
fun wordsOf(hint: Hint): Int = when (hint) {
    Hint.NO_FACE -> R.string.hint_no_face
    Hint.CUT_OFF -> R.string.hint_cut_off
    Hint.TOO_SMALL -> R.string.hint_too_small
}

/** Returns the words for how matters stand with the own neutral of the face with this number. */
fun neutralWords(resources: Resources, neutral: Neutral, track: Int?): String = when (neutral) {
    Neutral.READY -> resources.getString(R.string.neutral_ready)
    Neutral.LEARNING -> resources.getString(R.string.neutral_learning)
    Neutral.IN_USE -> resources.getString(R.string.neutral_in_use, track ?: 0)
    Neutral.NO_FACE -> resources.getString(R.string.neutral_no_face)
    Neutral.SEVERAL_FACES -> resources.getString(R.string.neutral_several_faces)
    Neutral.OTHER_FACE -> resources.getString(R.string.neutral_other_face)
    Neutral.FACE_LEFT -> resources.getString(R.string.neutral_face_left)
    Neutral.CAMERA_LEFT -> resources.getString(R.string.neutral_camera_left)
}

/** Returns what is said of the faces with these labels (null: unclear): "2 faces: happy, unclear." */
fun spokenWords(resources: Resources, labels: List<String?>): String = if (labels.isEmpty()) {
    resources.getString(R.string.spoken_none)
} else {
    val words = labels.joinToString { it ?: resources.getString(R.string.unclear) }
    resources.getQuantityString(R.plurals.spoken, labels.size, labels.size, words)
}

private fun warning(title: Int, text: Int) = CardWords(R.drawable.glyph_warning, title, text, R.string.try_again)

private fun noCamera(title: Int, text: Int, action: Int) = CardWords(R.drawable.glyph_camera_off, title, text, action)

private fun noPicture(title: Int, text: Int) = CardWords(R.drawable.glyph_warning, title, text, R.string.choose_picture)
