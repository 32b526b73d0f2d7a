/*
 * Notices as they come (WHATWG HTML §9.2), read by fetch, since EventSource cannot say who asks. After a break it
 * goes on with the event seen last.
 */
import { authorised } from './call';

const PAUSES = [1000, 3000, 10_000, 30_000];

export interface Listening {
  wanted(): boolean; // whether somebody is signed in, and the page is to listen
  heard(event: { id?: string; name?: string; data: string }): void;
  began?(): void; // the line stands: at the start, and after a break
}

let last: string | undefined;
let stopped: AbortController | undefined;

function take(block: string, to: Listening): void {
  const fields: Record<string, string[]> = {};
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name) (fields[name] ??= []).push(value ?? '');
  }
  last = fields.id?.at(-1)?.trim() ?? last;
  if (fields.data) to.heard({ id: fields.id?.at(-1), name: fields.event?.at(-1), data: fields.data.join('\n') });
}

async function read(body: ReadableStream<Uint8Array>, to: Listening): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  for (let rest = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replace(/\r\n?/g, '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) take(block, to);
  }
}

async function listen(signal: AbortSignal, to: Listening): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const reply = await authorised('/v1/events', { headers: { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) }, signal });
      if (reply.status === 401) return;
      if (reply.ok && reply.body) {
        failures = 0;
        to.began?.();
        await read(reply.body, to);
      }
    } catch {
      if (signal.aborted) return; // anything else is a break of the line, which is tried again
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(failures, PAUSES.length - 1)]));
  }
}

/* Begins or ends listening, as it is wanted now. */
export function turnLive(to: Listening): void {
  const wanted = to.wanted();
  if (wanted === (stopped !== undefined)) return;
  stopped?.abort();
  stopped = undefined;
  if (!wanted) {
    last = undefined;
    return;
  }
  stopped = new AbortController();
  void listen(stopped.signal, to);
}
