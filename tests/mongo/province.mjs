/* Several tramd on one store, and who signs in at one of them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Server } from '../api/lib/server.mjs';

/* Nodes of one province: a data folder each, one store, one keyring. */
export class Province {
  constructor(n, env) {
    this.folders = Array.from({ length: n }, () => fs.mkdtempSync(path.join(os.tmpdir(), 'tram-')));
    this.nodes = this.folders.map((data) => new Server({ data, database: this.folders[0], env }));
  }

  async start() {
    await this.nodes[0].start(); // makes the keyring, and loads the demonstration
    for (const folder of this.folders.slice(1))
      fs.cpSync(path.join(this.folders[0], 'keyring'), path.join(folder, 'keyring'), { recursive: true });
    await Promise.all(this.nodes.slice(1).map((node) => node.start()));
  }

  async stop() {
    await Promise.all(this.nodes.map((node) => node.stop()));
    for (const folder of this.folders) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/* The same person or official, by way of another node. */
export function at(node, client) {
  const other = node.client();
  other.token = client.token;
  return other;
}

export async function until(found, what) {
  for (let i = 0; i < 1200; i++) {
    const value = await found();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited for ${what}`);
}

/* The node that sends this person's code is whoever has the duty: any may print it. */
export async function signInAnywhere(province, node, phone) {
  const citizen = node.client();
  const asked = await citizen.post('/v1/auth/otp', { json: { phone } });
  assert.equal(asked.status, 201, asked.text);
  const sms = await until(() => province.nodes.flatMap((one) => one.sms).filter((one) => one.to === phone).at(-1), 'a code');
  const [code] = /\b\d{6}\b/.exec(sms.text);
  const tokens = await citizen.post(`/v1/auth/otp/${asked.json.challenge}/check`, { json: { code, device: 'Test' } });
  assert.equal(tokens.status, 200, tokens.text);
  citizen.token = tokens.json.access_token;
  citizen.refresh = tokens.json.refresh_token;
  citizen.session = tokens.json.session;
  return citizen;
}
