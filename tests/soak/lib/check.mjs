/* The server held against the ledger, once everybody has stopped. Returns what is wrong, in words. */
import crypto from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStale, refresh } from './crew.mjs';
import { expect } from './lines.mjs';
import { offsetOf } from './photos.mjs';

const PATIENCE = 600; // looks for notices that have not come
const AT_ONCE = 16;

export class Check {
  faults = [];
  inboxes = new Map(); // citizen -> ids of their notices
  looked = { reports: 0, dossiers: 0, steps: 0, notices: 0, officials: 0, uploads: 0, photos: 0 };

  constructor(lines, world) {
    Object.assign(this, { lines, world });
  }

  fault(words) {
    this.faults.push(words);
    if (this.faults.length <= 20) console.log(`  WRONG: ${words}`);
  }

  async all() {
    const { citizens, staff, reports, dossiers, uploads } = this.world;
    this.cases = [...reports, ...dossiers];
    await each([...citizens, ...staff].filter(isStale), (person) => refresh(this.lines, person));
    this.#numbers();
    await each(citizens, (one) => this.#listOf(one, '/v1/reports'));
    await each(citizens.filter((one) => one.eid), (one) => this.#listOf(one, '/v1/dossiers'));
    await each(this.cases, (one) => this.#case(one));
    await each(citizens, (one) => this.#noticesOf(one));
    await each(staff, (one) => this.#noticesOfOfficial(one));
    await each(uploads, (one) => this.#upload(one));
  }

  async #get(url, person) {
    return expect(await this.lines.ask('GET', url, { token: person.token }), [200], url).json;
  }

  async #pages(url, person) {
    const items = [];
    for (let next = ''; next !== undefined; ) {
      const page = await this.#get(`${url}?limit=100${next && `&cursor=${next}`}`, person);
      items.push(...page.items);
      next = page.next;
    }
    return items;
  }

  #numbers() {
    for (const what of ['id', 'number']) {
      const all = this.cases.map((one) => one[what]);
      if (new Set(all).size !== all.length) this.fault(`two acknowledged cases have one ${what}`);
      if (all.includes(undefined)) this.fault('a case was left without an answer');
    }
  }

  /* Every acknowledged one once, and none that nobody filed. */
  async #listOf(citizen, path) {
    const listed = await this.#pages(path, citizen);
    const mine = this.cases.filter((one) => one.owner === citizen && one.path === path);
    const ids = listed.map((one) => one.id);
    if (new Set(ids).size !== ids.length) this.fault(`${citizen.phone} has one twice in ${path}`);
    const texts = new Set(listed.map((one) => one.text ?? one.number));
    if (texts.size !== listed.length) this.fault(`${citizen.phone}: what was filed once stands twice in ${path}`);
    for (const one of mine.filter((one) => !ids.includes(one.id))) this.fault(`${one.number} is lost`);
    if (listed.length > mine.length) this.fault(`${citizen.phone} has ${listed.length} of ${path}, filed were ${mine.length}`);
  }

  /* Its acknowledged steps in their order, each once. */
  async #case(report) {
    const now = await this.#get(`${report.path}/${report.id}`, report.owner);
    const told = now.history.map((one) => `${one.verb}|${one.note ?? ''}`).join('; ');
    const taken = [{ verb: 'file' }, ...report.steps].map((one) => `${one.verb}|${one.note ?? ''}`).join('; ');
    if (told !== taken) this.fault(`${report.number}: its history is "${told}", acknowledged was "${taken}"`);
    if (now.number !== report.number || now.text !== report.text) this.fault(`${report.number} is another`);
    if (now.agency !== report.agency) this.fault(`${report.number} is with ${now.agency}, not ${report.agency}`);
    for (const id of report.photos) {
      if (!now.photos?.some((one) => one.id === id)) this.fault(`${report.number} lacks its photo ${id}`);
    }
    this.looked[report.path.slice(4)]++;
    this.looked.steps += report.steps.length;
  }

  /* Notices as "about/what" with how many; `want` is asked for until it is there. */
  async #notices(person, want) {
    let seen = '';
    for (let look = 0; ; look++) {
      const items = await this.#pages('/v1/notices', person);
      const count = new Map();
      for (const one of items.filter((notice) => notice.subject !== 'account')) count.set(`${one.about}/${one.what}`, (count.get(`${one.about}/${one.what}`) ?? 0) + 1);
      const missing = [...want].find(([key, n]) => (count.get(key) ?? 0) < n);
      if (!missing) return { items, count };
      if (look === PATIENCE) {
        this.fault(`${person.phone ?? person.user}: the notice ${missing[0]} did not come`);
        return { items, count };
      }
      if (seen !== missing[0]) look = 0; // they are coming
      seen = missing[0];
      await sleep(200);
    }
  }

  async #noticesOf(citizen) {
    const want = new Map();
    for (const one of this.cases.filter((one) => one.owner === citizen)) {
      for (const [what, n] of Object.entries(one.told)) want.set(`${one.id}/${what}`, n);
    }
    const { items, count } = await this.#notices(citizen, want);
    for (const [key, n] of count) {
      if (n !== want.get(key)) this.fault(`${citizen.phone}: the notice ${key} is there ${n} times, due were ${want.get(key) ?? 0}`);
    }
    for (const one of items) {
      if (this.world.readNotices.has(one.id) && !one.read_at) this.fault(`the notice ${one.id} was read and is unread`);
    }
    this.inboxes.set(citizen, items.map((one) => one.id));
    this.looked.notices += items.length;
  }

  /* Officers of an agency hear of each report that was filed to it. */
  async #noticesOfOfficial(person) {
    if (person.role !== 'officer') return;
    const filed = this.cases.filter((one) => one.firstAgency === person.agency);
    const want = new Map(filed.map((report) => [`${report.id}/file`, 1]));
    const { items, count } = await this.#notices(person, want);
    for (const [key, n] of count) {
      if (key.endsWith('/file') && n !== want.get(key)) this.fault(`${person.user}: the notice ${key} is there ${n} times`);
    }
    this.looked.officials += items.length;
  }

  /* What was acknowledged is there; a whole photo is the picture that was sent. */
  async #upload(upload) {
    this.looked.uploads++;
    await offsetOf(this.lines, upload).catch((error) => this.fault(error.message));
    if (!upload.whole) return;
    const media = await this.#get(`/v1/media/${upload.id}`, upload.person);
    const small = await this.lines.ask('GET', media.small, {});
    const print = crypto.createHash('sha256').update(expect(small, [200], media.small).body).digest('hex');
    this.prints ??= new Map();
    if (!this.prints.has(upload.picture)) this.prints.set(upload.picture, print);
    if (this.prints.get(upload.picture) !== print) this.fault(`the photo ${upload.id} is not the one that was sent`);
    this.looked.photos++;
  }
}

async function each(list, visit) {
  let at = 0;
  const worker = async () => {
    while (at < list.length) await visit(list[at++]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
