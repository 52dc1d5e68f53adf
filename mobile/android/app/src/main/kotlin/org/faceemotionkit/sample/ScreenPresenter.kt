package org.faceemotionkit.sample

import org.faceemotionkit.core.Baseline

/** What the presenter has done on the device. Results come back as calls of the presenter. */
interface Device {
    fun loadModel()

    fun openCamera(lens: Lens)

    fun closeCamera()

    /** Reads the camera's frames with these baselines of tracks from now on. */
    fun useBaselines(baselines: Map<Int, Baseline>)

    fun askPermission()

    fun openSettings()

    fun pickPicture()

    fun readPicture(picture: String)

    fun share(json: String)
}

/**
 * Turns what happens into the next [ScreenState] and into orders for the [Device]: the camera is open exactly while the
 * state says so. Knows no android.* class; every call comes from one thread.
 *
 * @param onState told each new state
 * @param initial what was saved of an earlier screen: source, lens and picture count
 */
class ScreenPresenter(
    private val device: Device,
    initial: ScreenState = ScreenState(),
    private val onState: (ScreenState) -> Unit,
) {
    var state: ScreenState = ScreenState(source = initial.source, lens = initial.lens, picture = initial.picture)
        private set

    private val pace = Pace()
    private val hints = HintSettler()
    private val announcer = Announcer()
    private val own = OwnNeutral(device::useBaselines)
    private var model: Model? = null
    private var openLens: Lens? = null

    /** Loads the model; once, before anything else. */
    fun start() = device.loadModel()

    /** The model is there. */
    fun modelLoaded(model: Model) {
        this.model = model
        val learnable = model.learner != null
        change(state.copy(labels = model.labels, learnable = learnable, modelProblem = null, detail = null))
        readAgain()
    }

    fun modelFailed(problem: Card, detail: String?) = change(state.copy(modelProblem = problem, detail = detail))

    /** The activity came on screen: [granted] is whether the camera may be used, [lenses] which ones there are. */
    fun shown(granted: Boolean, lenses: Set<Lens>) {
        val lens = if (state.lens !in lenses) lenses.firstOrNull() ?: state.lens else state.lens
        val refusal = state.refusal.takeUnless { granted }
        val front = state.copy(visible = true, granted = granted, lenses = lenses, lens = lens, refusal = refusal)
        change(front.withoutCameraProblem())
    }

    /** The activity went off screen. A picture stays, a camera's last frame does not. */
    fun hidden() {
        val next = state.copy(visible = false)
        change(if (next.source == Source.CAMERA) cleared(next) else next)
    }

    fun chooseSource(source: Source) {
        if (source == state.source) return
        change(cleared(state.copy(source = source).withoutCameraProblem()))
        readAgain()
    }

    fun switchLens() {
        if (state.switchable) change(cleared(state.copy(lens = state.lens.other).withoutCameraProblem()))
    }

    /** The button of the card was pressed. */
    fun act() {
        when (state.card?.action) {
            Action.START_CAMERA, Action.ASK_AGAIN -> device.askPermission()
            Action.OPEN_SETTINGS -> {
                change(state.copy(refusal = Card.REFUSED)) // the settings may let us ask again, so do on return
                device.openSettings()
            }
            Action.RETRY_CAMERA -> change(state.withoutCameraProblem())
            Action.PICK_PICTURE -> pickPicture()
            Action.LOAD_AGAIN -> {
                change(state.copy(modelProblem = null, detail = null))
                device.loadModel()
            }
            null -> Unit
        }
    }

    /**
     * The user answered the permission dialog, or the system did because it may not ask any more.
     *
     * @param explainedBefore whether Android wanted a rationale before the dialog; [explainedAfter]: after it
     */
    fun permissionAnswered(granted: Boolean, explainedBefore: Boolean, explainedAfter: Boolean) {
        // No rationale after a refusal means "for ever" or a dialog that was only dismissed: the second time tells them
        // apart.
        val forEver = !explainedAfter && (explainedBefore || state.refusal != null)
        val refusal = (if (forEver) Card.REFUSED_FOR_EVER else Card.REFUSED).takeUnless { granted }
        change(state.copy(granted = granted, refusal = refusal))
    }

    /** The camera that is open could not be opened after all, or went away. */
    fun cameraFailed(problem: Card, detail: String? = null) {
        if (state.openLens != null) change(cleared(state.copy(cameraProblem = problem, detail = detail)))
    }

    /** Another app let go of a camera, or this window is in front again: worth another try. */
    fun cameraFreed() {
        if (state.cameraProblem in setOf(Card.CAMERA_BUSY, Card.CAMERA_GONE)) change(state.withoutCameraProblem())
    }

    /** A frame of [lens] was read at [seconds] of a clock that runs on. Frames that come too late are dropped. */
    fun frameRead(lens: Lens, reading: Reading, seconds: Double) {
        if (lens != state.openLens) return
        val labels = reading.faces.map { it.sureLabel }
        model?.let { own.frame(reading.faces, seconds, it.trackMemory) }
        change(
            withNeutral(state).copy(
                reading = reading,
                framesPerSecond = pace.tick(seconds),
                hint = hints.settle(problemOf(reading), seconds),
                spoken = if (announcer.isNews(labels, seconds)) labels else state.spoken,
            ),
        )
    }

    /** Learns the neutral face of whoever is in view from two seconds of frames, in the place of any other. */
    fun learnNeutral() {
        val learner = model?.learner?.takeIf { state.teachable } ?: return
        own.begin(learner())
        change(withNeutral(state))
    }

    /** Forgets the neutral face that is in use, or breaks learning it off. */
    fun forgetNeutral() {
        own.forget()
        change(withNeutral(state))
    }

    fun pickPicture() = device.pickPicture()

    /** The picker came back: with the picture's address, or with null if nothing was chosen. */
    fun picturePicked(picture: String?) {
        if (picture == null) return
        change(cleared(state.copy(source = Source.PICTURE, picture = picture, pictureProblem = null)))
        readAgain()
    }

    fun pictureRead(picture: String, reading: Reading) {
        if (state.source != Source.PICTURE || picture != state.picture) return
        val hint = problemOf(reading)
        change(state.copy(reading = reading, hint = hint, spoken = reading.faces.map { it.sureLabel }))
    }

    fun pictureFailed(picture: String, problem: Card, detail: String?) {
        if (picture == state.picture) change(state.copy(pictureProblem = problem, detail = detail))
    }

    /** Shares the result on the stage, taken at [time] (ISO 8601). */
    fun share(time: String) {
        val reading = state.reading?.takeIf { state.shareable } ?: return
        device.share(jsonOf(reading, state.source, state.labels.orEmpty(), time))
    }

    private fun readAgain() {
        val readable = state.source == Source.PICTURE && state.labels != null && state.pictureProblem == null
        state.picture?.takeIf { readable }?.let(device::readPicture)
    }

    private fun cleared(state: ScreenState): ScreenState {
        pace.reset()
        hints.reset()
        announcer.reset()
        own.leave()
        return withNeutral(state).copy(reading = null, framesPerSecond = null, hint = null, spoken = null)
    }

    private fun withNeutral(state: ScreenState) = state.copy(neutral = own.state, neutralTrack = own.track)

    private fun change(next: ScreenState) {
        state = next
        if (next.openLens != openLens) {
            if (openLens != null) device.closeCamera()
            openLens = next.openLens
            openLens?.let(device::openCamera)
        }
        onState(state)
    }
}

private fun ScreenState.withoutCameraProblem() =
    if (cameraProblem == null) this else copy(cameraProblem = null, detail = null)
