/* What the figures of reports count is found again in the list: by day of filing, late or in time. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { advanceClock, fileReport, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000' } });
const dayOf = (at) => new Date(new Date(at).getTime() + 7 * 3_600_000).toISOString().slice(0, 10);

describe('the list behind a figure', () => {
  let early, late;
  const inspector = () => signInStaff(server, 'inspector.demo');
  const list = async (query) => {
    const reply = await (await inspector()).get(`/v1/desk/reports?limit=200${query}`);
    assert.equal(reply.status, 200, reply.text);
    return reply.json.items.map((one) => one.id);
  };

  before(async () => {
    late = await fileReport(await signInCitizen(server, '+84912345678'));
    await advanceClock(server, 5 * 86_400);
    early = await fileReport(await signInCitizen(server, '+84912345679'));
  });

  test('by the day of filing', async () => {
    const first = dayOf(late.filed_at);
    const last = dayOf(early.filed_at);
    assert.deepEqual(await list(''), [early.id, late.id]);
    assert.deepEqual(await list(`&from=${first}&to=${first}`), [late.id]);
    assert.deepEqual(await list(`&from=${last}`), [early.id]);
    assert.deepEqual(await list(`&to=${first}&agency=H12.32025`), [late.id]);
    assert.deepEqual(await list(`&from=${first}&to=${last}&category=dien_chieu_sang`), [early.id, late.id]);
    assert.deepEqual(await list(`&from=${last}&to=${first}`), []);
  });

  test('late or in time, as figures count', async () => {
    const figures = (await (await inspector()).get('/v1/desk/figures')).json.items;
    const counted = (wanted) => figures.filter((one) => one.late === wanted).reduce((sum, one) => sum + one.count, 0);
    assert.deepEqual([counted(true), counted(false)], [1, 1]);
    assert.deepEqual(await list('&late=true'), [late.id]);
    assert.deepEqual(await list('&late=false'), [early.id]);
  });

  test('an officer is shown their own agency alone; what is no day is told', async () => {
    const health = await signInStaff(server, 'health.demo');
    assert.deepEqual((await health.get('/v1/desk/reports?late=true&agency=H12.32025')).json.items, []);
    for (const query of ['from=yesterday', 'to=2026-13-01', 'late=perhaps']) {
      const reply = await (await inspector()).get(`/v1/desk/reports?${query}`);
      assert.ok([400, 422].includes(reply.status), `${query}: ${reply.status}`);
    }
  });
});
