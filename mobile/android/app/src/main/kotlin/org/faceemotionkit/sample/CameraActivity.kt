package org.faceemotionkit.sample

import android.Manifest
import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.PackageManager
import android.hardware.display.DisplayManager
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.view.TextureView
import android.widget.Toast
import java.time.Instant
import java.time.temporal.ChronoUnit

private const val PERMISSION = Manifest.permission.CAMERA
private const val ASK_PERMISSION = 1
private const val PICK_PICTURE = 2
private const val SOURCE = "source"
private const val LENS = "lens"
private const val PICTURE = "picture"

/** The app's one screen: wires Android's events to the presenter, and what it wants to Android. */
class CameraActivity : Activity(), Host {
    private lateinit var session: Session
    private lateinit var screen: ScreenView
    private var explainedBefore = false
    private val displays by lazy { getSystemService(DisplayManager::class.java) }
    private val turned = object : DisplayManager.DisplayListener {
        override fun onDisplayAdded(displayId: Int) = Unit

        override fun onDisplayRemoved(displayId: Int) = Unit

        override fun onDisplayChanged(displayId: Int) = followDisplay() // a half turn makes no new activity
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.screen)
        @Suppress("DEPRECATION") // AndroidX, which deprecates it, is not used here
        val kept = lastNonConfigurationInstance as Session?
        session = kept ?: Session(application as SampleApplication, savedState(savedInstanceState))
        if (kept == null) session.presenter.start()
        val presenter = session.presenter
        screen = ScreenView(window.decorView, presenter) {
            presenter.share(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
        }
        session.feed.attach(findViewById<TextureView>(R.id.preview))
        session.attach(this)
    }

    override fun onStart() {
        super.onStart()
        displays.registerDisplayListener(turned, Handler(Looper.getMainLooper()))
        followDisplay()
        session.presenter.shown(isGranted(), session.feed.lenses())
    }

    // Started, not resumed: in a split screen the camera runs on while the other app is being used.
    override fun onStop() {
        displays.unregisterDisplayListener(turned)
        session.presenter.hidden()
        super.onStop()
    }

    override fun onDestroy() {
        session.attach(null)
        session.feed.detach()
        if (!isChangingConfigurations) session.close()
        super.onDestroy()
    }

    override fun onWindowFocusChanged(hasFocus: Boolean) {
        super.onWindowFocusChanged(hasFocus)
        if (hasFocus) session.presenter.cameraFreed() // in front again, this app has the right of way
    }

    @Deprecated("AndroidX, which deprecates it, is not used here")
    override fun onRetainNonConfigurationInstance(): Any = session

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        val state = session.presenter.state
        outState.putString(SOURCE, state.source.name)
        outState.putString(LENS, state.lens.name)
        outState.putString(PICTURE, state.picture)
    }

    override fun show(state: ScreenState) = screen.show(state, session.picture)

    override fun askPermission() {
        explainedBefore = shouldShowRequestPermissionRationale(PERMISSION)
        requestPermissions(arrayOf(PERMISSION), ASK_PERMISSION)
    }

    override fun onRequestPermissionsResult(requestCode: Int, permissions: Array<String>, grantResults: IntArray) {
        if (requestCode != ASK_PERMISSION || grantResults.isEmpty()) return // empty: the dialog was interrupted
        session.presenter.permissionAnswered(
            isGranted(),
            explainedBefore,
            shouldShowRequestPermissionRationale(PERMISSION),
        )
    }

    override fun openSettings() = startActivity(settings(this))

    override fun pickPicture() {
        for (picker in pickers()) {
            try {
                @Suppress("DEPRECATION") // AndroidX, which deprecates it, is not used here
                return startActivityForResult(picker, PICK_PICTURE)
            } catch (_: ActivityNotFoundException) {
                continue
            }
        }
        Toast.makeText(this, R.string.no_picker, Toast.LENGTH_LONG).show()
    }

    @Deprecated("AndroidX, which deprecates it, is not used here")
    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        if (requestCode == PICK_PICTURE && resultCode == RESULT_OK) {
            session.presenter.picturePicked(data?.data?.toString())
        }
    }

    override fun share(json: String) {
        try {
            startActivity(sharing(this, json))
        } catch (_: ActivityNotFoundException) {
            Toast.makeText(this, R.string.no_receiver, Toast.LENGTH_LONG).show()
        }
    }

    private fun isGranted() = checkSelfPermission(PERMISSION) == PackageManager.PERMISSION_GRANTED

    @Suppress("DEPRECATION") // Context.getDisplay is missing from Android 8
    private fun followDisplay() {
        session.feed.displayRotation = 90 * windowManager.defaultDisplay.rotation
    }

    private fun savedState(saved: Bundle?) = ScreenState(
        source = saved?.getString(SOURCE)?.let(Source::valueOf) ?: Source.CAMERA,
        lens = saved?.getString(LENS)?.let(Lens::valueOf) ?: Lens.FRONT,
        picture = saved?.getString(PICTURE),
    )
}
