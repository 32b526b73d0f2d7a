/* Requests of the sign-in itself: as nobody in particular, with the cookie alone. */
import type { Posts } from '../../api';
import { exchange, readProblem } from '../../shared/call';
import { sessionHeaders } from '../../shared/session';

export async function postOpen<P extends keyof Posts>(path: P, body?: Posts[P]['body']): Promise<Posts[P]['reply']> {
  const headers: Record<string, string> = sessionHeaders();
  if (body !== undefined) headers['content-type'] = 'application/json';
  const reply = await exchange(path, { method: 'POST', headers, body: body === undefined ? null : JSON.stringify(body) });
  if (!reply.ok) throw await readProblem(reply);
  return (await reply.json()) as Posts[P]['reply'];
}
