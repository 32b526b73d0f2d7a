/* Several tramd on one store: what is done at one is seen at all, once, and any of them may die. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, fresh, signInCitizen, signInStaff, step } from '../api/lib/people.mjs';
import { tramctlJson } from '../api/lib/tramctl.mjs';
import { Province, at, signInAnywhere, until } from './province.mjs';

describe('three nodes', () => {
  const province = new Province(3);
  const [a, b, c] = province.nodes;
  before(() => province.start());
  after(() => province.stop());

  test('who listens at one hears of what was done at another', async () => {
    const citizen = await signInAnywhere(province, a, '+84912350001');
    const heard = [];
    const listening = [a, c].map(async (node) => {
      for await (const event of at(node, citizen).events('/v1/events')) {
        heard.push(JSON.parse(event.data).what);
        if (heard.filter((what) => what === 'receive').length === 2) return;
        if (JSON.parse(event.data).what === 'receive') return;
      }
    });
    const report = await fileReport(at(b, citizen));
    const officer = await signInStaff(b, 'officer.demo');
    assert.equal((await step(officer, report.id, 'receive')).json.state, 'received');
    await Promise.all(listening);
    assert.equal(heard.filter((what) => what === 'receive').length, 2, heard.join());
    const inbox = (await at(c, citizen).get('/v1/notices')).json.items;
    assert.equal(inbox.filter((one) => one.what === 'receive').length, 1, 'told once');
  });

  test('a code asked for at one is good at another, once; limits are of all together', async () => {
    const phone = '+84912350002';
    let asked, status;
    for (let i = 0; i < 20 && status !== 429; i++) {
      const reply = await province.nodes[i % 3].client().post('/v1/auth/otp', { json: { phone } });
      status = reply.status;
      if (status === 201) asked = reply.json.challenge;
      assert.ok(i < 10, 'the limit of an hour holds although each node saw few');
    }
    const sms = await until(() => province.nodes.flatMap((one) => one.sms).filter((one) => one.to === phone), 'codes');
    assert.ok(sms.length <= 5);
    const codes = sms.map((one) => /\b\d{6}\b/.exec(one.text)[0]);
    const results = [];
    for (const code of codes)
      results.push((await b.client().post(`/v1/auth/otp/${asked}/check`, { json: { code } })).status);
    assert.ok(results.filter((one) => one === 200).length <= 1);
  });

  test('wrong codes run out together, whichever node they are tried at', async () => {
    const phone = '+84912350012';
    const asked = await a.client().post('/v1/auth/otp', { json: { phone } });
    const sms = await until(() => province.nodes.flatMap((one) => one.sms).find((one) => one.to === phone), 'a code');
    const [code] = /\b\d{6}\b/.exec(sms.text);
    const url = `/v1/auth/otp/${asked.json.challenge}/check`;
    const wrong = code === '000000' ? '111111' : '000000';
    for (const node of [a, b, c, a, b])
      assert.equal((await node.client().post(url, { json: { code: wrong } })).status, 401);
    assert.equal((await c.client().post(url, { json: { code } })).status, 401, 'right, and too late');
  });

  test('wrong sign-ins of an official are counted together, and the pause holds everywhere', async () => {
    const json = { user: 'health.demo', password: 'not the password', code: '000000' };
    const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => province.nodes[i % 3].client().post('/v1/auth/staff', { json })));
    const refused = replies.filter((reply) => reply.status === 401).length;
    assert.ok(refused >= 10 && replies.every((reply) => [401, 429].includes(reply.status)), String(refused));
    for (const node of province.nodes) {
      const reply = await node.client().post('/v1/auth/staff', { json: { ...json, password: 'tram-demo-health' } });
      assert.equal(reply.status, 429, reply.text);
      assert.match(reply.headers['retry-after'], /^[0-9]+$/);
    }
  });

  test('a refresh token that is used at all nodes at once makes one next one', async () => {
    const citizen = await signInAnywhere(province, a, '+84912350013');
    const refresh = (node, refresh_token) => node.client().post('/v1/auth/refresh', { json: { refresh_token } });
    const replies = await Promise.all([0, 1, 2, 0, 1, 2, 0, 1, 2].map((i) => refresh(province.nodes[i], citizen.refresh)));
    const made = new Set(replies.filter((reply) => reply.status === 200).map((reply) => reply.json.refresh_token));
    assert.equal(made.size, 1);
    const next = await refresh(b, [...made][0]);
    assert.equal(next.status, 200);
    assert.equal((await refresh(c, next.json.refresh_token)).status, 200);
    assert.equal((await refresh(a, citizen.refresh)).status, 401, 'two generations old, at another node');
    assert.equal((await refresh(b, next.json.refresh_token)).status, 401, 'the family has ended at all');
  });

  test('a key that was rotated at one is read by the others once it is copied, before it signs', async () => {
    const kids = async (node) => (await node.client().get('/.well-known/jwks.json')).json.keys.map((key) => key.kid);
    const before = await kids(a);
    await tramctlJson(a.data, 'keys', 'rotate');
    const [fresh] = await kids(a);
    assert.ok(!before.includes(fresh));
    assert.deepEqual(await kids(b), before);
    const name = `${fresh}.key`;
    for (const node of [b, c]) fs.copyFileSync(path.join(a.data, 'keyring', name), path.join(node.data, 'keyring', name));
    for (const node of [b, c]) await until(async () => (await kids(node)).includes(fresh), 'the key at another node');
    const citizen = await signInAnywhere(province, b, '+84912350014');
    assert.equal(JSON.parse(Buffer.from(citizen.token.split('.')[0], 'base64url')).kid, before[0], 'it waits');
    for (const node of province.nodes) assert.equal((await at(node, citizen).get('/v1/me')).status, 200);
  });

  test('a session that ends at one is ended at all', async () => {
    const citizen = await signInAnywhere(province, a, '+84912350003');
    for (const node of province.nodes) assert.equal((await at(node, citizen).get('/v1/me')).status, 200);
    assert.equal((await at(b, citizen).post('/v1/auth/sign-out')).status, 204);
    for (const node of province.nodes)
      await until(async () => (await at(node, citizen).get('/v1/me')).status === 401, 'the end of a session');
  });

  test('an upload goes on at any node', async () => {
    const citizen = await signInAnywhere(province, a, '+84912350004');
    const photo = makeJpeg({ width: 900, height: 700, grain: 40 });
    const tus = { 'tus-resumable': '1.0.0' };
    const made = await citizen.post('/v1/uploads', { headers: { ...tus, 'upload-length': String(photo.length) } });
    const url = made.headers.location;
    for (let offset = 0, i = 0; offset < photo.length; offset += 50_000, i++) {
      const sent = await at(province.nodes[i % 3], citizen).patch(url, {
        body: photo.subarray(offset, offset + 50_000),
        headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      });
      assert.equal(sent.status, 204, sent.text);
    }
    const id = url.split('/').pop();
    await fileReport(at(c, citizen), { photos: [id] });
    const media = await at(b, citizen).get(`/v1/media/${id}`);
    assert.equal(media.json.width, 900);
    assert.equal((await at(a, citizen).get(media.json.large, { token: null })).status, 200);
  });

  test('one key files one report, whichever node is asked', async () => {
    const citizen = await signInAnywhere(province, a, '+84912350005');
    const headers = fresh();
    const json = { category: 'dien_chieu_sang', text: 'Đèn hỏng', commune: '32025', answers: { danger: false }, consent: true };
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, i) => at(province.nodes[i % 3], citizen).post('/v1/reports', { json, headers })),
    );
    const made = replies.filter((one) => one.status === 201);
    assert.ok(made.length >= 1);
    assert.equal(new Set(made.map((one) => one.json.number)).size, 1);
    for (const one of replies) assert.ok([201, 409, 503].includes(one.status), one.text);
    assert.equal((await citizen.get('/v1/reports')).json.items.length, 1);
  });

  test('numbers are given once', async () => {
    const citizen = await signInAnywhere(province, b, '+84912350007');
    const filed = await Promise.all(Array.from({ length: 24 }, (_, i) => fileReport(at(province.nodes[i % 3], citizen))));
    assert.equal(new Set(filed.map((one) => one.number)).size, 24);
  });

  test('procedures imported at one are shown by all', async () => {
    const [one, ...others] = province.nodes;
    const row = {
      code: '9.000099', name: 'Thủ tục của nút khác', field: 'Thử nghiệm', level: 'province', place: 'portal', scope: 'offline',
      rule: 'department', agency: 'H12.01', applicants: ['citizen'], reason: 'Nộp ở nơi khác.', link: 'https://dichvucong.gov.vn/',
    };
    const done = await one.operator().raw('PUT', '/v1/admin/procedures', { json: [row] });
    assert.equal(done.json.applied, true, done.text);
    assert.equal((await one.client().get('/v1/procedures/9.000099')).json.name, row.name, 'at once where it was imported');
    for (const node of others)
      await until(async () => (await node.client().get('/v1/procedures/9.000099')).json?.name === row.name, 'the import of another node');
    /* What another imported a moment ago counts before the next is judged. */
    const again = await others[0].operator().raw('PUT', '/v1/admin/procedures', { json: [row] });
    assert.equal(again.json.unchanged, 1, again.text);
  });

  test('when the node that dispatches dies, another goes on', async () => {
    const citizen = await signInAnywhere(province, a, '+84912350006');
    const took = (node) => node.lines.filter((line) => /"message":"this node (took|lost) a duty","lease":"dispatch"/.test(line)).at(-1);
    const holder = province.nodes.find((node) => /took/.test(took(node) ?? ''));
    assert.ok(holder, 'one has the duty');
    const others = province.nodes.filter((node) => node !== holder);
    await holder.kill();
    const report = await fileReport(at(others[0], citizen));
    await until(
      async () => (await at(others[1], citizen).get('/v1/notices')).json.items.some((one) => one.number === report.number),
      'a notice, dispatched by another node',
    );
    await holder.start();
  });
});
