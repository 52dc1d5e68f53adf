/**
 * @file What the page is doing, as one value: which mode, which source and how far it has come, which model. Pure: an
 * event takes one value to the next; run_outcome.js tells what follows from a value, and session.js carries it out.
 *
 * @typedef {import('./sources.js').Source} Source
 * @typedef {import('./sources.js').Batch} Batch
 * @typedef {import('./sources.js').Mode} Mode
 * @typedef {import('./states.js').StateName} StateName
 * @typedef {{name: StateName, text?: string}} Failure text: instead of the usual one
 * @typedef {'resting' | 'starting' | 'live' | 'paused' | 'scanning' | 'reading' | 'still' | 'failed'} Phase
 *   resting: there is no source; scanning: a file is worked through from its beginning to its end, whatever is played of
 *   it; reading, still: of a source that is read once
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
 * @property {number | null} sought where in the video somebody wants to be, in seconds; null: that is where it is
 * @property {Failure | null} failure
 * @property {Partial<Record<Mode, Source>>} kept what the other modes come back to
 * @property {Batch | null} batch pictures of which the mode 'picture' shows all or one; the other modes come back to it
 * @property {boolean} held whether the batch is not read on, as its user wishes
 *
 * @typedef {{type: 'choose', mode: Mode} | {type: 'open', source: Source} | {type: 'opened'} | {type: 'read'} |
 *   {type: 'pause'} | {type: 'record', on: boolean} | {type: 'stop'} | {type: 'fail', failure: Failure} | {type: 'hide'} |
 *   {type: 'show'} | {type: 'freeze'} | {type: 'thaw'} |
 *   {type: 'load', isFirst?: boolean} | {type: 'loaded'} | {type: 'unloaded', failure: Failure | null} | {type: 'gather', batch: Batch} |
 *   {type: 'hold', held: boolean} | {type: 'seek', time: number} | {type: 'landed'} | {type: 'scan'} | {type: 'scanned'}} Event
 *   pause: or goes on; load: another model was asked for, isFirst: as none is in hand; unloaded: it did not load, or is not wanted any more; gather: several
 *   pictures; hold: their reading, or let it go on; landed: the video is where it was sought; scanned: to its end, or as far as
 *   somebody wanted
 *
 * @typedef {{[Type in Event['type']]?: (run: Run, event: Extract<Event, {type: Type}>) => Partial<Run>}} Changes
 */
import {BATCH, isBatchClosed, LOADED} from './batch_run.js';
import {workOf} from './run_outcome.js';

/** @type {Run} */
export const BEGINNING = {
  mode: 'camera', source: null, phase: 'resting', model: 'loading', hidden: false, begun: false, waits: false,
  frozen: false, recording: false, sought: null, failure: null, kept: {}, batch: null, held: false,
};

const WITHOUT = {source: null, begun: false, waits: false, recording: false, sought: null, failure: null};

/** @param {Run} run @returns {Partial<Run>['kept']} without what it shows */
const forgotten = ({kept, mode}) => ({...kept, [mode]: undefined});
/** Opens anew what is let go of whenever nobody looks. @param {Run} run @returns {Partial<Run>} */
const goOn = ({source}) => ({phase: source?.isDevice ? 'starting' : 'live'});

/** What a file that is open can do beside being played. @type {Changes} */
const IN_FILE = {
  seek: ({mode}, {time}) => (mode === 'video' ? {sought: time} : {}),
  landed: () => ({sought: null}),
  scan: ({mode, model}) => (mode === 'video' && model === 'ready' ? {phase: 'scanning', sought: null} : {}),
};

/** What each event changes, in whatever phase. @type {Required<Omit<Changes, 'opened' | 'read' | 'pause' | 'seek' | 'landed' |
 *   'scan' | 'scanned'>>} */
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
  load: ({model}, {isFirst}) => ({model: !isFirst && (model === 'ready' || model === 'changing') ? 'changing' : 'loading'}),
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
    ...IN_FILE,
    pause: () => ({phase: 'paused'}),
    hide: (run) => ({hidden: true, recording: false, ...goOn(run)}),
  },
  paused: {...IN_FILE, pause: goOn},
  scanning: {
    scanned: () => ({phase: 'paused'}),
    load: (run, event) => ({...ALWAYS.load(run, event), phase: 'paused'}), // one reading is of one model
  },
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
