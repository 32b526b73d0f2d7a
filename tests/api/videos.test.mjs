/* Videos: from a phone to a browser, checked in between. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { CANARY, makeVideo, probe } from './lib/make-video.mjs';
import { fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { announce, checked, metadata, sendVideo, takeVideo } from './lib/videos.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '100000', TRAM_AUTH_ACCESS: '1h' } });
const TUS = { 'tus-resumable': '1.0.0' };

const stream = (facts, type) => facts.streams.find((one) => one.codec_type === type);

describe('a video', () => {
  test('the server says that it takes them, how large and how long', async () => {
    const options = await server.client().request('OPTIONS', '/v1/uploads');
    assert.equal(options.headers['tus-max-size'], String(100 << 20));
    assert.equal(options.headers['tram-video-bytes'], String(100 << 20));
    assert.equal(options.headers['tram-video-seconds'], '120');
  });

  test('of a phone is served as it was encoded, without anything that was written beside it', async () => {
    const citizen = await signInCitizen(server, '+84912370001');
    const film = makeVideo({ type: 'mov' });
    const id = await sendVideo(citizen, film, 'video/quicktime');
    const state = await checked(citizen, id);
    assert.deepEqual(state, { id, state: 'sound', kind: 'video', words: 'Xem được' });
    const media = (await citizen.get(`/v1/media/${id}`)).json;
    assert.equal(media.kind, 'video');
    assert.equal(media.type, 'video/quicktime');
    assert.equal(media.size, film.length);
    assert.deepEqual([media.width, media.height], [320, 240]);
    assert.ok(media.duration_ms > 1000 && media.duration_ms < 2500, `${media.duration_ms} ms`);

    const served = await server.client().get(media.video);
    assert.equal(served.status, 200);
    assert.equal(served.headers['content-type'], 'video/mp4');
    assert.equal(served.headers['accept-ranges'], 'bytes');
    assert.equal(served.headers['x-content-type-options'], 'nosniff');
    assert.match(served.headers['cache-control'], /private/);
    for (const secret of [CANARY, '10.7769', '+106']) {
      assert.ok(film.includes(secret), secret);
      assert.ok(!served.body.includes(secret), secret);
    }
    assert.ok(served.body.indexOf('moov') < served.body.indexOf('mdat'), 'it can be played from its start');
    const facts = probe(served.body);
    assert.equal(stream(facts, 'video').codec_name, 'h264');
    assert.equal(stream(facts, 'audio').codec_name, 'aac');
    assert.equal(facts.format.tags?.location, undefined);
    assert.equal(facts.format.tags?.creation_time, undefined);

    for (const name of ['large', 'small']) {
      const picture = await server.client().get(media[name]);
      assert.equal(picture.headers['content-type'], 'image/jpeg', name);
    }
    /* As it was sent, to who sent it. */
    const original = await citizen.get(`/v1/uploads/${id}`);
    assert.ok(original.body.equals(film));
    assert.match(original.headers['content-disposition'], /phim\.mp4/);
  });

  test('is played from any place in it', async () => {
    const citizen = await signInCitizen(server, '+84912370002');
    const { id } = await takeVideo(citizen, makeVideo());
    const { video } = (await citizen.get(`/v1/media/${id}`)).json;
    const anybody = server.client();
    const whole = (await anybody.get(video)).body;
    const etag = (await anybody.get(video)).headers.etag;
    for (const [range, from, to] of [['bytes=0-1', 0, 2], ['bytes=1000-', 1000, whole.length], ['bytes=-500', whole.length - 500, whole.length]]) {
      const part = await anybody.get(video, { headers: { range } });
      assert.equal(part.status, 206, range);
      assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/${whole.length}`);
      assert.ok(part.body.equals(whole.subarray(from, to)), range);
    }
    assert.equal((await anybody.get(video, { headers: { range: `bytes=${whole.length}-` } })).status, 416);
    assert.equal((await anybody.get(video, { headers: { 'if-none-match': etag } })).status, 304);
    /* The address is signed for the film alone, and not without a signature. */
    assert.equal((await anybody.get(video.replace(/sig=[^&]*/, 'sig=AAAA'))).status, 403);
    assert.equal((await anybody.get(`/v1/media/${id}/video`)).status, 403);
    assert.equal((await anybody.get(`/v1/public/media/${id}/video`)).status, 404);
  });

  test('that browsers do not play everywhere is encoded anew', async () => {
    const citizen = await signInCitizen(server, '+84912370003');
    const { id, state, words } = await takeVideo(citizen, makeVideo({ type: 'webm', codec: 'libvpx' }), 'video/webm');
    assert.equal(state, 'sound', words);
    const media = (await citizen.get(`/v1/media/${id}`)).json;
    assert.equal(media.type, 'video/webm');
    const facts = probe((await server.client().get(media.video)).body);
    assert.deepEqual([stream(facts, 'video').codec_name, stream(facts, 'audio').codec_name], ['h264', 'aac']);
    assert.match(facts.format.format_name, /mp4/);
  });

  test('of QuickTime, lying on its side, without sound, stands upright afterwards', async () => {
    const citizen = await signInCitizen(server, '+84912370004');
    const lying = makeVideo({ type: 'mov', sound: false });
    /* The matrix of the track's header (tkhd): a quarter turn. */
    const turned = Buffer.from(lying);
    const matrix = lying.indexOf('tkhd') + 4 + 40;
    for (const [i, value] of [0, 0x10000, 0, -0x10000, 0, 0, 240 << 16, 0, 0x40000000].entries()) turned.writeInt32BE(value, matrix + 4 * i);
    const { id, state, words } = await takeVideo(citizen, turned, 'video/quicktime');
    assert.equal(state, 'sound', words);
    const media = (await citizen.get(`/v1/media/${id}`)).json;
    assert.equal(media.type, 'video/quicktime');
    assert.deepEqual([media.width, media.height], [240, 320]);
  });
});
