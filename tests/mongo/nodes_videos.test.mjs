/* Several tramd on one store check videos side by side: each video once, by whichever is free. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeVideo } from '../api/lib/make-video.mjs';
import { metric } from '../api/lib/raw.mjs';
import { VideoGate } from '../api/lib/video_gate.mjs';
import { checked, sendVideo } from '../api/lib/videos.mjs';
import { Province, at, signInAnywhere, until } from './province.mjs';

const gate = new VideoGate();
const province = new Province(2, { TRAM_MEDIA_VIDEOS: gate.program, TRAM_HTTP_RATES: '100000' });
const [a, b] = province.nodes;
before(() => province.start());
after(async () => {
  await province.stop();
  gate.remove();
});

const counted = (name) => Promise.all([a, b].map((node) => metric(node, `tram_media_videos_${name}`)));

test('both work at once, none is checked twice, and who sent it may ask either', async () => {
  const citizen = await signInAnywhere(province, a, '+84912351001');
  const there = at(b, citizen);
  for (const client of [citizen, there]) assert.ok((await client.request('OPTIONS', '/v1/uploads')).headers['tram-video-bytes']);
  gate.close(); // each has tried ffmpeg
  const film = makeVideo();
  const videos = [await sendVideo(citizen, film)];
  await until(async () => (await counted('running')).includes(1), 'one that takes it');
  videos.push(await sendVideo(citizen, film)); // while that is kept, the other must take this
  await until(async () => (await counted('running')).every((n) => n === 1), 'both at work');
  for (const client of [there, citizen, there, citizen]) videos.push(await sendVideo(client, film));
  assert.deepEqual(await counted('waiting'), [6, 6]);
  assert.deepEqual(await counted('checked_total'), [0, 0]);

  gate.open();
  for (const [i, id] of videos.entries()) assert.equal((await checked(i % 2 ? citizen : there, id)).state, 'sound');
  await until(async () => (await counted('running')).every((n) => n === 0), 'the end of it');
  const done = await counted('checked_total');
  assert.equal(done[0] + done[1], videos.length, 'each once');
  assert.ok(done.every((n) => n >= 1), `${done}`);
  assert.deepEqual(await counted('back_total'), [0, 0]);
  assert.deepEqual(await counted('waiting'), [0, 0]);
});
