/*
 * The people of the soak at work. The ledger is what the server acknowledged; check.mjs holds the
 * server against it.
 */
import crypto from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStale, refresh } from './crew.mjs';
import { expect } from './lines.mjs';
import { AGENCIES, DOSSIERS, KINDS, WARDS } from './plans.mjs';
import { PICTURES, sendPhoto } from './photos.mjs';

const IDLE_MS = 15; // until somebody without work looks again
const REPLAY_SHARE = 0.04; // of acknowledged filings, sent once more later

export class World {
  reports = [];
  dossiers = [];
  uploads = [];
  readNotices = new Set();
  acked = { reports: 0, dossiers: 0, steps: 0, chunks: 0, reads: 0, refreshes: 0 };
  repeats = 0; // answers to a request that was sent more than once
  replays = []; // filings to be sent again: the answer must be the same
  replayed = 0;
  stopping = false;
  #waiting = []; // {at, go}: who waits for so many acknowledged writes

  /* paceMs: about how long a person waits between two things they do. */
  constructor(lines, random, citizens, staff, paceMs = 0) {
    Object.assign(this, { lines, random, citizens, staff, paceMs });
    this.desks = new Map(AGENCIES.map((agency) => [agency, { officer: [], leader: [] }]));
    for (const citizen of citizens) citizen.todo = [];
  }

  get total() {
    return Object.values(this.acked).reduce((sum, n) => sum + n, 0);
  }

  /* Resolves when so many writes were acknowledged. */
  reached(at) {
    return new Promise((go) => {
      this.#waiting.push({ at, go });
      this.#wake();
    });
  }

  #wake() {
    const total = this.total;
    for (const one of this.#waiting.filter((w) => w.at <= total)) one.go();
    this.#waiting = this.#waiting.filter((w) => w.at > total);
  }

  #acknowledge(what) {
    this.acked[what]++;
    if (this.#waiting.length > 0) this.#wake();
  }

  /* Everybody works until stop(); rejects with the first thing that was not as it must be. */
  run() {
    const work = [...this.citizens.map((one) => this.#citizen(one)), ...this.staff.map((one) => this.#official(one))];
    return Promise.all(work);
  }

  stop() {
    this.stopping = true;
  }

  async #pause() {
    if (this.paceMs > 0 && !this.stopping) await sleep(this.paceMs * (0.5 + this.random.next()));
  }

  async #ask(method, url, options) {
    const reply = await this.lines.ask(method, url, options);
    if (reply.sent > 1) this.repeats++;
    return reply;
  }

  /* --- citizens ------------------------------------------------------------------------------- */

  async #citizen(citizen) {
    const photos = [];
    for (; !this.stopping; await this.#pause()) {
      if (isStale(citizen) || this.random.chance(0.01)) await this.#refresh(citizen);
      else if (citizen.todo.length > 0) await this.#step(citizen, citizen.todo.shift());
      else if (this.random.chance(0.1)) await this.#photo(citizen, photos);
      else if (this.random.chance(0.1)) await this.#readNotice(citizen);
      else if (this.replays.length > 0 && this.random.chance(0.2)) await this.#replay(this.replays.shift());
      else if (citizen.eid && photos.length > 0 && this.random.chance(0.6)) await this.#fileDossier(citizen, photos.shift());
      else await this.#file(citizen, photos);
    }
  }

  async #refresh(person) {
    await refresh(this.lines, person);
    this.#acknowledge('refreshes');
  }

  async #photo(person, photos) {
    const picture = this.random.between(0, PICTURES.length - 1);
    const told = () => this.#acknowledge('chunks');
    const upload = await sendPhoto(this.lines, this.random, person, picture, this.uploads, told, () => this.stopping);
    if (upload.whole) photos.push(upload.id);
  }

  async #file(citizen, photos) {
    const kind = this.random.weighted(KINDS);
    const ward = this.random.pick(WARDS);
    const n = this.reports.length;
    const text = `Phản ánh thử số ${n} của ${citizen.phone}`;
    const report = { n, path: '/v1/reports', owner: citizen, agency: kind.ward ? `H12.${ward}` : kind.agency, steps: [], told: { file: 1 } };
    report.plan = [...this.random.weighted(kind.plans)];
    report.firstAgency = report.agency;
    report.text = text;
    const json = { category: kind.category, text, commune: ward, consent: true };
    if (kind.answers) json.answers = kind.answers;
    if (photos.length > 0) json.photos = [photos.shift()];
    report.photos = json.photos ?? [];
    const request = { json, token: citizen.token, headers: { 'idempotency-key': crypto.randomUUID() } };
    this.reports.push(report);
    const reply = expect(await this.#ask('POST', '/v1/reports', request), [201], 'a report');
    Object.assign(report, { id: reply.json.id, number: reply.json.number });
    if (reply.json.agency !== report.agency) throw new Error(`${report.number} went to ${reply.json.agency}, not to ${report.agency}`);
    this.#acknowledge('reports');
    if (report.plan.length < 2 && this.random.chance(REPLAY_SHARE * 10)) this.replays.push({ report, request });
    this.#passOn(report);
  }

  /* A draft that is saved once, and filed once. */
  async #fileDossier(citizen, photo) {
    const ward = this.random.pick(WARDS);
    const { token } = citizen;
    const form = { name: 'Lê Thị Soát', birth: '1990-05-17', card: '096190000001', status: 'never', purpose: 'property', again: false, commune: ward };
    const begin = { json: { procedure: '1.004873' }, token, headers: { 'idempotency-key': crypto.randomUUID() } };
    const draft = expect(await this.#ask('POST', '/v1/dossier-drafts', begin), [201], 'a draft').json;
    const components = [{ code: 'to_khai', files: [photo] }];
    const save = { json: { form, components, fetch: 'download' }, token, headers: { 'if-match': '"1"' } };
    const saved = expect(await this.#ask('PUT', `/v1/dossier-drafts/${draft.id}`, save), [200, 412], 'a draft saved');
    if (saved.status === 412) {
      const now = expect(await this.#ask('GET', `/v1/dossier-drafts/${draft.id}`, { token }), [200], 'a draft').json;
      if (now.revision !== 2 || now.form.commune !== ward) throw new Error(`the draft ${draft.id} was saved by nobody`);
    }
    const dossier = { path: '/v1/dossiers', owner: citizen, agency: `H12.${ward}`, firstAgency: `H12.${ward}`, steps: [], told: { file: 1 }, photos: [] };
    dossier.plan = [...this.random.weighted(DOSSIERS)];
    const request = { json: { draft: draft.id }, token, headers: { 'idempotency-key': crypto.randomUUID() } };
    this.dossiers.push(dossier);
    const reply = expect(await this.#ask('POST', '/v1/dossiers', request), [201], 'a dossier');
    Object.assign(dossier, { id: reply.json.id, number: reply.json.number });
    this.#acknowledge('dossiers');
    if (this.random.chance(REPLAY_SHARE * 10)) this.replays.push({ report: dossier, request });
    this.#passOn(dossier);
  }

  async #replay({ report, request }) {
    const again = { ...request, token: report.owner.token };
    const reply = expect(await this.#ask('POST', report.path, again), [201], `${report.number}, filed again`);
    if (reply.json.id !== report.id || reply.json.number !== report.number)
      throw new Error(`${report.number} was filed a second time, as ${reply.json.number}`);
    this.replayed++;
  }

  async #readNotice(citizen) {
    const list = expect(await this.lines.ask('GET', '/v1/notices?limit=20', { token: citizen.token }), [200], 'notices');
    const unread = list.json.items.find((one) => !one.read_at);
    if (!unread) return;
    const read = await this.#ask('POST', `/v1/notices/${unread.id}/read`, { token: citizen.token });
    expect(read, [204], 'reading a notice');
    this.readNotices.add(unread.id);
    this.#acknowledge('reads');
  }

  /* --- officials ------------------------------------------------------------------------------ */

  async #official(person) {
    const desk = this.desks.get(person.agency)[person.role];
    for (; !this.stopping; await this.#pause()) {
      if (isStale(person) || this.random.chance(0.003)) await this.#refresh(person);
      else if (desk.length > 0) await this.#step(person, desk.shift());
      else await sleep(IDLE_MS);
    }
  }

  /* --- steps ---------------------------------------------------------------------------------- */

  #passOn(report) {
    const next = report.plan[0];
    if (!next) return;
    if (next.by === 'citizen') report.owner.todo.push(report);
    else this.desks.get(report.agency)[next.by].push(report);
  }

  async #bodyOf(person, report, plan) {
    const json = { ...plan.body };
    if (plan.note) json.note = `Bước ${report.steps.length + 1} của ${report.number}`;
    if (plan.rating) json.rating = this.random.between(1, 5);
    if (plan.reason) json.reason = plan.reason;
    if (plan.move) json.agency = this.random.pick(AGENCIES.filter((code) => code !== report.agency && code !== 'H12.06'));
    if (plan.officer) json.officer = this.random.pick(this.staff.filter((one) => one.agency === report.agency && one.role === 'officer')).id;
    if (plan.asks) json.components = [{ code: plan.asks, verdict: 'unclear', note: 'Không đọc được' }];
    if (!plan.proof && !plan.gives && !plan.result) return json;
    const files = [];
    while (files.length === 0 && !this.stopping) await this.#photo(person, files);
    if (files.length === 0) return undefined;
    if (plan.proof) json.photos = files;
    if (plan.gives) json.components = [{ code: plan.gives, files }];
    if (plan.result) json.results = [{ code: plan.result, file: files[0], number: `${report.steps.length}/GXN` }];
    return json;
  }

  async #step(person, report) {
    const plan = report.plan[0];
    const json = await this.#bodyOf(person, report, plan);
    if (!json) return; // it is time to stop
    const request = { json, token: person.token, headers: { 'idempotency-key': crypto.randomUUID() } };
    const reply = await this.#ask('POST', `${report.path}/${report.id}/steps/${plan.verb}`, request);
    expect(reply, [200], `${plan.verb} on ${report.number}`);
    report.steps.push({ verb: plan.verb, note: plan.inside ? undefined : json.note });
    if (plan.told) report.told[plan.verb] = (report.told[plan.verb] ?? 0) + 1;
    if (plan.move) report.agency = json.agency;
    report.plan.shift();
    this.#acknowledge('steps');
    this.#passOn(report);
  }
}
