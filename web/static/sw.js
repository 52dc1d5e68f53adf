/**
 * @file The service worker: the page works offline after the first visit, and changes versions cleanly.
 *
 * The server puts `self.SITE` above this text: {files: {address: sha256}, precache: [address], later: [address],
 * languages: {language: address}}, addresses relative to this script; `later` is fetched when the page has been in use for a
 * while and asks for it, of the languages those that the browser prefers are fetched with `precache`. Files are kept under address?sha256=…, so a new version fetches only what changed, never mixes
 * with the old one, and what was fetched is what the server hashed (subresource integrity).
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
  })());
});

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
  if (!(await cache.match(keyOf(address)))) await fetchAndKeep(cache, address);
}

worker.addEventListener('fetch', (event) => {
  const address = addressOf(event.request);
  if (address !== null) event.respondWith(answer(event.request, address));
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

/** @param {Request} request @param {string} address */
async function answer(request, address) {
  try {
    // Handed on as it was kept, it brings what the browser compiled of it, and its own address without ?sha256.
    const cache = await opened;
    return (await cache.match(keyOf(address))) ?? await fetchAndKeep(cache, address);
  } catch {
    return fetch(request); // another version than this worker's, or no server: the page judges what comes
  }
}

/** @param {Cache} cache @param {string} address */
async function fetchAndKeep(cache, address) {
  // Asked for as the page asked for it: what the browser has just loaded is revalidated, not sent again.
  const url = new URL(address, worker.location.href);
  const response = await fetch(url, {integrity: `sha256-${base64(files[address])}`});
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  await cache.put(keyOf(address), response.clone());
  return response;
}

/** @param {string} hexadecimal */
function base64(hexadecimal) {
  return btoa(hexadecimal.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
}
