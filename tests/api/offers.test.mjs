/* Which agencies a report may go to: by rule, by place, the nearest; who sent it back comes last. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileReport, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000' } });
const HOME = 'H12.32025';

describe('offers of agencies', () => {
  let citizen, officer, dispatcher, health;
  const offers = async (who, report) => {
    const reply = await who.get(`/v1/reports/${report.id}/offers`);
    assert.equal(reply.status, 200, reply.text);
    return reply.json.items;
  };

  before(async () => {
    citizen = await signInCitizen(server, '+84912345678');
    officer = await signInStaff(server, 'officer.demo');
    dispatcher = await signInStaff(server, 'dispatcher.demo');
    health = await signInStaff(server, 'health.demo');
  });

  /* Handed to and fro, until it is the dispatcher's. */
  async function bounce(report) {
    for (const [who, agency] of [[officer, 'H12.03'], [health, HOME], [officer, 'H12.03']]) {
      const moved = await step(who, report.id, 'transfer', { reason: 'other_area', agency });
      assert.equal(moved.status, 200, moved.text);
    }
    assert.equal((await dispatcher.get(`/v1/reports/${report.id}`)).json.state, 'new');
  }

  test('what came back is offered to others first, nearest with their distance, and to who sent it back last', async () => {
    const report = await fileReport(citizen, { point: { lat: 9.1769, lon: 105.15 } });
    assert.ok(!(await offers(officer, report)).some((one) => one.agency === HOME), 'not where it is');
    await bounce(report);
    const items = await offers(dispatcher, report);
    assert.ok(items.length >= 3 && items.length <= 8, JSON.stringify(items));
    assert.equal(new Set(items.map((one) => one.agency)).size, items.length, 'each once');
    const back = items.findIndex((one) => one.came_back);
    assert.ok(items.slice(back).every((one) => one.came_back) && items.slice(back).some((one) => one.agency === HOME), JSON.stringify(items));
    const near = items.filter((one) => one.why === 'near');
    assert.ok(near.length >= 1);
    for (const one of near) assert.ok(one.distance_m > 0 && one.distance_m < 60_000 && one.name, JSON.stringify(one));
    assert.ok(!items.some((one) => one.agency === 'CMU.IOC'), 'the portal is no agency that acts');
  });

  test('a rule that names an agency is said to, also where it sent the report back', async () => {
    const report = await fileReport(citizen);
    await bounce(report);
    const ruled = (await offers(dispatcher, report)).filter((one) => one.why === 'rule');
    assert.equal(ruled.length, 1);
    assert.equal(ruled[0].agency, HOME);
    assert.equal(ruled[0].came_back, true);
  });

  test('only of what one may see, and for who may send it on', async () => {
    const report = await fileReport(citizen);
    assert.equal((await health.get(`/v1/reports/${report.id}/offers`)).status, 404);
    assert.equal((await (await signInStaff(server, 'inspector.demo')).get(`/v1/reports/${report.id}/offers`)).status, 403);
    assert.equal((await citizen.get(`/v1/reports/${report.id}/offers`)).status, 403);
    assert.equal((await dispatcher.get('/v1/reports/nothing/offers')).status, 404);
  });
});
