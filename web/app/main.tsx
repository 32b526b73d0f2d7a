/* The citizens' app begins here. Each page is loaded when it is wanted; the first page comes with it. */
import './app.css';
import { render } from 'preact';
import { App } from './app';
import { goLive } from './lib/live';
import { beginOutbox } from './lib/sender';
import { beginState, update } from './lib/state';
import { isOld } from '../shared/router';
import { beTrusting } from '../shared/trusted';
import { language } from '../shared/words';

beTrusting();
beginState();
document.documentElement.lang = language();
const root = document.getElementById('app')!;
root.replaceChildren(); // what stands there without scripts
render(<App />, root);
beginOutbox();
goLive();

/* A new version waits; the page says so, and takes it when asked. Other pages that are open are left as they are until one goes on in them. */
async function registerWorker(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/sw.js');
  let asked = false;
  const look = () => {
    const waiting = registration.waiting;
    if (!waiting || !navigator.serviceWorker.controller) return;
    update.set(() => {
      asked = true;
      waiting.postMessage('take over');
    });
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  let controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (controlled) isOld();
    controlled = true;
  });
}
if ('serviceWorker' in navigator && isSecureContext) addEventListener('load', () => void registerWorker().catch(() => undefined)); // without it, the app needs a network
