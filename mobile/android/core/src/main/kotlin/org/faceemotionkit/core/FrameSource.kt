package org.faceemotionkit.core

import java.nio.ByteBuffer

/**
 * A frame of any camera, decoder or call: its pixels as they lie in memory, and how they have to be turned.
 *
 *     FrameSource.nv21(bytes, 640, 480).rotated(270).at(nanoseconds)
 *
 * Without a time it is a still picture; with one it belongs to a video, and its faces have tracks. The pixels stay where
 * they are and are read by `recognize`: give [copied] where the memory is used again before that. Buffers are read from
 * their position on, which stays where it is.
 *
 * @property nanoseconds when the frame was taken, as android.media.Image.getTimestamp says it, from any fixed moment on;
 *   null: a still picture
 */
public class FrameSource private constructor(
    private val pixels: FramePixels,
    private val rotation: Int,
    private val isMirrored: Boolean,
    public val nanoseconds: Long?,
) {
    private val lying = Orientation(pixels.width, pixels.height, rotation, isMirrored)

    /** Of the upright image, in pixels, which is what boxes are in. */
    public val width: Int get() = lying.width
    public val height: Int get() = lying.height

    /**
     * The same frame, which has to be turned clockwise by so many degrees to stand upright: what [uprightRotation] gives,
     * CameraX's imageInfo.rotationDegrees or WebRTC's VideoFrame.getRotation.
     *
     * @throws UnsupportedImageException for other than 0, 90, 180 and 270
     */
    public fun rotated(rotation: Int): FrameSource {
        requireQuarterTurn(rotation)
        return FrameSource(pixels, rotation, isMirrored, nanoseconds)
    }

    /**
     * The same frame, in which left and right are exchanged once it stands upright. It is read the right way round, and
     * boxes are in pixels of the image that is not mirrored.
     */
    public fun mirrored(): FrameSource = FrameSource(pixels, rotation, true, nanoseconds)

    /** The same frame as one of a video, taken at this time; later frames have later times. */
    public fun at(nanoseconds: Long): FrameSource = FrameSource(pixels, rotation, isMirrored, nanoseconds)

    /** The same frame in memory of its own. */
    public fun copied(): FrameSource = FrameSource(pixels.copied(), rotation, isMirrored, nanoseconds)

    /** The frame as the geometry reads it; [camera]: memory for planes, which holds this frame until it is loaded again. */
    @InternalKitApi
    public fun open(camera: YuvFrame): Frame = when (pixels) {
        is Planes -> camera.apply { load(pixels.width, pixels.height, pixels.planes, rotation, isMirrored) }
        is PackedPixels -> ArgbFrame(OrientedSource(pixels, lying))
    }

    override fun toString(): String {
        val time = nanoseconds?.let { ", $it ns" }.orEmpty()
        return "FrameSource($pixels, rotation $rotation${if (isMirrored) ", mirrored" else ""}$time)"
    }

    public companion object {
        /** The smallest side of an image, in pixels, in which a face is looked for. */
        public const val LEAST_SIDE: Int = 8

        /**
         * A frame in NV21, Android's older cameras' and many decoders' format: the grey levels, then V and U in turns.
         *
         * @param bytes of the whole frame
         * @param width in pixels as it lies in memory, [height] likewise
         * @param rowStride bytes from one row to the next, in both parts
         * @throws UnsupportedImageException if there are fewer bytes than that takes
         */
        @JvmStatic
        @JvmOverloads
        public fun nv21(bytes: ByteArray, width: Int, height: Int, rowStride: Int = width): FrameSource {
            val pairs = columnsOf(1, width)
            val chromaStride = maxOf(rowStride, 2 * pairs)
            val start = rowStride.toLong() * height
            val needed = start + (columnsOf(1, height) - 1L) * chromaStride + 2L * pairs
            if (width >= 1 && height >= 1 && (rowStride < width || bytes.size < needed)) {
                throw UnsupportedImageException(
                    "${bytes.size} bytes with rows of $rowStride are too few for $width x $height pixels of NV21.",
                )
            }
            requirePixels(width, height)
            fun from(offset: Long) = ByteBuffer.wrap(bytes).apply { position(offset.toInt()) }.slice()
            return yuv(
                width,
                height,
                Plane(ByteBuffer.wrap(bytes), rowStride, 1),
                u = Plane(from(start + 1), chromaStride, 2),
                v = Plane(from(start), chromaStride, 2),
            )
        }

        /**
         * A frame of three planes, YUV 4:2:0 in any layout: I420, NV12, NV21, WebRTC's I420Buffer, android.media.Image.
         *
         * @param y has a value for each pixel; [u] and [v] have one for 2 x 2 of them
         * @throws UnsupportedImageException if a plane has fewer bytes than its strides say
         */
        @JvmStatic
        public fun yuv(width: Int, height: Int, y: Plane, u: Plane, v: Plane): FrameSource =
            source(Planes(width, height, listOf(y, u, v)))

        /**
         * The grey levels of a frame alone, which is what expressions are read from; the detector, which sees colours, then
         * finds some faces less surely.
         *
         * @throws UnsupportedImageException if the plane has fewer bytes than its strides say
         */
        @JvmStatic
        public fun grey(width: Int, height: Int, y: Plane): FrameSource = source(Planes(width, height, listOf(y)))

        /**
         * A frame in RGBA_8888 as CameraX, ImageReader and Bitmap.copyPixelsToBuffer give it: four bytes a pixel, red first.
         * The colours count as they stand there, premultiplied: what is transparent lies over black.
         *
         * @param rowStride bytes from one row to the next, a multiple of 4
         * @throws UnsupportedImageException if there are fewer bytes than that takes
         */
        @JvmStatic
        @JvmOverloads
        public fun rgba(bytes: ByteBuffer, width: Int, height: Int, rowStride: Int = 4 * width): FrameSource =
            source(RgbaPixels(bytes.slice(), width, height, rowStride))

        /**
         * A frame of colours 0xAARRGGBB as Bitmap.getPixels gives them, not premultiplied; what is transparent lies over
         * black.
         *
         * @param stride colours from one row to the next
         * @throws UnsupportedImageException if there are fewer colours than that takes
         */
        @JvmStatic
        @JvmOverloads
        public fun argb(pixels: IntArray, width: Int, height: Int, stride: Int = width): FrameSource =
            source(ArgbPixels(pixels, width, height, stride))

        private fun source(pixels: FramePixels): FrameSource {
            pixels.require()
            return FrameSource(pixels, rotation = 0, isMirrored = false, nanoseconds = null)
        }
    }
}
