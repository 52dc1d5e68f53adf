// The project as Android Studio and Gradle open it. It was never run where this kit is developed, which has no Android
// SDK: ci/ compiles, tests and packages the same sources with Maven (README.md).
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "face-emotion-kit"
include(":core", ":emotion", ":flow", ":app")
