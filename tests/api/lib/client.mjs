/*
 * An HTTP/2 client whose every reply is held against /openapi.json (contract.mjs) before the test sees
 * it. Which operations were answered is written to build/api/hits, for operations.mjs.
 *
 *   const citizen = server.client({ token });
 *   const reply = await citizen.post('/v1/reports', { json, headers: { 'idempotency-key': key } });
 *   reply.status, reply.headers, reply.json, reply.text, reply.body (Buffer)
 *   for await (const event of citizen.events('/v1/inbox/events')) …   {id, event, data}; break to leave
 */
import fs from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { Contract, mediaTypeOf } from './contract.mjs';
import { OUTPUT } from './places.mjs';

const seen = new Set();

function recordHit(hit) {
  const line = JSON.stringify(hit);
  if (!hit.operation || seen.has(line)) return;
  seen.add(line);
  const folder = path.join(OUTPUT, 'hits');
  fs.mkdirSync(folder, { recursive: true });
  fs.appendFileSync(path.join(folder, `${process.pid}.jsonl`), `${line}\n`);
}

export class Client {
  #session;
  #connect;
  #contract;

  /*
   * connect: () => a new http2 session. contract: a shared holder {value} of the server's Contract.
   * token: sent as the bearer of every request, and may be changed; headers: sent with every request.
   */
  constructor(connect, contract, { token, headers = {} } = {}) {
    this.#connect = connect;
    this.#contract = contract;
    this.token = token;
    this.headers = headers;
  }

  get(url, options) { return this.request('GET', url, options); }
  head(url, options) { return this.request('HEAD', url, options); }
  post(url, options) { return this.request('POST', url, options); }
  put(url, options) { return this.request('PUT', url, options); }
  patch(url, options) { return this.request('PATCH', url, options); }
  delete(url, options) { return this.request('DELETE', url, options); }

  /* options: {json | body (Buffer or text), headers, token (null: none)} */
  async request(method, url, options = {}) {
    const contract = await this.contract();
    const reply = await this.raw(method, url, options);
    recordHit(contract.check(method, url, reply));
    return reply;
  }

  /* Without the contract: for bytes that are wrong on purpose below HTTP. */
  async raw(method, url, options = {}) {
    const stream = this.#open(method, url, options);
    const headers = await headersOf(stream);
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    return replyOf(headers, Buffer.concat(chunks));
  }

  /* Server-sent events (WHATWG HTML §9.2.6). Comments are passed over. */
  async *events(url, options = {}) {
    const contract = await this.contract();
    const headers = { accept: 'text/event-stream', ...options.headers };
    const stream = this.#open('GET', url, { ...options, headers });
    try {
      const reply = replyOf(await headersOf(stream), Buffer.alloc(0));
      if (mediaTypeOf(reply) !== 'text/event-stream') {
        for await (const chunk of stream) reply.body = Buffer.concat([reply.body, chunk]);
        contract.check('GET', url, reply);
        throw new Error(`no stream: ${reply.status} ${reply.body}`);
      }
      recordHit(contract.check('GET', url, reply));
      yield* parseEvents(stream);
    } finally {
      stream.close(http2.constants.NGHTTP2_CANCEL);
    }
  }

  async contract() {
    if (!this.#contract.value) {
      const reply = await this.raw('GET', '/openapi.json');
      if (reply.status !== 200) throw new Error(`/openapi.json answered ${reply.status}`);
      this.#contract.value = new Contract(reply.json);
      fs.mkdirSync(OUTPUT, { recursive: true });
      const mine = path.join(OUTPUT, `openapi.json.${process.pid}`);
      fs.writeFileSync(mine, reply.body);
      fs.renameSync(mine, path.join(OUTPUT, 'openapi.json'));
    }
    return this.#contract.value;
  }

  close() {
    this.#session?.destroy();
    this.#session = undefined;
  }

  #open(method, url, { json, body, headers = {}, token = this.token }) {
    if (!this.#session || this.#session.closed || this.#session.destroyed) {
      this.#session = this.#connect();
      this.#session.on('error', () => {}); // each of its streams reports it too
    }
    const content = json === undefined ? body : JSON.stringify(json);
    const bytes = content === undefined ? undefined : Buffer.from(content);
    const all = { ':method': method, ':path': url, ...this.headers };
    if (json !== undefined) all['content-type'] = 'application/json';
    if (bytes) all['content-length'] = bytes.length;
    if (token) all.authorization = `Bearer ${token}`;
    const stream = this.#session.request({ ...all, ...headers }, { endStream: !bytes });
    if (bytes) stream.end(bytes);
    return stream;
  }
}

function headersOf(stream) {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('error', reject);
    stream.once('close', () => reject(new Error(`the stream ended without a reply (HTTP/2 code ${stream.rstCode})`)));
  });
}

function replyOf(headers, body) {
  const reply = { status: headers[':status'], headers, body };
  Object.defineProperty(reply, 'text', { get: () => reply.body.toString('utf8') });
  Object.defineProperty(reply, 'json', { get: () => JSON.parse(reply.text) });
  return reply;
}

async function* parseEvents(stream) {
  let rest = '';
  let event = { event: 'message', data: [] };
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + chunk).split(/\r\n|\n/);
    rest = lines.pop();
    for (const line of lines) {
      const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line);
      if (line === '') {
        if (event.data.length > 0) yield { id: event.id, event: event.event, data: event.data.join('\n') };
        event = { id: event.id, event: 'message', data: [] };
      } else if (field === 'data') event.data.push(value ?? '');
      else if (field === 'id' || field === 'event') event[field] = value ?? '';
    }
  }
}
