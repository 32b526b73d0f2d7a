/*
 * The e-ID provider of the demonstration: OpenID Connect on the loopback, with the people of eid.json.
 *
 *   ./dev eid               the provider, until Ctrl-C; tramd finds it by demo/tram.ini
 *   ./dev eid NAME          signs one of them in, as a phone would, and prints the access token
 *   ./dev eid NAME TOKEN    the same for who is signed in by TOKEN: the account is linked
 */
import fs from 'node:fs';
import path from 'node:path';
import { Provider } from '../tests/api/lib/provider.mjs';

const PORT = Number(process.env.EID_PORT ?? 8089); // as in tram.ini
const SECRET_FILE = process.env.EID_SECRET_FILE ?? '.tram/eid.secret';
const [SECURE, PLAIN] = served();
const REDIRECTS = [`${SECURE}/app/eid`, `${PLAIN}/app/eid`]; // as ./dev run tells tramd
const API = process.env.TRAM_API ?? PLAIN;
const PEOPLE = JSON.parse(fs.readFileSync(new URL('eid.json', import.meta.url), 'utf8'));

/* Where ./dev run serves, as it printed last. */
function served() {
  const log = path.join(path.dirname(SECRET_FILE), 'stdout.log');
  const text = fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '';
  const last = (wanted, otherwise) => [...text.matchAll(wanted)].at(-1)?.[1] ?? otherwise;
  return [last(/^Trạm serves (https:\/\/\S+)/gm, 'https://localhost:8443'), last(/^  in a browser\s+(http:\/\/localhost:\d+)\//gm, 'http://localhost:8080')];
}

function fail(words) {
  console.error(`./dev eid: ${words}`);
  process.exit(1);
}

async function serve() {
  if (!fs.existsSync(SECRET_FILE)) fail('start ./dev run first');
  const secret = fs.readFileSync(SECRET_FILE, 'utf8').trim();
  const provider = await Provider.start({ redirects: REDIRECTS, port: PORT, secret });
  for (const [login, claims] of Object.entries(PEOPLE)) provider.people.set(login, claims);
  console.log(`The e-ID provider of the demonstration answers at ${provider.issuer}. Its page takes these names, with any password:\n`);
  for (const [login, one] of Object.entries(PEOPLE)) console.log(`  ${login.padEnd(6)} ${one.name.padEnd(16)} ${one.card_no}  level ${one.assurance === 'two' ? 2 : 1}`);
  console.log('\nIn another terminal: citizen=$(./dev eid an)');
}

async function post(path, json, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const reply = await fetch(API + path, { method: 'POST', headers, body: JSON.stringify(json) }).catch(() => fail(`nothing answers at ${API}; is ./dev run under way?`));
  const said = await reply.json();
  if (!reply.ok) fail(`POST ${path} answered ${reply.status}: ${JSON.stringify(said)}`);
  return said;
}

async function signIn(login, token) {
  if (!PEOPLE[login]) fail(`nobody is called ${login}: ${Object.keys(PEOPLE).join(', ')}`);
  const begun = await post('/v1/auth/eid', { redirect: REDIRECTS[0] }, token);
  const browser = new Provider();
  browser.issuer = new URL(begun.authorization_url).origin;
  const { code, state, iss } = await browser.signIn(begun.authorization_url, login);
  const tokens = await post(`/v1/auth/eid/${begun.flow}/finish`, { secret: begun.secret, code, state, iss }, token);
  console.log(tokens.access_token);
}

const [login, token] = process.argv.slice(2);
await (login ? signIn(login, token) : serve());
