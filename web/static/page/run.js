/**
 * @file What the page is doing, as one value: which mode, which source and how far it has come, which model. Pure: an
 * event takes one value to the next; what follows from a value (the work, the camera, the card) is told here as well, and
 * session.js carries it out.
 *
 * @typedef {import('./sources.js').Source} Source
 * @typedef {import('./sources.js').Batch} Batch
 * @typedef {import('./sources.js').Mode} Mode
 * @typedef {import('./states.js').StateName} StateName
 * @typedef {{name: StateName, text?: string}} Failure text: instead of the usual one
 * @typedef {'resting' | 'starting' | 'live' | 'paused' | 'reading' | 'still' | 'failed'} Phase
 *   resting: there is no source; reading, still: of a source that is read once
 *
 * @typedef {object} Run
 * @property {Mode} mode
 * @property {Source | null} source none while it rests and after it failed
 * @property {Phase} phase of the source
 * @property {'none' | 'loading' | 'ready' | 'changing'} model changing: one is in hand, and another one is being loaded
 * @property {boolean} hidden whether nobody can see the page
 * @property {boolean} begun whether the source has been open before
 * @property {boolean} waits whether it is paused as soon as it is open
 * @property {boolean} frozen whether it stands still for something else that is done with what is in view
 * @property {boolean} recording whether what is in view is being recorded; it ends with its source, and when nobody looks
 * @property {Failure | null} failure
 * @property {Partial<Record<Mode, Source>>} kept what the other modes come back to
 * @property {Batch | null} batch pictures of which the mode 'picture' shows all or one; the other modes come back to it
 * @property {boolean} held whether the batch is not read on, as its user wishes
 *
 * @typedef {{type: 'choose', mode: Mode} | {type: 'open', source: Source} | {type: 'opened'} | {type: 'read'} |
 *   {type: 'pause'} | {type: 'record', on: boolean} | {type: 'stop'} | {type: 'fail', failure: Failure} | {type: 'hide'} |
 *   {type: 'show'} | {type: 'freeze'} | {type: 'thaw'} |
 *   {type: 'load'} | {type: 'loaded'} | {type: 'unloaded', failure: Failure | null} | {type: 'gather', batch: Batch} |
 *   {type: 'hold', held: boolean}} Event
 *   pause: or goes on; load: another model was asked for; unloaded: it did not load, or is not wanted any more; gather: several
 *   pictures; hold: their reading, or let it go on
 *
 * @typedef {{[Type in Event['type']]?: (run: Run, event: Extract<Event, {type: Type}>) => Partial<Run>}} Changes
 */
import {BATCH, hasBatch, isBatchClosed, LOADED} from './batch_run.js';
import {t} from './words/words.js';

/** @type {Run} */
export const BEGINNING = {
  mode: 'camera', source: null, phase: 'resting', model: 'loading', hidden: false, begun: false, waits: false,
  frozen: false, recording: false, failure: null, kept: {}, batch: null, held: false,
};

const WITHOUT = {source: null, begun: false, waits: false, recording: false, failure: null};

/** @param {Run} run @returns {Partial<Run>['kept']} without what it shows */
const forgotten = ({kept, mode}) => ({...kept, [mode]: undefined});
/** Opens anew what is let go of whenever nobody looks. @param {Run} run @returns {Partial<Run>} */
const goOn = ({source}) => ({phase: source?.isDevice ? 'starting' : 'live'});

/** What each event changes, in whatever phase. @type {Required<Omit<Changes, 'opened' | 'read' | 'pause'>>} */
const ALWAYS = {
  choose(run, {mode}) {
    if (mode === run.mode) return {};
    if (run.model === 'none') return {mode}; // which says so already
    const source = run.kept[mode] ?? null;
    return {...WITHOUT, mode, source, phase: source ? 'starting' : 'resting', waits: source !== null};
  },
  open(run, {source}) {
    if (run.model === 'none') return {};
    // A camera is never turned on by a change of mode.
    const kept = {...run.kept, [source.mode]: source.isDevice || source.isDemo ? undefined : source};
    const batch = source.mode === 'picture' ? source.batch ?? null : run.batch;
    return {...WITHOUT, mode: source.mode, source, phase: 'starting', kept, batch};
  },
  ...BATCH,
  stop: (run) => (isBatchClosed(run) ? {batch: null, held: false, kept: forgotten(run)} : // first the picture, then the batch
    run.source || run.model !== 'none' ? {...WITHOUT, phase: 'resting', kept: forgotten(run)} : {}),
  fail: (run, {failure}) => ({...WITHOUT, kept: forgotten(run), ...run.source?.isDemo ? {phase: 'resting'} : {phase: 'failed', failure}}),
  record: (run, {on}) => ({recording: on && workOf(run) === 'look'}),
  hide: () => ({hidden: true, recording: false}),
  show: () => ({hidden: false}),
  freeze: () => ({frozen: true}),
  thaw: () => ({frozen: false}),
  load: ({model}) => ({model: model === 'ready' || model === 'changing' ? 'changing' : 'loading'}),
  loaded: () => LOADED,
  unloaded: ({model}, {failure}) => (model === 'changing' || !failure ? {model: 'ready'} :
    {...WITHOUT, model: 'none', phase: 'failed', failure}),
};

/** What each phase makes of an event, where that is not the usual. @type {Record<Phase, Changes>} */
const PHASES = {
  resting: {},
  starting: {
    opened: ({source, waits}) => (
      {begun: true, waits: false, phase: source?.isStill ? 'reading' : waits ? 'paused' : 'live'}),
    pause: ({begun}) => (begun ? {phase: 'paused'} : {}),
  },
  live: {
    pause: () => ({phase: 'paused'}),
    hide: (run) => ({hidden: true, recording: false, ...goOn(run)}),
  },
  paused: {pause: goOn},
  reading: {read: () => ({phase: 'still'})},
  still: {loaded: () => ({...LOADED, phase: 'reading'})},
  failed: {loaded: () => ({...LOADED, phase: 'resting', failure: null})},
};

/**
 * What comes next; the very same run where the event changes nothing, as it comes too late.
 * @param {Run} run
 * @param {Event} event
 * @returns {Run}
 */
export function step(run, event) {
  /** @type {Changes} */
  const always = ALWAYS;
  const change = /** @type {((run: Run, event: Event) => Partial<Run>) | undefined} */ (
    PHASES[run.phase][event.type] ?? always[event.type]);
  const changed = Object.entries(change?.(run, event) ?? {});
  return changed.some(([name, value]) => run[/** @type {keyof Run} */ (name)] !== value) ?
    {...run, ...Object.fromEntries(changed)} : run;
}

/** @typedef {'open' | 'look' | 'read' | null} Work */

/**
 * What is to be done with the source.
 * @param {Run} run
 * @returns {Work}
 */
export function workOf({source, phase, model, hidden, frozen}) {
  if (!source) return null;
  if (phase === 'starting') return hidden && source.isDevice ? null : 'open';
  if (model !== 'ready') return null; // another one takes over where this one ended
  if (phase === 'live') return hidden || frozen ? null : 'look';
  return phase === 'reading' ? 'read' : null;
}

/**
 * Whether the source is to be held open: a device, whose light tells of it, only while it is looked at.
 * @param {Run} run
 */
export function isHeld({source, phase, hidden}) {
  if (!source?.isDevice) return source !== null;
  return !hidden && (phase === 'starting' || phase === 'live');
}

/**
 * Which buttons can be pressed.
 * @param {Run} run
 */
export function buttonsOf(run) {
  const {source, phase, begun, recording} = run;
  const pausable = phase === 'live' || phase === 'paused' || (phase === 'starting' && begun);
  const cover = coverOf(run);
  return {
    stop: source !== null || hasBatch(run), pause: pausable && !source?.isStill, isPaused: phase === 'paused',
    snapshot: !cover || cover.name === 'demo', record: recording || workOf(run) === 'look', isRecording: recording,
  };
}

/**
 * What covers the stage; 'resting': what the mode begins with; 'batch': all pictures of one; null: its picture is in view.
 * @param {Run} run
 * @returns {Failure | {name: 'resting'} | {name: 'batch'} | null}
 */
export function coverOf({source, phase, model, hidden, failure, mode, batch}) {
  if (model === 'loading' || model === 'changing') return {name: 'loading'};
  if (failure) return failure;
  if (!source && hasBatch({mode, batch})) return {name: 'batch'};
  if (!source || (source.isDemo && phase === 'starting')) return {name: 'resting'};
  if (source.isDemo) return {name: 'demo'};
  if (phase === 'reading' || (phase === 'starting' && source.isStill)) return {name: 'reading'};
  if (hidden && source.isDevice && phase === 'starting') return {name: 'hidden'};
  if (hidden && phase === 'live') return {name: 'hidden', text: t('state.hidden.video')};
  return phase === 'starting' ? {name: source.isDevice ? 'starting' : 'opening'} : null;
}
