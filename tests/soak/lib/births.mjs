/* The very first start, killed: what it leaves must start again and be whole. */
import { totp } from '../../api/lib/people.mjs';
import { ROOT } from '../../api/lib/places.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { Reign } from './reign.mjs';

const demo = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, 'demo', name), 'utf8'));

/* One life from birth, with up to three kills before it is ready. What is wrong, in words. */
async function birth(random) {
  const reign = new Reign(random);
  const faults = [];
  try {
    for (let n = random.between(1, 3); n > 0; n--) await reign.killStarting();
    await reign.start();
    const status = reign.tramctl('status');
    if (status.catalogue.agencies !== demo('agencies.json').length) faults.push(`${status.catalogue.agencies} agencies`);
    if (status.catalogue.rules !== demo('routes.json').length) faults.push(`${status.catalogue.rules} rules`);
    const client = reign.server.client();
    for (const { user, password, totp: secret } of demo('staff.json')) {
      const reply = await client.raw('POST', '/v1/auth/staff', { json: { user, password, code: totp(secret) } });
      if (reply.status !== 200) faults.push(`${user} cannot sign in: ${reply.status}`);
    }
    const files = await reign.files();
    if (files.integrity.some((words) => words !== 'ok')) faults.push(...files.integrity);
    if (files.strangers.length > 0) faults.push(`left behind: ${files.strangers.join(', ')}`);
  } catch (error) {
    faults.push(error.message);
  }
  if (faults.length === 0) reign.remove();
  else faults.push(`kept: ${reign.data}`);
  return { kills: reign.kills, faults };
}

export async function births(random, n) {
  let kills = 0;
  const faults = [];
  for (let i = 0; i < n; i++) {
    const one = await birth(random);
    kills += one.kills;
    faults.push(...one.faults);
    for (const fault of one.faults) console.log(`  WRONG: birth ${i}: ${fault}`);
  }
  return { kills, faults };
}
