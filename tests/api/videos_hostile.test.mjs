/* Films made to do harm: each is refused in words, and the server goes on. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { box, boxAt, makeVideo, patched } from './lib/make-video.mjs';
import { makePdf } from './lib/make-pdf.mjs';
import { advanceClock, signInCitizen } from './lib/people.mjs';
import { PROGRAM } from './lib/places.mjs';
import { Server, useServer } from './lib/server.mjs';
import { announce, checked, sendVideo, takeVideo } from './lib/videos.mjs';

const VIDEOS = path.join(path.dirname(PROGRAM), 'tram-videos');
const server = useServer({ env: { TRAM_HTTP_RATES: '100000', TRAM_AUTH_ACCESS: '1h', TRAM_MEDIA_VIDEO_SECONDS: '3', TRAM_MEDIA_DAY_MB: '150' } });

const film = () => makeVideo();
const cut = (share) => film().subarray(0, Math.floor(film().length * share));
const moovFirst = () => makeVideo({ more: ['-movflags', '+faststart'] });
const be = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n >>> 0); return b; };
const FTYP = box('ftyp', Buffer.from('isom\0\0\0\0isomiso2mp41', 'latin1'));

/* A film whose data are said to lie in another file (dref "url ", not self-contained). */
function elsewhere() {
  const bytes = film();
  const at = bytes.indexOf('url ');
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(0, at + 4); // the flag "in this file" is off
  return copy;
}

/* name, bytes, faults that it may be refused for (slugs are in the words), type */
const HOSTILE = [
  ['nothing but a head', FTYP, 'video/mp4'],
  ['cut before its index', cut(0.5), 'video/mp4'],
  ['cut behind its index', moovFirst().subarray(0, Math.floor(moovFirst().length * 0.4)), 'video/mp4'],
  ['zeros behind a head', Buffer.concat([FTYP, Buffer.alloc(100_000)]), 'video/mp4'],
  ['a box of 4 GB', Buffer.concat([FTYP, box('moov', Buffer.alloc(64), 0xfffffff0)]), 'video/mp4'],
  ['a box of 2^63 bytes', Buffer.concat([FTYP, box('moov', be(0x7fffffff), 1), be(0xffffffff), Buffer.alloc(64)]), 'video/mp4'],
  ['boxes in boxes in boxes', Buffer.concat([FTYP, Array.from({ length: 3000 }).reduce((inner) => box('moov', inner), Buffer.alloc(0))]), 'video/mp4'],
  ['a table of 2^32 entries', patched(film(), 'stsz', 8, 0xffffffff), 'video/mp4'],
  ['chunks outside the file', patched(film(), 'stco', 8, 0x7fffff00), 'video/mp4'],
  ['pictures of 65535 by 65535', (() => { const c = Buffer.from(film()); c.writeUInt16BE(65535, boxAt(c, 'avc1') + 32); c.writeUInt16BE(65535, boxAt(c, 'avc1') + 34); return c; })(), 'video/mp4', true],
  ['a track that lasts 2^31 units', patched(patched(film(), 'mvhd', 16, 0x7fffffff), 'mdhd', 16, 0x7fffffff), 'video/mp4', true],
  ['data in another file', elsewhere(), 'video/mp4', true],
  ['longer than may be', makeVideo({ seconds: 8, sound: false }), 'video/mp4'],
  ['sound alone', makeVideo({ more: ['-vn'] }), 'video/mp4'],
  ['a playlist', Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'), 'video/mp4'],
  ['a list of files', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"), 'video/mp4'],
  ['a playlist behind a head', Buffer.concat([FTYP, Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/\n')]), 'video/mp4'],
  ['subtitles that name a file', Buffer.from('1\n00:00:00,000 --> 00:00:01,000\n<img src="file:///etc/passwd">\n'), 'video/webm'],
  ['EBML and nothing', Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(5000, 0xff)]), 'video/webm'],
  ['EBML of 2^56 bytes', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x42, 0x82]), 'video/webm'],
  ['a cut WebM', (() => { const w = makeVideo({ type: 'webm', codec: 'libvpx', sound: false }); return w.subarray(0, 400); })(), 'video/webm'],
  ['a photo', makeJpeg({ width: 200, height: 200 }), 'video/mp4'],
  ['a paper', makePdf(), 'video/mp4'],
  ['a program', fs.readFileSync('/bin/true'), 'video/mp4'],
  ['one byte', Buffer.from('x'), 'video/mp4'],
];

describe('hostile films', () => {
  let signed;
  const sender = () => (signed ??= signInCitizen(server, '+84912371001'));

  for (const [name, bytes, type, mayPass] of HOSTILE)
    test(name, async () => {
      const citizen = await sender();
      const { state, words, id } = await takeVideo(citizen, bytes, type);
      if (mayPass && state === 'sound') {
        /* What it lied about is corrected: the film that is served is within the bounds. */
        const media = (await citizen.get(`/v1/media/${id}`)).json;
        assert.ok(media.width <= 1920 && media.height <= 1920 && media.duration_ms <= 13_000, JSON.stringify(media));
        return;
      }
      assert.equal(state, 'refused', name);
      assert.match(words, /[\u1ea0-\u1ef9]/, `${name}: told in Vietnamese: ${words}`);
      assert.equal(words === 'Tệp này chỉ có tiếng, không có hình', name === 'sound alone', words);
      const told = await citizen.get(`/v1/media/${id}`, { headers: { 'accept-language': 'en' } });
      assert.equal(told.status, 422);
      assert.match(told.json.detail, /^[A-Z][a-z ,;:.'()A-Z0-9]+$/, told.text);
    });

  test('a film behind a photo, and a page inside a film, are served as what they were found to be', async () => {
    const page = Buffer.from('<html><script>alert(1)</script>');
    const citizen = await sender();
    const { state, id } = await takeVideo(citizen, Buffer.concat([film(), box('free', page)]));
    assert.equal(state, 'sound');
    const { video } = (await citizen.get(`/v1/media/${id}`)).json;
    const served = await server.client().get(video);
    assert.ok(!served.body.includes('<script>'));
    assert.equal(served.headers['x-content-type-options'], 'nosniff');
  });

  test('a sender\'s day has a bound in bytes', async () => {
    const greedy = await signInCitizen(server, '+84912371002');
    assert.equal((await announce(greedy, 100 << 20)).status, 201);
    const more = await announce(greedy, 51 << 20);
    assert.equal(more.status, 429);
    assert.ok(Number(more.headers['retry-after']) > 0);
    assert.equal((await announce(greedy, 1 << 20)).status, 201);
  });
});

describe('the confinement', () => {
  const prove = (...args) => execFileSync(VIDEOS, ['--prove', ...args], { encoding: 'utf8' });

  test('who stands in ffmpeg\'s place opens nothing, connects nowhere and starts nobody', () => {
    const told = prove();
    assert.match(told, /all denied/);
    assert.doesNotMatch(told, /NOT/);
    for (const what of ['read passwords', 'write /tmp', 'socket (inet)', 'fork', 'execve', 'ptrace', 'connect']) assert.match(told, new RegExp(`^${what.replace(/[()]/g, '\\$&')} +denied`, 'm'));
  });

  test('the same by Landlock alone, where the kernel has it', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-film-'));
    try {
      const told = prove(folder);
      assert.match(told, /^mount namespace +not in use/m);
      assert.match(told, /all denied/);
    } catch (error) {
      if (error.status !== 3) throw error; // there is neither: then none is taken, which is told
      assert.match(error.stdout, /landlock +not available here/);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

describe('a server', () => {
  test('without ffmpeg says so, and takes none', async () => {
    const bare = new Server({ env: { TRAM_MEDIA_FFMPEG: '/nonexistent/ffmpeg' } });
    await bare.start();
    try {
      const options = await bare.client().request('OPTIONS', '/v1/uploads');
      assert.equal(options.headers['tus-max-size'], String(20 << 20));
      assert.equal(options.headers['tram-video-bytes'], undefined);
      const citizen = await signInCitizen(bare, '+84912371003');
      const refused = await announce(citizen, 1000);
      assert.equal(refused.status, 422);
      assert.match(refused.text, /không nhận video/);
      assert.ok(await bare.line((line) => line.includes('videos are not taken')));
    } finally {
      await bare.stop();
    }
  });

  test('that was killed while it checked one goes on with it', async () => {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-'));
    const first = new Server({ data });
    await first.start();
    try {
      let citizen = await signInCitizen(first, '+84912371004');
      const ids = [];
      for (let i = 0; i < 3; i++) ids.push(await sendVideo(citizen, film()));
      await first.kill();
      await first.start();
      await advanceClock(first, 120); // the lease of who was killed has run out
      citizen = await signInCitizen(first, '+84912371004');
      for (const id of ids) assert.equal((await checked(citizen, id)).state, 'sound');
    } finally {
      await first.stop();
      fs.rmSync(data, { recursive: true, force: true });
    }
  });
});
