// The Kotlin lines for each reader of mobile/android/README.md (tests/mobile/test_android_app.py compares them).
package consumer

import android.content.Context
import org.faceemotionkit.EmotionListener
import org.faceemotionkit.EmotionRecognizer
import org.faceemotionkit.EmotionStream
import org.faceemotionkit.ModelSource
import org.faceemotionkit.RecognizerOptions
import org.faceemotionkit.core.Face
import org.faceemotionkit.core.FaceEmotionException
import org.faceemotionkit.core.FrameSource
import org.faceemotionkit.core.Head
import java.io.File
import java.nio.ByteBuffer

/** A model that was downloaded: [folder] holds manifest.json and int8.tflite, whose sha256 is checked. */
fun ofDownload(context: Context, folder: File): EmotionRecognizer = EmotionRecognizer.load(
    context,
    RecognizerOptions {
        model(ModelSource.folder(folder)) // or ModelSource.bytes(mapOf("manifest.json" to …, "int8.tflite" to …))
        head(Head.VOTES).threads(1).mostFaces(3).smallestFace(40.0)
    },
)

/** NV21: older cameras, many SDKs of calls. With a time it is a video's frame, and faces have tracks. */
fun EmotionRecognizer.ofNv21(bytes: ByteArray, width: Int, height: Int, rotation: Int, nanoseconds: Long): List<Face> =
    recognize(FrameSource.nv21(bytes, width, height).rotated(rotation).at(nanoseconds))

/** RGBA_8888: CameraX with OUTPUT_IMAGE_FORMAT_RGBA_8888, ImageReader of a screen, Bitmap.copyPixelsToBuffer. */
fun EmotionRecognizer.ofRgba(pixels: ByteBuffer, width: Int, height: Int, rowStride: Int, rotation: Int): List<Face> =
    recognize(FrameSource.rgba(pixels, width, height, rowStride).rotated(rotation))

/** Frames of a camera or a call as they come, read on a thread of its own: submit() returns at once. */
fun follow(recognizer: EmotionRecognizer, show: (FrameSource, List<Face>) -> Unit, say: (String) -> Unit) =
    EmotionStream(
        recognizer,
        object : EmotionListener {
            override fun onFaces(frame: FrameSource, faces: List<Face>) = show(frame, faces)

            override fun onFailure(error: FaceEmotionException) = say(error.message.orEmpty())
        },
    )
