/*
 * What can go wrong, as types that an app can tell apart. Each message is one plain sentence for a person. The names are
 * those of web/static/runtime/errors.js, where it has them.
 */
@file:JvmName("-Errors")

package org.faceemotionkit.core

/** What every exception of the kit is: `catch` this one to catch all. */
public sealed class FaceEmotionException(message: String, cause: Throwable? = null) : RuntimeException(message, cause)

/** A model file is not there. */
public class ModelMissingException(message: String, cause: Throwable? = null) : FaceEmotionException(message, cause)

/** A model file is not the one that its manifest names, or cannot be read or run. */
public class ModelDamagedException(message: String, cause: Throwable? = null) : FaceEmotionException(message, cause)

/** The app has no TensorFlow Lite library for this device's processor. */
public class LibraryMissingException(message: String, cause: Throwable? = null) : FaceEmotionException(message, cause)

/** The model has no such [Head] as was asked for. */
public class HeadMissingException(message: String) : FaceEmotionException(message)

/** An option that is out of its range, or two that contradict each other. */
public class InvalidOptionsException(message: String) : FaceEmotionException(message)

/**
 * An image is none that can be read: too small, recycled or closed, of another format, with fewer bytes than its strides
 * say, or turned by something else than quarter turns.
 */
public class UnsupportedImageException(message: String, cause: Throwable? = null) : FaceEmotionException(message, cause)

/** A network was given a buffer that its tensor does not fit: of another size, not direct, or in another byte order. */
public class UnsupportedBufferException(message: String) : FaceEmotionException(message)

/** A [Baseline] that cannot be read, used with this model or learnt with it. */
public open class BaselineException(message: String, cause: Throwable? = null) : FaceEmotionException(message, cause)

/**
 * A frame from which a [Baseline] is to be learnt shows no face, or several.
 *
 * @property count how many
 */
public class NotOneFaceException internal constructor(frame: String, public val count: Int) :
    BaselineException(
        "$frame${named(count)} where exactly one is expected; ".replaceFirstChar(Char::uppercaseChar) +
            "learn from pictures of one person, looking at the camera.",
    )

/** The recognizer was used after `close`. */
public class RecognizerClosedException : FaceEmotionException("The recognizer was closed: load another one.")

private fun named(faces: Int) = when (faces) {
    0 -> "no face"
    else -> "$faces faces"
}
