/*
 * Notices as they come (WHATWG HTML §9.2), read by fetch, since EventSource cannot say who asks. After a break it
 * goes on with the event seen last.
 */
import { authorised } from '../../shared/call';
import { get } from '../../shared/call';
import { news, signed, unread } from './state';

const PAUSES = [1000, 3000, 10_000, 30_000];

let last: string | undefined;
let stopped: AbortController | undefined;

export async function countUnread(): Promise<void> {
  const page = await get('/v1/notices', {}, { limit: 100 });
  unread.set(page.items.filter((one) => !one.read_at).length);
}

function take(block: string): void {
  for (const line of block.split('\n')) if (line.startsWith('id:')) last = line.slice(3).trim();
  if (!/^data:/m.test(block)) return;
  news.set(news.get() + 1);
  void countUnread().catch(() => undefined); // the next event counts again
}

async function read(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  for (let rest = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replace(/\r\n?/g, '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    blocks.forEach(take);
  }
}

async function listen(signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const reply = await authorised('/v1/events', { headers: { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) }, signal });
      if (reply.status === 401) return;
      if (reply.ok && reply.body) {
        failures = 0;
        await read(reply.body);
      }
    } catch {
      if (signal.aborted) return; // anything else is a break of the line, which is tried again
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(failures, PAUSES.length - 1)]));
  }
}

/* While somebody is signed in and the page is looked at. */
export function goLive(): void {
  const turn = () => {
    const wanted = signed.get() === true && document.visibilityState === 'visible';
    if (wanted === (stopped !== undefined)) return;
    stopped?.abort();
    stopped = undefined;
    if (!wanted) return;
    stopped = new AbortController();
    void countUnread().catch(() => undefined); // shown when the line is back
    void listen(stopped.signal);
  };
  signed.watch(turn);
  document.addEventListener('visibilitychange', turn);
  turn();
}
