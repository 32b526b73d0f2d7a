/*
 * Resumable uploads (tus 1.0): the place is asked for first, then chunks go out, and after a break it goes on
 * at the byte that the server has.
 */
import { Problem, authorised, readProblem } from './call';

const CHUNK = 256 * 1024; // the server holds a chunk until it is whole; on 400 kbit/s this is five seconds
const TUS = { 'tus-resumable': '1.0.0' };

export interface Sending {
  upload: string | undefined; // from an earlier attempt
  headers?: Record<string, string>; // of each request
  begun(upload: string): Promise<void>;
  progress(sent: number): Promise<void>;
}

const base64 = (text: string): string => btoa(unescape(encodeURIComponent(text)));

async function begin(file: Blob, name: string, headers: Record<string, string>, type?: string): Promise<string> {
  const metadata = `filename ${base64(name)}${type ? `,filetype ${base64(type)}` : ''}`;
  const reply = await authorised('/v1/uploads', { method: 'POST', headers: { ...headers, 'upload-length': String(file.size), 'upload-metadata': metadata } });
  if (!reply.ok) throw await readProblem(reply);
  return reply.headers.get('location') ?? '';
}

/* How far it is; undefined: it is not there (any more). */
async function offsetOf(upload: string, headers: Record<string, string>): Promise<number | undefined> {
  const reply = await authorised(upload, { method: 'HEAD', headers });
  if (reply.ok) return Number(reply.headers.get('upload-offset'));
  if (reply.status === 404 || reply.status === 410) return undefined;
  throw await readProblem(reply);
}

async function sendChunk(upload: string, file: Blob, at: number, headers: Record<string, string>): Promise<number> {
  const chunk = file.slice(at, at + CHUNK);
  const reply = await authorised(upload, { method: 'PATCH', body: chunk, headers: { ...headers, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' } });
  if (reply.status === 409) return Number(reply.headers.get('upload-offset') ?? (await offsetOf(upload, headers)));
  if (!reply.ok) throw await readProblem(reply);
  return Number(reply.headers.get('upload-offset'));
}

/* The id of the finished upload. Throws a Problem; called again, it goes on. A video says so by its type. */
export async function sendFile(file: Blob, name: string, sending: Sending, type?: string): Promise<string> {
  const headers = { ...TUS, ...sending.headers };
  let upload = sending.upload;
  let at = upload ? await offsetOf(upload, headers) : undefined;
  if (!upload || at === undefined) {
    upload = await begin(file, name, headers, type);
    at = 0;
    await sending.begun(upload);
  }
  while (at < file.size) {
    const next: number = await sendChunk(upload, file, at, headers);
    if (!(next > at) && next !== file.size) throw new Problem(0);
    at = next;
    await sending.progress(at);
  }
  return upload.split('/').pop() ?? '';
}
