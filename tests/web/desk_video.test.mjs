/* The desk plays the video of a report, and says that one is still being checked, or was refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeVideo } from '../api/lib/make-video.mjs';
import { fileReport, signInCitizen } from '../api/lib/people.mjs';
import { sendVideo, takeVideo } from '../api/lib/videos.mjs';
import { axe, until } from './lib/app.mjs';
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
  await page.getByRole('button', { name: /^Video/ }).first().click();
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
