/**
 * @file The service worker: the page works offline after the first visit, and changes versions cleanly.
 *
 * The server puts `self.SITE` above this text: {files: {address: sha256}, precache: [address], later: [address],
 * languages: {language: address}}, addresses relative to this script; `later` is fetched when the page has been in use for a
 * while and asks for it, of the languages those that the browser prefers are fetched with `precache`. Files are kept under
 * address?sha256=…, so a new version fetches only what changed, never mixes with the old one, and what was fetched is what the
 * server hashed (subresource integrity). Code of another version is never answered with; once this one takes over, every tab
 * of the page is loaded anew.
 */
const CACHE = 'face-emotion-kit';
/** @typedef {{files: Record<string, string>, precache: string[], later: string[], languages: Record<string, string>}} Site */
const worker = /** @type {ServiceWorkerGlobalScope & {SITE: Site}} */ (/** @type {unknown} */ (self));
const {files, precache, later, languages} = worker.SITE;
/**
 * The name that a file is kept under.
 * @param {string} address
 */
const keyOf = (address) => new URL(`${address}?sha256=${files[address]}`, worker.location.href).href;
/** Opened once: each answer would wait for it. */
const opened = caches.open(CACHE);
const current = new Set(Object.keys(files).map(keyOf));
const CODE = /\.(html|css|m?js|wasm)$/;
/** Pages, and their workers, that another version than this one was sent to, as this one's is not kept any more. @type {Set<string>} */
const strangers = new Set();

worker.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await opened;
    const preferred = worker.navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
    const spoken = Object.keys(languages).filter((language) => preferred.includes(language)).map((language) => languages[language]);
    await Promise.all([...precache, ...spoken].map((address) => keep(cache, address)));
  })());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const cache = await opened;
    const outdated = (await cache.keys()).filter((request) => !current.has(request.url));
    await Promise.all(outdated.map((request) => cache.delete(request)));
    await worker.clients.claim();
    // Not waited for: what they load waits for this.
    if (outdated.length > 0) void renew();
  })());
});

/** Loads tabs of the version before anew, which would go on with files of this one. */
async function renew() {
  for (const client of await worker.clients.matchAll({type: 'window'})) {
    client.navigate(client.url).catch(() => {}); // it has gone, or does so itself (page/offline.js)
  }
}

worker.addEventListener('message', (event) => {
  // The page asks for this when its user wants the new version.
  if (event.data === 'activate') event.waitUntil(worker.skipWaiting());
  if (event.data === 'keep the rest') event.waitUntil(keepTheRest());
});

/** One after the other, so that whatever the page needs meanwhile comes first. */
async function keepTheRest() {
  const cache = await opened;
  try {
    for (const address of later) await keep(cache, address);
  } catch {
    // no connection any more, or another version: it is asked for again at the next visit
  }
}

/** @param {Cache} cache @param {string} address */
async function keep(cache, address) {
  if (!(await cache.match(keyOf(address)))) await cache.put(keyOf(address), await fetchOwn(address));
}

worker.addEventListener('fetch', (event) => {
  const address = addressOf(event.request);
  if (address !== null) event.respondWith(answer(event, address));
});

/**
 * Returns the address that SITE knows a request by, or null for what this worker leaves alone.
 * @param {Request} request
 */
function addressOf(request) {
  const scope = new URL('./', worker.location.href);
  const url = new URL(request.url);
  if (request.method !== 'GET' || request.headers.has('range')) return null;
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return null;
  const address = url.pathname.slice(scope.pathname.length) || 'index.html';
  return Object.hasOwn(files, address) && address !== 'sw.js' ? address : null;
}

/** @param {FetchEvent} event @param {string} address */
async function answer({request, clientId, resultingClientId}, address) {
  if (strangers.has(clientId)) return passOn(request, resultingClientId);
  try {
    // Handed on as it was kept, it brings what the browser compiled of it, and its own address without ?sha256.
    const cache = await opened;
    const kept = await cache.match(keyOf(address));
    if (kept) return kept;
    const response = await fetchOwn(address);
    await cache.put(keyOf(address), response.clone()).catch(() => {}); // no room: it works as long as there is a server
    return response;
  } catch {
    // Another version than this worker's, or no server. A page judges models itself, but not its own code.
    if (request.mode === 'navigate') return passOn(request, resultingClientId);
    return CODE.test(address) ? Response.error() : fetch(request);
  }
}

/** Leaves a page, or a worker of one, to its server with all that it asks for. @param {Request} request @param {string} client */
function passOn(request, client) {
  if (client) strangers.add(client);
  return fetch(request);
}

/** Fetches a file of this version. @param {string} address */
async function fetchOwn(address) {
  const url = new URL(address, worker.location.href);
  const integrity = `sha256-${base64(files[address])}`;
  // Asked for as the page asked for it: what the browser has just loaded is revalidated, not sent again. Where the browser
  // goes on with a file of the version before, as nobody told it for how long, it is asked for past all that is kept.
  const response = await fetch(url, {integrity}).catch(() => fetch(url, {integrity, cache: 'reload'}));
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

/** @param {string} hexadecimal */
function base64(hexadecimal) {
  return btoa(hexadecimal.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
}
