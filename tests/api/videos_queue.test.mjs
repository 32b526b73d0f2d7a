/* More videos than may wait: who comes later is told when to try again, and nobody else is kept waiting. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makeVideo } from './lib/make-video.mjs';
import { fileReport, sendPhoto, signInCitizen } from './lib/people.mjs';
import { metric } from './lib/raw.mjs';
import { useServer } from './lib/server.mjs';
import { VideoGate } from './lib/video_gate.mjs';
import { announce, checked, sendBytes, sendVideo } from './lib/videos.mjs';

const gate = new VideoGate();
const server = useServer({ env: { TRAM_HTTP_RATES: '100000', TRAM_MEDIA_VIDEOS: gate.program, TRAM_MEDIA_VIDEO_WAITING: '2' } });
after(() => gate.remove());

const counted = (name) => metric(server, `tram_media_videos_${name}`);

async function comesTo(name, value) {
  for (let left = 2400; (await counted(name)) !== value; left--) {
    assert.ok(left > 0, `${name} is ${await counted(name)}`);
    await sleep(50);
  }
}

test('past the bound of what waits a video is not begun; what was begun goes on, and photos are taken', async () => {
  const film = makeVideo();
  const citizen = await signInCitizen(server, '+84912371001');
  assert.equal((await citizen.request('OPTIONS', '/v1/uploads')).headers['tram-video-bytes'], String(100 << 20));
  gate.close(); // ffmpeg was tried
  const begun = (await announce(citizen, film.length)).headers.location;
  const videos = [await sendVideo(citizen, film), await sendVideo(citizen, film)];

  const refused = await announce(citizen, film.length);
  assert.equal(refused.status, 503, refused.text);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.match(refused.text, /Nhiều video đang chờ kiểm tra/);
  const english = await announce(citizen, film.length, 'video/mp4', { 'accept-language': 'en' });
  assert.match(english.text, /Many videos wait to be checked/);

  await sendBytes(citizen, begun, film);
  videos.push(begun.split('/').pop());
  await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }));
  const report = await fileReport(citizen, { photos: [videos[0]] });
  assert.equal(report.photos.length, 1);
  assert.equal(await counted('waiting'), 3);
  await comesTo('running', 1);
  assert.equal(await counted('busy_total'), 2);
  assert.equal(await counted('checked_total'), 0);

  gate.open();
  for (const id of videos) assert.equal((await checked(citizen, id)).state, 'sound');
  assert.equal((await announce(citizen, film.length)).status, 201);
  await comesTo('running', 0);
  for (const [name, value] of [['waiting', 0], ['checked_total', 3], ['refused_total', 0], ['back_total', 0], ['busy_total', 2]])
    assert.equal(await counted(name), value, name);
  assert.ok((await counted('seconds_total')) > 0);
});
