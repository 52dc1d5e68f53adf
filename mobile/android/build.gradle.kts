// Plugins of all modules in one place; versions stand in gradle/libs.versions.toml.
plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.android) apply false
    alias(libs.plugins.kotlin.jvm) apply false
}

// `gradle wrapper` writes the wrapper for this version.
tasks.wrapper {
    gradleVersion = libs.versions.gradle.get()
}
