/* Quarter turns between a camera's sensor, the display and an upright image. */
@file:JvmName("Rotation")

package org.faceemotionkit.core

/**
 * How far a camera's image has to be turned clockwise to stand upright on the display: what `recognize` takes as its
 * rotation. A display's rotation is counted against the device's own turn, which the back camera sees as the user does
 * and the front camera from the other side: hence the two signs. (Camera.setDisplayOrientation states the same sum; it
 * then mirrors the front camera's preview, which an overlay has to do and an image for the network must not.)
 *
 * @param sensorOrientation of the camera, in degrees, a multiple of 90
 * @param displayRotation of the display from its natural orientation, in degrees: 90 * Display.getRotation()
 * @param frontFacing whether the camera looks at the person who holds the device
 * @return 0, 90, 180 or 270
 * @throws UnsupportedImageException if an angle is no multiple of 90
 */
public fun uprightRotation(sensorOrientation: Int, displayRotation: Int, frontFacing: Boolean): Int {
    if (sensorOrientation % 90 != 0 || displayRotation % 90 != 0) {
        throw UnsupportedImageException(
            "sensor $sensorOrientation°, display $displayRotation°: multiples of 90 are expected.",
        )
    }
    val turned = if (frontFacing) sensorOrientation + displayRotation else sensorOrientation - displayRotation
    return Math.floorMod(turned, 360)
}
