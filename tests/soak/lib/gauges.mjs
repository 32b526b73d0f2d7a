/* What the process takes and how far push is behind: /proc and /metrics. */
import fs from 'node:fs';

const read = (pid, name) => {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
};
const number = (text, key) => Number(new RegExp(`^${key}:?\\s+([0-9.]+)`, 'm').exec(text)?.[1] ?? NaN);
/* Of every thread: each has its own. */
const children = (pid) =>
  fs.readdirSync(`/proc/${pid}/task`).flatMap((task) => read(pid, `task/${task}/children`).split(' ').filter(Boolean));

/* Bytes in MiB, of the program and of its decoders; threads, open files; seconds of lag. */
export async function gauges(server, lines) {
  const { pid } = server;
  const status = read(pid, 'status');
  const decoders = children(pid).reduce((sum, child) => sum + number(read(child, 'status'), 'VmRSS') / 1024, 0);
  const metrics = (await lines.ask('GET', '/metrics', {})).text;
  return {
    rss: number(status, 'VmRSS') / 1024,
    decoders,
    threads: number(status, 'Threads'),
    files: fs.readdirSync(`/proc/${pid}/fd`).length,
    lag: number(metrics, 'tram_push_lag_seconds'),
    streams: number(metrics, 'tram_http_event_streams'),
    queue: number(metrics, 'tram_http_queue'),
  };
}

/*
 * Whether a series has levelled off: its last quarter lies at most 5 % or 4 above its third quarter,
 * on average. The first half is for warming up.
 */
export function levelsOff(series) {
  const quarter = Math.floor(series.length / 4);
  const mean = (part) => part.reduce((sum, x) => sum + x, 0) / part.length;
  const third = mean(series.slice(2 * quarter, 3 * quarter));
  const last = mean(series.slice(3 * quarter));
  return { third, last, level: quarter > 0 && last <= Math.max(third * 1.05, third + 4) };
}
