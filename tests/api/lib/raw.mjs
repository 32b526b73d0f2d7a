/*
 * Clients that are not polite: HTTP/2 frame by frame, and bytes as they come, over TLS or without.
 * Nothing is sent that the test did not ask for, but for the preface, SETTINGS and their ACK.
 *
 *   const raw = await RawH2.connect(server);
 *   raw.headers(1, [[':path', '/healthz']]);       // END_STREAM and END_HEADERS unless flags say otherwise
 *   raw.reset(1);
 *   (await raw.status(3)) === 200;
 *   await raw.closed;                              // {goaway: the code of the last GOAWAY, or undefined}
 */
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

export const TYPE = { DATA: 0, HEADERS: 1, PRIORITY: 2, RST_STREAM: 3, SETTINGS: 4, PUSH_PROMISE: 5, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8, CONTINUATION: 9 };
export const FLAG = { END_STREAM: 1, ACK: 1, END_HEADERS: 4 };
const PATIENCE_MS = 60_000; // until a wait is given up; nothing is measured by it
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/* RFC 7541 §5.1 */
function hpackInteger(value, bits, first) {
  const most = (1 << bits) - 1;
  if (value < most) return Buffer.from([first | value]);
  const bytes = [first | most];
  for (value -= most; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

const hpackText = (text) => Buffer.concat([hpackInteger(Buffer.byteLength(text), 7, 0), Buffer.from(text)]);

/* A field with its name spelled out. indexed: it enters the table, as number 62 of the next block. */
export function field(name, value, { indexed = false } = {}) {
  return Buffer.concat([Buffer.from([indexed ? 0x40 : 0x00]), hpackText(name), hpackText(value)]);
}

/* The field that entered the table last. */
export const lastIndexed = Buffer.from([0x80 | 62]);

/* A whole request's fields; what the test does not name is filled in. */
export function block(fields) {
  const given = new Map(fields.filter(([name]) => name[0] === ':'));
  const pseudo = [[':method', 'GET'], [':scheme', 'https'], [':authority', 'localhost'], [':path', '/healthz']];
  const all = [...pseudo.map(([name, value]) => [name, given.get(name) ?? value]), ...fields.filter(([name]) => name[0] !== ':')];
  return Buffer.concat(all.map(([name, value]) => field(name, value)));
}

/* The status is the first field of a reply: indexed, or a literal of three digits (RFC 7541 §A, §B). */
function statusOf(bytes) {
  const known = { 8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500 };
  if (bytes[0] & 0x80) return known[bytes[0] & 0x7f];
  const length = bytes[1] & 0x7f;
  const value = bytes.subarray(2, 2 + length);
  if (!(bytes[1] & 0x80)) return Number(value.toString());
  let bits = '';
  for (const byte of value) bits += byte.toString(2).padStart(8, '0');
  let digits = '';
  while (digits.length < 3) {
    const short = parseInt(bits.slice(0, 5), 2);
    const long = parseInt(bits.slice(0, 6), 2);
    digits += short < 3 ? short : long - 0b011001 + 3;
    bits = bits.slice(short < 3 ? 5 : 6);
  }
  return Number(digits);
}

async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function dialTls(server, { ALPNProtocols, servername = 'localhost' } = {}) {
  const ca = fs.readFileSync(server.certificate);
  const socket = tls.connect({ host: '127.0.0.1', port: server.port, servername, ca, ALPNProtocols });
  await once(socket, 'secureConnect');
  socket.setNoDelay(true);
  return socket;
}

export async function dialTcp(server) {
  const socket = net.connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/* Writes, and gives all that comes until the other side ends; an error ends too. */
export async function talk(socket, bytes = '') {
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(bytes);
  await closedOf(socket);
  return Buffer.concat(chunks).toString('latin1');
}

export function closedOf(socket) {
  return within(new Promise((resolve) => {
    if (socket.destroyed || socket.readableEnded) resolve();
    socket.once('end', resolve);
    socket.once('close', resolve);
    socket.on('error', () => {});
    socket.resume(); // what nobody reads has no end
  }), 'the end of a connection');
}

export class RawH2 {
  #rest = Buffer.alloc(0);
  #waiting = [];
  frames = []; // {type, flags, stream, payload} as they came; DATA without payload

  /* settings: [[id, value], …]. pause: nothing is read after the handshake. */
  static async connect(server, { settings = [], pause = false } = {}) {
    const raw = new RawH2(await dialTls(server, { ALPNProtocols: ['h2'] }));
    const payload = Buffer.concat(settings.map(([id, value]) => {
      const one = Buffer.alloc(6);
      one.writeUInt16BE(id, 0);
      one.writeUInt32BE(value, 2);
      return one;
    }));
    raw.write(PREFACE, frame(TYPE.SETTINGS, 0, 0, payload));
    await raw.frame((f) => f.type === TYPE.SETTINGS && !(f.flags & FLAG.ACK)); // acknowledged by now
    if (pause) raw.socket.pause();
    return raw;
  }

  constructor(socket) {
    this.socket = socket;
    this.data = 0; // bytes of DATA that came
    this.ended = false;
    const end = () => {
      this.ended = true;
      this.#wake();
    };
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => {});
    socket.once('end', end);
    socket.once('close', end);
  }

  write(...buffers) {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(buffers));
  }

  send(type, flags, stream, payload) {
    this.write(frame(type, flags, stream, payload));
  }

  headers(stream, fields, { flags = FLAG.END_STREAM | FLAG.END_HEADERS } = {}) {
    this.send(TYPE.HEADERS, flags, stream, block(fields));
  }

  /* The same bytes without end, until the other side ends it. */
  async flood(bytes) {
    const drained = () => new Promise((resolve) => {
      this.socket.once('drain', resolve);
      this.#waiting.push(() => this.ended && (resolve(), true));
    });
    while (!this.ended) {
      if (!this.socket.write(bytes)) await drained();
      await new Promise(setImmediate);
    }
    this.socket.destroy(); // what the other side takes no more would keep it open
  }

  reset(stream, code = 8) {
    this.send(TYPE.RST_STREAM, 0, stream, Buffer.from([0, 0, 0, code]));
  }

  /* The first frame, past or to come, that `matches`; undefined if the connection ends before. */
  async frame(matches) {
    const find = () => this.frames.find(matches);
    const found = new Promise((resolve) => {
      const look = () => {
        const one = find();
        if (one || this.ended) resolve(one);
        return Boolean(one) || this.ended;
      };
      if (!look()) this.#waiting.push(look);
    });
    return within(found, 'a frame');
  }

  async status(stream) {
    const head = await this.frame((f) => f.type === TYPE.HEADERS && f.stream === stream);
    return head && statusOf(head.payload);
  }

  /* The code of a RST_STREAM, or undefined. */
  async resetCode(stream) {
    const one = await this.frame((f) => f.type === TYPE.RST_STREAM && f.stream === stream);
    return one?.payload.readUInt32BE(0);
  }

  get goaway() {
    return this.frames.findLast((f) => f.type === TYPE.GOAWAY)?.payload.readUInt32BE(4);
  }

  get closed() {
    return this.frame(() => false).then(() => ({ goaway: this.goaway }));
  }

  destroy() {
    this.socket.destroy();
  }

  #take(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 9 + length) break;
      const one = { type: this.#rest[3], flags: this.#rest[4], stream: this.#rest.readUInt32BE(5), payload: Buffer.from(this.#rest.subarray(9, 9 + length)) };
      this.#rest = this.#rest.subarray(9 + length);
      this.#keep(one);
    }
    this.#wake();
  }

  #keep(one) {
    if (one.type === TYPE.DATA) {
      this.data += one.payload.length;
      one.payload = undefined;
    }
    if (one.type === TYPE.SETTINGS && !(one.flags & FLAG.ACK)) this.send(TYPE.SETTINGS, FLAG.ACK, 0);
    this.frames.push(one);
  }

  #wake() {
    this.#waiting = this.#waiting.filter((look) => !look());
  }
}

/* The value of a metric, {name, label value}, as the operator reads it. */
export async function metric(server, name, label) {
  const operator = server.operator();
  const { text } = await operator.raw('GET', '/metrics');
  operator.close();
  const line = text.split('\n').find((one) => one.startsWith(label ? `${name}{` : `${name} `) && (!label || one.includes(`"${label}"`)));
  return line ? Number(line.split(' ').pop()) : undefined;
}

/* Resident memory in MiB. */
export function residentMiB(server) {
  const status = fs.readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
}

/* Asks again and again, each time getting 200, until stop() is called; which gives the number. */
export function keepAsking(client, url = '/readyz') {
  let going = true;
  const asked = (async () => {
    let n = 0;
    for (; going || n === 0; n++) {
      const reply = await client.raw('GET', url);
      if (reply.status !== 200) throw new Error(`${url} answered ${reply.status} meanwhile`);
    }
    return n;
  })();
  asked.catch(() => {});
  return async () => {
    going = false;
    return asked;
  };
}
