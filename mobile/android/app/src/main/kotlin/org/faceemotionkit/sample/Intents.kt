/* What the app asks other apps for. */
package org.faceemotionkit.sample

import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.provider.MediaStore
import android.provider.Settings

/** Returns the ways to choose one picture, best first: the system's photo picker since Android 13, documents before. */
fun pickers(sdk: Int = Build.VERSION.SDK_INT): List<Intent> {
    val documents = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("image/*")
    val photos = Intent(MediaStore.ACTION_PICK_IMAGES).setType("image/*")
    return if (sdk >= Build.VERSION_CODES.TIRAMISU) listOf(photos, documents) else listOf(documents)
}

/** Returns the intent that hands a result to an app of the user's choice: as text, which nearly every app takes. */
fun sharing(context: Context, json: String): Intent {
    val send = Intent(Intent.ACTION_SEND).setType("text/plain")
        .putExtra(Intent.EXTRA_TEXT, json)
        .putExtra(Intent.EXTRA_TITLE, context.getString(R.string.share_title))
        .putExtra(Intent.EXTRA_SUBJECT, context.getString(R.string.share_title))
    return Intent.createChooser(send, null)
}

/** Returns the intent that opens this app's page in the settings, where its permissions are. */
fun settings(context: Context): Intent =
    Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", context.packageName, null))
