/*
 * The service worker: the app opens without a network, and what waits is sent when one returns. It keeps the
 * app's own files, nothing that the API says. A new version waits until no page of the old one is open.
 */
import { beginSession } from '../shared/session';
import { appSession } from './lib/db';
import { sendInTurn } from './lib/outbox';

declare const self: ServiceWorkerGlobalScope;
declare const SHELL: string[];
declare const BUILD: string;

const CACHE = `tram-${BUILD}`;
const PAGE = '/';

beginSession('app', appSession);

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...SHELL]);
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('tram-') && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

const fromCache = async (what: RequestInfo): Promise<Response | undefined> => (await caches.open(CACHE)).match(what);

/* The app's pages are one page. A published report is the server's, while it can be reached. */
async function page(request: Request): Promise<Response> {
  const shell = await fromCache(PAGE);
  const isShared = new URL(request.url).pathname.startsWith('/r/');
  if (shell && !isShared) return shell;
  try {
    return await fetch(request);
  } catch (error) {
    if (shell) return shell;
    throw error;
  }
}

const asset = async (request: Request): Promise<Response> => (await fromCache(request)) ?? fetch(request);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => event.data === 'take over' && void self.skipWaiting());
self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && (pathname === '/' || /^\/(app|r)\//.test(pathname))) event.respondWith(page(event.request));
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(event.request));
});

interface SyncEvent extends ExtendableEvent {
  tag: string;
}
self.addEventListener('sync', ((event: SyncEvent) => {
  if (!event.tag.startsWith('outbox ')) return;
  event.waitUntil(
    sendInTurn().then((outcome) => {
      if (outcome === 'later') throw new Error('still waiting'); // the browser tries again
    }),
  );
}) as EventListener);
