/* A report goes first, in a few kilobytes; its photos follow, each by a step of its own. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const DAY = 24 * 3600;
const photo = (client, seed = 1) => sendPhoto(client, makeJpeg({ width: 320 + seed, height: 240 }));
const shown = async (client, id) => (await client.get(`/v1/reports/${id}`)).json;
const officer = () => signInStaff(server, 'officer.demo');

async function until(what, ask) {
  for (let i = 0; i < 600; i++) {
    const found = await ask();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`never came: ${what}`);
}
const notices = async (client, report, what) => ((await client.get('/v1/notices?limit=100')).json.items ?? []).filter((one) => one.number === report.number && one.what === what).length;

describe('photos that follow a report', () => {
  test('are announced, seen by both sides as awaited, and told of when the last is there', async () => {
    const citizen = await signInCitizen(server, '+84912349001');
    const report = await fileReport(citizen, { awaited: 2 });
    assert.equal(report.awaited, 2);
    assert.equal(Date.parse(report.awaited_until) - Date.parse(report.filed_at), DAY * 1000);
    assert.deepEqual(report.photos ?? [], []);
    assert.equal((await shown(await officer(), report.id)).awaited, 2, 'the desk knows that two are to come');

    const first = await photo(citizen);
    const key = fresh();
    const added = await step(citizen, report.id, 'add', { photos: [first] }, key);
    assert.equal(added.status, 200, added.text);
    assert.equal(added.json.awaited, 1);
    assert.deepEqual(added.json.photos.map((one) => one.id), [first]);
    const again = await step(citizen, report.id, 'add', { photos: [first] }, key);
    assert.equal(again.status, 200, again.text);
    assert.equal(again.json.awaited, 1, 'a repeat changes nothing');
    assert.equal((await (await officer()).get(`/v1/media/${first}`)).status, 200);

    const second = await photo(citizen, 2);
    const done = await step(citizen, report.id, 'add', { photos: [second] });
    assert.equal(done.json.awaited, undefined);
    assert.equal(done.json.photos.length, 2);
    assert.deepEqual(done.json.history.map((one) => one.verb), ['file', 'add', 'add']);
    await until('the notice', async () => (await notices(await officer(), report, 'add')) === 1);
  });

  test('are waited for a day; then the officer is told, and they may still come', async () => {
    const citizen = await signInCitizen(server, '+84912349002');
    const report = await fileReport(citizen, { awaited: 1 });
    await advanceClock(server, DAY + 1);
    const writer = await signInCitizen(server, '+84912349002');
    await until('the notice', async () => (await notices(await officer(), report, 'miss')) === 1);
    await until("the owner's", async () => (await notices(writer, report, 'miss')) === 1);
    const late = await shown(writer, report.id);
    assert.equal(late.awaited, 1);
    assert.equal(late.awaited_until, undefined);
    const added = await step(writer, report.id, 'add', { photos: [await photo(writer)] });
    assert.equal(added.status, 200, added.text);
    assert.equal(added.json.awaited, undefined);
  });

  test('are given up by who announced them', async () => {
    const citizen = await signInCitizen(server, '+84912349003');
    const report = await fileReport(citizen, { awaited: 3 });
    const given = await step(citizen, report.id, 'forgo');
    assert.equal(given.status, 200, given.text);
    assert.equal(given.json.awaited, undefined);
    assert.equal((await step(citizen, report.id, 'forgo')).status, 409, 'there is nothing to give up any more');
  });

  test("are the writer's own, sound, and so many", async () => {
    const citizen = await signInCitizen(server, '+84912349004');
    const stranger = await signInCitizen(server, '+84912349005');
    const report = await fileReport(citizen, { awaited: 8 });
    const theirs = await photo(stranger);
    assert.equal((await step(stranger, report.id, 'add', { photos: [theirs] })).status, 404, 'not their report');
    assert.equal((await step(await officer(), report.id, 'add', { photos: [await photo(await officer())] })).status, 403, 'not their step');
    const foreign = await step(citizen, report.id, 'add', { photos: [theirs] });
    assert.equal(foreign.status, 422);
    assert.equal(foreign.json.errors[0].pointer, '/photos/0');
    const none = await step(citizen, report.id, 'add', {});
    assert.equal(none.status, 422);
    assert.equal(none.json.errors[0].pointer, '/photos');
    const begun = await citizen.post('/v1/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '1000' } });
    const arriving = await step(citizen, report.id, 'add', { photos: [begun.headers.location.split('/').pop()] });
    assert.equal(arriving.status, 422, 'half of it is there');
    assert.equal((await step(citizen, report.id, 'miss')).status, 403, "that they did not come is the system's to say");

    const all = [];
    for (let i = 0; i < 17; i++) all.push(await photo(citizen, i));
    assert.equal((await step(citizen, report.id, 'add', { photos: all.slice(0, 8) })).json.awaited, undefined);
    assert.equal((await step(citizen, report.id, 'add', { photos: all.slice(8, 16) })).json.photos.length, 16);
    const over = await step(citizen, report.id, 'add', { photos: [all[16]] });
    assert.equal(over.status, 422, over.text);
    assert.equal(over.json.errors[0].pointer, '/photos');
  });

  test('and those named at once are eight together', async () => {
    const citizen = await signInCitizen(server, '+84912349006');
    const more = { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: true };
    const over = await citizen.post('/v1/reports', { json: { ...more, awaited: 8, photos: [await photo(citizen)] }, headers: fresh() });
    assert.equal(over.status, 422);
    assert.equal(over.json.errors[0].pointer, '/awaited');
    assert.equal((await citizen.post('/v1/reports', { json: { ...more, awaited: -1 }, headers: fresh() })).status, 422);
    assert.equal((await citizen.post('/v1/reports', { json: { ...more, awaited: 9 }, headers: fresh() })).status, 422);
  });

  test('are not added to what is closed', async () => {
    const citizen = await signInCitizen(server, '+84912349007');
    const report = await fileReport(citizen, { awaited: 1 });
    await step(citizen, report.id, 'withdraw');
    const late = await step(citizen, report.id, 'add', { photos: [await photo(citizen)] });
    assert.equal(late.status, 409, late.text);
  });

  test('follow one that waits for a code, once that is checked', async () => {
    const client = server.client();
    const asked = await client.post('/v1/auth/otp', { json: { phone: '+84912349008', file_first: true } });
    client.token = asked.json.tokens.access_token;
    const held = await fileReport(client, { awaited: 1 });
    assert.equal(held.state, 'held');
    assert.equal(held.awaited, 1);
    const code = await server.smsCode('+84912349008');
    client.token = (await client.post(`/v1/auth/otp/${asked.json.challenge}/check`, { json: { code }, token: null })).json.access_token;
    const filed = await shown(client, held.id);
    assert.equal(filed.awaited, 1);
    const added = await step(client, held.id, 'add', { photos: [await photo(client)] });
    assert.equal(added.json.photos.length, 1);
  });
});
