/* Videos: from a phone to a browser, checked in between. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
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

/* What is published follows the report, a moment later. */
async function answered(client, path, status, options) {
  for (let left = 1200; ; left--) {
    const reply = await client.get(path, options);
    if (reply.status === status) return reply;
    assert.ok(left > 0, `${path} still answers ${reply.status}`);
    await sleep(100);
  }
}

describe('a report with a video', () => {
  const file = async (phone, film = makeVideo(), type = 'video/mp4') => {
    const citizen = await signInCitizen(server, phone);
    const photo = await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }));
    const video = await sendVideo(citizen, film, type);
    const report = await fileReport(citizen, { photos: [photo, video] }); // it may still be being checked
    return { citizen, photo, video, report };
  };

  test('is filed while it is checked; the agency sees it and publishes it, and then anybody plays it', async () => {
    const { citizen, video, report } = await file('+84912370011');
    assert.deepEqual(report.photos.map((one) => Boolean(one.video)), [false, true]);
    assert.equal((await checked(citizen, video)).state, 'sound');
    const officer = await signInStaff(server, 'officer.demo');
    const media = (await officer.get(`/v1/media/${video}`)).json;
    assert.equal(media.kind, 'video');
    const signed = await server.client().get(media.video);
    assert.equal(signed.status, 200);
    assert.equal((await officer.get(`/v1/media/${video}/state`)).json.state, 'sound');
    /* Nobody else. */
    const other = await signInCitizen(server, '+84912370012');
    for (const path of ['', '/state']) assert.equal((await other.get(`/v1/media/${video}${path}`)).status, 404, path);
    assert.equal((await server.client().get(`/v1/public/media/${video}/video`)).status, 404);

    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    const leader = await signInStaff(server, 'leader.demo');
    const published = await step(leader, report.id, 'publish', { photos: [video] });
    assert.equal(published.status, 200, published.text);
    const anybody = server.client();
    const played = await answered(anybody, `/v1/public/media/${video}/video`, 206, { headers: { range: 'bytes=0-99' } });
    assert.equal(played.headers['content-type'], 'video/mp4');
    assert.equal(played.body.length, 100);
    assert.equal((await anybody.get(`/v1/public/media/${video}/large`)).headers['content-type'], 'image/jpeg');
    /* Withdrawn, it is nobody's any more but theirs. */
    assert.equal((await step(leader, report.id, 'unpublish', { note: 'Có mặt người' })).status, 200);
    await answered(anybody, `/v1/public/media/${video}/video`, 404);
  });

  test('has its original for the agency that has it, with a reason; each look is recorded and told', async () => {
    const film = makeVideo({ type: 'webm', codec: 'libvpx' });
    const { citizen, video, report } = await file('+84912370015', film, 'video/webm');
    assert.equal((await checked(citizen, video)).state, 'sound');
    const officer = await signInStaff(server, 'officer.demo');
    const original = (who, note = 'Cần xem rõ biển số') => who.post(`/v1/reports/${report.id}/photos/${video}/original`, { json: { note } });
    assert.equal((await original(officer, ' ')).status, 422);
    for (const who of [citizen, await signInStaff(server, 'dispatcher.demo')]) assert.equal((await original(who)).status, 403);
    const seen = await original(officer);
    assert.equal(seen.status, 200, seen.text);
    assert.ok(seen.body.equals(film), 'as it was sent');
    assert.match(seen.headers['cache-control'], /no-store/);
    const looks = (await citizen.get('/v1/me/looks')).json.items.filter((one) => one.number === report.number);
    assert.deepEqual(looks.map((one) => [one.what, one.reason]), [[['original'], 'Cần xem rõ biển số']]);
    assert.equal((await citizen.get(`/v1/reports/${report.id}`)).json.history.filter((one) => one.verb === 'original').length, 1);
    /* Parts of a film cannot be covered. */
    const boxes = { boxes: [{ x: 0, y: 0, width: 100, height: 100 }] };
    assert.equal((await officer.request('PUT', `/v1/reports/${report.id}/photos/${video}/boxes`, { json: boxes, headers: { 'if-match': '"0"' } })).status, 404);
  });

  test('is published without it as long as it was not found sound', async () => {
    const { citizen, video, report } = await file('+84912370013', Buffer.concat([makeVideo().subarray(0, 2000), Buffer.alloc(3000)]));
    const state = await checked(citizen, video);
    assert.equal(state.state, 'refused');
    const leader = await signInStaff(server, 'leader.demo');
    await step(await signInStaff(server, 'officer.demo'), report.id, 'receive');
    const published = await step(leader, report.id, 'publish', { photos: [video] });
    assert.equal(published.status, 422);
    assert.equal(published.json.errors[0].pointer, '/photos/0');
    assert.equal((await server.client().get(`/v1/public/media/${video}/video`)).status, 404);
    /* Officers learn as well that there is nothing to wait for. */
    const officer = await signInStaff(server, 'officer.demo');
    assert.equal((await officer.get(`/v1/media/${video}/state`)).json.state, 'refused');
  });

  test('takes no video where papers are wanted, and none as an officer\'s proof', async () => {
    const citizen = await signInCitizen(server, '+84912370014');
    const { id } = await takeVideo(citizen, makeVideo());
    const officer = await signInStaff(server, 'officer.demo');
    const own = await takeVideo(officer, makeVideo());
    const report = await fileReport(citizen, {});
    await step(officer, report.id, 'receive');
    const proof = await step(officer, report.id, 'answer', { note: 'Đã thay bóng đèn mới', reason: 'resolved', photos: [own.id] });
    assert.equal(proof.status, 422, proof.text);
    assert.equal(proof.json.errors[0].pointer, '/photos/0');
    const twice = await citizen.post('/v1/reports', { json: { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: true, photos: [id, id] }, headers: fresh() });
    assert.equal(twice.status, 422);
  });
});

describe('a video on its way', () => {
  test('larger than a photo may be only where it is announced as a video, and never past its own bound', async () => {
    const citizen = await signInCitizen(server, '+84912370021');
    const mb = 1 << 20;
    assert.equal((await announce(citizen, 30 * mb)).status, 201);
    for (const [length, type] of [[21 * mb, 'image/jpeg'], [21 * mb, 'application/pdf'], [101 * mb, 'video/mp4']])
      assert.equal((await announce(citizen, length, type)).status, 413, type);
    assert.equal((await citizen.post('/v1/uploads', { headers: { ...TUS, 'upload-length': String(21 * mb) } })).status, 413);
  });

  test('that was not announced as one is found to be one', async () => {
    const citizen = await signInCitizen(server, '+84912370022');
    const id = await sendPhoto(citizen, makeVideo());
    assert.equal((await checked(citizen, id)).state, 'sound');
    assert.equal((await citizen.get(`/v1/media/${id}`)).json.kind, 'video');
  });

  test('is joined from parts', async () => {
    const citizen = await signInCitizen(server, '+84912370023');
    const film = makeVideo();
    const parts = [];
    for (const piece of [film.subarray(0, 30_000), film.subarray(30_000)]) {
      const made = await citizen.post('/v1/uploads', { body: piece, headers: { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-length': String(piece.length), 'upload-concat': 'partial', ...metadata('video/mp4') } });
      assert.equal(made.status, 201, made.text);
      parts.push(made.headers.location);
    }
    const whole = await citizen.post('/v1/uploads', { headers: { ...TUS, 'upload-concat': `final;${parts.join(' ')}`, ...metadata('video/mp4') } });
    assert.equal(whole.status, 201, whole.text);
    assert.equal((await checked(citizen, whole.headers.location.split('/').pop())).state, 'sound');
  });

  test('is given up while it waits', async () => {
    const citizen = await signInCitizen(server, '+84912370024');
    const id = await sendVideo(citizen, makeVideo());
    assert.equal((await citizen.delete(`/v1/uploads/${id}`, { headers: TUS })).status, 204);
    assert.equal((await citizen.get(`/v1/media/${id}/state`)).status, 404);
  });
});
