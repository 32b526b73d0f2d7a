/*
 * The real tramd for one test file: a data folder of its own, free ports of the loopback, demo data.
 *
 *   const server = useServer();                    // starts before the file's tests, stops after them
 *   const anybody = server.client();               // HTTP/2 over TLS, replies held against OpenAPI
 *   const operator = server.operator();            // the same over DATA/admin.sock
 *   const code = await server.smsCode('+84912345678');
 *
 * With MONGODB_URL set (tests/mongo/with), the store is a database of its own on that server instead of
 * in the data folder.
 *
 * The development certificate is trusted as the program wrote it: DATA/tls/dev-cert.pem. Stopping is
 * part of the test: SIGTERM must end the program with 0, and no sanitizer may have complained.
 */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.mjs';
import { guarded } from './guard.mjs';
import { DATA, PROGRAM, storeArgs } from './places.mjs';

const PATIENCE_MS = 120_000; // until a start or a stop is given up; nothing is measured by it
const COMPLAINT = /(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:/;

export class Server {
  #child;
  #exit;
  #clients = [];
  #contract = {};
  #output = new EventEmitter();
  #smsRead = new Map(); // number -> how many of its messages were taken

  /* args and env are added to the program's; data: a folder that is kept (default: fresh, removed).
   * database: on a server, that of another node (default: one of its own; null: in the folder). */
  constructor({ args = [], env = {}, data, database } = {}) {
    this.options = { args, env, database };
    this.kept = data !== undefined;
    this.data = data;
    this.lines = []; // of stdout and stderr, as they came
    this.sms = []; // {to, text}
    this.#output.setMaxListeners(0);
  }

  async start() {
    this.data ??= fs.mkdtempSync(path.join(DATA, 'tram-'));
    this.port ??= await freePort();
    this.origin = `https://localhost:${this.port}`;
    this.#child = spawn(PROGRAM, ['--data', this.data, '--demo', ...this.#store(), ...this.options.args], {
      env: {
        ...process.env,
        TRAM_HTTP_PORT: String(this.port),
        TRAM_HTTP_DEMO_PORT: '0',
        ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1',
        UBSAN_OPTIONS: 'print_stacktrace=1',
        ...this.options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    guarded(this.#child);
    await once(this.#child, 'spawn');
    this.#exit = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      readline.createInterface({ input: stream }).on('line', (line) => this.#take(line));
    try {
      await this.#whenReady();
    } catch (error) {
      await this.kill();
      this.#removeData();
      throw error;
    }
  }

  #store() {
    return this.options.database === null ? [] : storeArgs(this.options.database ?? this.data);
  }

  get pid() {
    return this.#child.pid;
  }

  /* Ends as an operator would, and fails if the program did not end well. */
  async stop() {
    if (!this.#child) return this.#removeData();
    this.#closeClients();
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGABRT'), PATIENCE_MS);
    const { code, signal } = await this.#exit;
    clearTimeout(late);
    this.#child = undefined;
    this.#removeData();
    if (code !== 0) throw this.#failure(`ended with ${signal ?? code}`);
    if (this.lines.some((line) => COMPLAINT.test(line))) throw this.#failure('a sanitizer complained');
  }

  /* As a power cut would, data kept; start() again goes on with it. */
  async kill() {
    this.#closeClients();
    this.#child.kill('SIGKILL');
    await this.#exit;
    this.#child = undefined;
  }

  client(options) {
    const ca = fs.readFileSync(this.certificate);
    return this.#remember(new Client(() => http2.connect(this.origin, { ca }), this.#contract, options));
  }

  operator(options) {
    const createConnection = () => net.connect(path.join(this.data, 'admin.sock'));
    return this.#remember(
      new Client(() => http2.connect('http://localhost', { createConnection }), this.#contract, options),
    );
  }

  get certificate() {
    return path.join(this.data, 'tls', 'dev-cert.pem');
  }

  /* The next message to a number that was not taken yet; waits for it. */
  async nextSms(to) {
    const at = this.#smsRead.get(to) ?? 0;
    const message = await this.#until(() => this.sms.filter((m) => m.to === to)[at], `a message to ${to}`);
    this.#smsRead.set(to, at + 1);
    return message.text;
  }

  /* The code of 6 digits in the next message. */
  async smsCode(to) {
    const text = await this.nextSms(to);
    const code = /\b\d{6}\b/.exec(text);
    if (!code) throw new Error(`no code in the message: ${text}`);
    return code[0];
  }

  /* The first line of output, past or to come, that `matches` says yes to. */
  line(matches) {
    return this.#until(() => this.lines.find(matches), 'a line of output');
  }

  async #until(find, what) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      try {
        await Promise.race([once(this.#output, 'line', { signal }), this.#exitEarly()]);
      } catch (error) {
        throw this.#failure(`waited for ${what}: ${error.message}`);
      }
    }
  }

  async #exitEarly() {
    const { code, signal } = await this.#exit;
    throw new Error(`the program ended with ${signal ?? code}`);
  }

  async #whenReady() {
    const deadline = Date.now() + PATIENCE_MS;
    let ended = false;
    this.#exit.then(() => (ended = true));
    for (let why = 'no certificate yet'; ; await sleep(50)) {
      if (ended) throw this.#failure('the program ended before it was ready');
      if (Date.now() > deadline) throw this.#failure(`not ready: ${why}`);
      if (!fs.existsSync(this.certificate)) continue;
      try {
        const client = this.client();
        const reply = await client.raw('GET', '/readyz');
        if (reply.status === 200) return;
        why = `/readyz answered ${reply.status}`;
      } catch (error) {
        why = error.message;
      } finally {
        this.#closeClients();
      }
    }
  }

  #take(line) {
    this.lines.push(line);
    if (line.startsWith('{"sms"')) this.sms.push(JSON.parse(line).sms);
    this.#output.emit('line', line);
  }

  #remember(client) {
    this.#clients.push(client);
    return client;
  }

  #closeClients() {
    for (const client of this.#clients.splice(0)) client.close();
  }

  #removeData() {
    if (!this.kept && this.data) fs.rmSync(this.data, { recursive: true, force: true });
  }

  #failure(words) {
    return new Error(`tramd: ${words}\n${this.lines.slice(-60).join('\n')}`);
  }
}

/* A server for all tests of the file that calls this. */
export function useServer(options) {
  const server = new Server(options);
  before(() => server.start());
  after(() => server.stop());
  return server;
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
