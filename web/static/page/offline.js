/** @file The service worker's side of the page: offline after the first visit, and a new version on request. */
import {byId, make} from './elements.js';

/** Registers the service worker; call it once the page works, so that it does not compete for the connection. */
export async function registerWorker() {
  if (!('serviceWorker' in navigator)) return;
  let registration;
  try {
    registration = await navigator.serviceWorker.register(new URL('../sw.js', import.meta.url));
  } catch {
    // no worker, no offline use; everything else works
  }
  if (!registration) return;
  const offer = () => {
    if (registration.waiting && navigator.serviceWorker.controller) offerUpdate(registration);
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
}

/** Tells whether there is a connection, as far as the browser knows, in a line above the page. */
export function watchConnection() {
  const show = () => {
    document.getElementById('notice-offline')?.remove();
    if (!navigator.onLine) notice('notice-offline', 'You are offline. Everything here goes on working.');
  };
  addEventListener('online', show);
  addEventListener('offline', show);
  show();
}

/** @param {ServiceWorkerRegistration} registration */
function offerUpdate(registration) {
  if (document.getElementById('notice-update')) return;
  notice('notice-update', 'A new version is ready.', {label: 'Reload', act: () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {once: true});
    registration.waiting?.postMessage('activate');
  }});
}

/** @param {string} id @param {string} text @param {{label: string, act: () => void}} [button] */
function notice(id, text, button) {
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
  byId('notices').append(line);
}
