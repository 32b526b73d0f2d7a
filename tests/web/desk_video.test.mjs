/* The desk plays the video of a report, and says that one is still being checked, or was refused. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { makeVideo } from '../api/lib/make-video.mjs';
import { fileReport, signInCitizen } from '../api/lib/people.mjs';
import { sendVideo, takeVideo } from '../api/lib/videos.mjs';
import { axe, overflow, until } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk();

test('an officer plays the video of a report, and learns why another is not there', async () => {
  const citizen = await signInCitizen(desk.server, '+84912345931');
  const { id } = await takeVideo(citizen, makeVideo({ seconds: 3 }));
  const broken = await sendVideo(citizen, makeVideo().subarray(0, 9000));
  const report = await fileReport(citizen, { photos: [id, broken] });
  const { page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900, at: `/desk/reports/${report.id}` });
  await page.getByText(/^Video: Tệp bị/).waitFor();
  await desk.shot(page, 'report-video-1440');
  await page.getByRole('button', { name: 'Phát video 1' }).click();
  const film = page.locator('dialog[open] video');
  await film.evaluate((one) => {
    one.muted = true;
    return one.play();
  });
  await until('the film to move', () => film.evaluate((one) => one.currentTime > 0.2));
  await desk.shot(page, 'report-video-playing-1440');
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(complaints, []);
});

/* Asks for the original of the film on the page with a reason. */
async function lookAtOriginal(page, why) {
  await page.getByRole('button', { name: 'Xem video gốc' }).click();
  await page.getByLabel('Vì sao cần xem video gốc').fill(why);
  await page.locator('form').getByRole('button', { name: 'Xem video gốc' }).click();
  const dialog = page.getByRole('dialog', { name: 'Video gốc 1' });
  await dialog.getByText('Video gốc, chỉ hiện ở đây.').waitFor();
  return dialog;
}

test('the original of a video is seen with a reason, which its sender reads', async () => {
  const citizen = await signInCitizen(desk.server, '+84912345932');
  const { id } = await takeVideo(citizen, makeVideo({ seconds: 3 }));
  const report = await fileReport(citizen, { photos: [id] });
  const { page, complaints } = await desk.tab('officer.demo', { width: 360, height: 640, at: `/desk/reports/${report.id}` });
  await page.getByRole('button', { name: 'Xem video gốc' }).click();
  await page.locator('form').getByRole('button', { name: 'Xem video gốc' }).click();
  await page.getByText('Hãy điền ô này.').waitFor();
  await desk.shot(page, 'video-original-asked-360');
  await page.locator('form').getByRole('button', { name: 'Thôi' }).click();
  assert.deepEqual((await citizen.get('/v1/me/looks')).json.items, []);
  const dialog = await lookAtOriginal(page, 'Cần đọc biển số xe');
  await until('the original to play', () => dialog.locator('video').evaluate((one) => one.readyState >= 2 && one.src.startsWith('blob:')));
  await desk.shot(page, 'video-original-360');
  assert.equal(await overflow(page), 0);
  assert.deepEqual(await axe(page), []);
  await page.setViewportSize({ width: 1440, height: 900 });
  await desk.shot(page, 'video-original-1440');
  await dialog.getByRole('button', { name: 'Đóng' }).click();
  await page.getByRole('button', { name: 'Xem video gốc' }).waitFor(); // once more: with a reason of its own
  await desk.shot(page, 'video-original-closed-1440');
  const looks = (await citizen.get('/v1/me/looks')).json.items;
  assert.deepEqual(looks.map((one) => [one.what, one.reason]), [[['original'], 'Cần đọc biển số xe']]);
  assert.deepEqual(complaints, []);
});

test('an original that the browser cannot play is saved under its own name', async () => {
  const citizen = await signInCitizen(desk.server, '+84912345933');
  const film = makeVideo({ type: 'mov', codec: 'mpeg4' });
  const { id } = await takeVideo(citizen, film, 'video/quicktime', 'bến phà.mov');
  const report = await fileReport(citizen, { photos: [id] });
  const { page } = await desk.tab('officer.demo', { width: 1440, height: 900, at: `/desk/reports/${report.id}` });
  const dialog = await lookAtOriginal(page, 'Xem bản nét hơn');
  await dialog.getByText('không phát được video gốc').waitFor();
  await desk.shot(page, 'video-original-unplayed-1440');
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Lưu tệp/ }).click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), 'bến phà.mov');
  assert.ok(fs.readFileSync(await saved.path()).equals(film));
});
