/** @file The service worker's side of the page: offline after the first visit, and a new version on request. */
import {make} from './elements.js';
import {formatList, t} from './words/words.js';

const CACHE = 'face-emotion-kit'; // as in ../sw.js
const CALM = 5000; // milliseconds after which the page no longer competes for the connection

/**
 * Registers the service worker; call it once the page works, so that it does not compete for the connection.
 * @param {HTMLElement} notices where a new version is offered
 */
export async function registerWorker(notices) {
  if (!('serviceWorker' in navigator)) return;
  let registration;
  try {
    registration = await navigator.serviceWorker.register(new URL('../sw.js', import.meta.url));
  } catch {
    // no worker, no offline use; everything else works
  }
  if (!registration) return;
  let isControlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Another version has taken over, as was wished for here or in another tab: this one has no files any more.
    if (isControlled) location.reload();
    isControlled = true;
  });
  const offer = () => {
    if (registration.waiting && navigator.serviceWorker.controller) offerUpdate(registration, notices);
  };
  offer();
  keepTheRest();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
}

/** Has the other models and the papers kept as well, unless the user wants to save data. */
function keepTheRest() {
  /** @type {Navigator & {connection?: {saveData?: boolean}}} */
  const {connection, serviceWorker} = navigator;
  if (connection?.saveData) return;
  setTimeout(async () => (await serviceWorker.ready).active?.postMessage('keep the rest'), CALM);
}

/**
 * Tells whether there is a connection, as far as the browser knows, and what works without, in a line above the page.
 * @param {HTMLElement} notices
 * @param {HTMLSelectElement} models
 */
export function watchConnection(notices, models) {
  let token = new AbortController();
  /** @type {HTMLElement | null} */
  let line = null;
  const show = async () => {
    token.abort();
    const {signal} = token = new AbortController();
    line?.remove();
    if (navigator.onLine) return;
    const text = whatWorks(await keptModels(models));
    if (!signal.aborted) line = notice(notices, 'notice-offline', text);
  };
  addEventListener('online', () => void show());
  addEventListener('offline', () => void show());
  void show();
}

/** Whether a service worker answers for this page, and so keeps what it fetches: none does where it or storage is refused. */
export function isKept() {
  try {
    return Boolean(navigator.serviceWorker?.controller);
  } catch {
    return false; // a frame without an origin
  }
}

/**
 * The models whose networks the service worker has kept, and whether it has the second engine's runtime.
 * @param {HTMLSelectElement} list
 * @returns {Promise<{models: string[], litert: boolean}>}
 */
async function keptModels(list) {
  const kept = new Set();
  if (!isKept()) return {models: [], litert: false};
  try {
    for (const {url} of await (await caches.open(CACHE)).keys()) kept.add(new URL(url).pathname.split('/').slice(-3).join('/'));
  } catch {
    // storage is refused: nothing is kept
  }
  const models = [...list.options].map(({value}) => value.split('/').at(-2) ?? value);
  return {models: models.filter((name) => kept.has(`${name}/tfjs/weights.bin`)), litert: kept.has('vendor/litert/litert.wasm')};
}

/** @param {{models: string[], litert: boolean}} kept */
function whatWorks({models, litert}) {
  return t(models.length === 0 ? 'offline.none' : litert ? 'offline.all' : 'offline.some', {models: formatList(models)});
}

/** @param {ServiceWorkerRegistration} registration @param {HTMLElement} notices */
function offerUpdate(registration, notices) {
  if (notices.querySelector('#notice-update')) return;
  notice(notices, 'notice-update', t('update.ready'), {label: t('act.reload'), act: () => registration.waiting?.postMessage('activate')});
}

/** @param {HTMLElement} notices @param {string} id @param {string} text @param {{label: string, act: () => void}} [button] */
function notice(notices, id, text, button) {
  const line = make('div', 'notice');
  line.id = id;
  line.setAttribute('role', 'status');
  line.append(text);
  if (button) {
    const element = make('button', '', button.label);
    element.type = 'button';
    element.addEventListener('click', button.act);
    line.append(element);
  }
  notices.append(line);
  return line;
}
