/*
 * Rights of whoever uses the app: agreeing and withdrawing, being erased and taking it back, acting for a child
 * (and no longer), complaining about a dossier. At a phone's size, held against axe.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { file } from '../api/lib/dossiers.mjs';
import { signInStaff } from '../api/lib/people.mjs';
import { eidClient } from '../api/lib/provider.mjs';
import { shot, until } from './lib/app.mjs';
import { startWithEid } from './lib/eid.mjs';
import { holder } from './lib/hold.mjs';

/* Words of strangers stay words. */
const CHILD = 'Bảo <img src=x onerror="window.hacked=1">';
const WORDS = 'Hẹn ba lần mà không ai tiếp. "><svg onload=window.hacked=2><script>window.hacked=3</script>{{7*7}}';

let rig, server, page, complaints, hold;

before(async () => {
  rig = await startWithEid();
  ({ server, page, complaints } = rig);
  hold = holder(page, complaints);
});
after(() => rig.stop());

const open = (at) => page.goto(`${server.origin}/app${at}`);

async function showCard() {
  await page.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
  await page.waitForURL('**/app/eid?*');
}

describe('my rights', () => {
  test('an e-ID that is refused leads back, and says that nothing has changed', async () => {
    await open('/account');
    await page.getByLabel('Số điện thoại của bạn').fill('+84912345941');
    await page.getByRole('button', { name: 'Nhận mã' }).click();
    await page.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode('+84912345941'));
    await page.getByRole('heading', { name: 'Cần xác thực bằng VNeID' }).waitFor();
    await open('/eid?error=access_denied&state=x');
    await page.getByText('Bạn đã dừng lại ở trang định danh').waitFor();
    await hold('eid-denied');
    await open('/account');
    await showCard();
    await page.waitForURL('**/app/account');
    await page.getByText('Đã xác thực bằng VNeID mức 2').waitFor();
  });

  test('on a second phone the number alone shows nothing of it; the e-ID does, and each signs the other out', async () => {
    const first = page;
    const { page: second, context } = await rig.phone();
    await second.goto(`${server.origin}/app/mine`);
    await second.getByLabel('Số điện thoại của bạn').fill('+84912345941');
    await second.getByRole('button', { name: 'Nhận mã' }).click();
    await second.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode('+84912345941'));
    await second.getByRole('heading', { name: 'Số này có tài khoản đã xác thực' }).waitFor();
    await holder(second, complaints)('mine-known-number');
    await second.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
    await second.getByRole('heading', { name: 'Số này có tài khoản đã xác thực' }).waitFor({ state: 'detached' });
    await second.waitForURL('**/app/mine');
    await second.goto(`${server.origin}/app/account/devices`);
    await second.getByText(/Chrome trên Linux/).nth(1).waitFor();
    await holder(second, complaints)('devices-two');
    await second.getByRole('button', { name: 'Đăng xuất máy đó' }).first().click();
    await until('one alone', async () => (await second.getByText(/Chrome trên Linux/).count()) === 1);
    await first.goto(`${server.origin}/app/mine`);
    await first.getByLabel('Số điện thoại của bạn').waitFor();
    /* The number opens the account where it is known; what is in dossiers needs the e-ID all the same. */
    await open('/account');
    await first.getByLabel('Số điện thoại của bạn').fill('+84912345941');
    await first.getByRole('button', { name: 'Nhận mã' }).click();
    await first.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode('+84912345941'));
    await first.getByText('Đã xác thực bằng VNeID mức 2').waitFor();
    await open('/mine?tab=dossiers');
    await first.getByRole('heading', { name: 'Xác thực để xem hồ sơ' }).waitFor();
    await first.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
    await first.getByText('Bạn chưa có hồ sơ nào').waitFor();
    await context.close();
    assert.deepEqual(complaints, []);
  });

  test('a copy of all is asked for and downloaded', async () => {
    await open('/account/copy');
    await page.getByRole('button', { name: 'Yêu cầu bản sao' }).click();
    await page.getByText(/\d\d:\d\d · /).waitFor();
    for (let left = 60; (await page.getByRole('link', { name: /^Tải về/ }).count()) === 0; left--) {
      assert.ok(left > 0, 'it was not made');
      await page.waitForTimeout(500);
      await page.reload();
      await page.getByText(/\d\d:\d\d · /).waitFor();
    }
    const [copy] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Tải về/ }).click()]);
    assert.match(copy.suggestedFilename(), /^tram-.*\.zip$/);
    assert.deepEqual(complaints, []);
  });

  test('what one may agree to is there in full, agreed to and withdrawn', async () => {
    await open('/account/consents');
    await page.getByRole('heading', { name: 'Bạn có thể đồng ý thêm' }).waitFor();
    await hold('purposes');
    const offered = await page.getByRole('button', { name: 'Đồng ý', exact: true }).count();
    await page.getByRole('button', { name: 'Đồng ý', exact: true }).first().click();
    await page.getByText('Đã đồng ý').first().waitFor();
    await until('one fewer', async () => (await page.getByRole('button', { name: 'Đồng ý', exact: true }).count()) === offered - 1);
    await page.getByRole('button', { name: 'Rút lại' }).first().click();
    await until('it again', async () => (await page.getByRole('button', { name: 'Đồng ý', exact: true }).count()) === offered);
    assert.deepEqual(complaints, []);
  });

  test('being erased is shown first, asked for, and taken back', async () => {
    await open('/account/erasure');
    await page.getByRole('heading', { name: 'Sẽ bị xoá' }).waitFor();
    await hold('erasure');
    assert.equal(await page.getByRole('button', { name: 'Yêu cầu xoá' }).isDisabled(), true);
    await page.getByLabel('Tôi đã đọc, và muốn xoá').check();
    await page.getByRole('button', { name: 'Yêu cầu xoá' }).click();
    await page.getByText('Bạn đã yêu cầu xoá ngày').waitFor();
    await hold('erasure-asked');
    await page.getByRole('button', { name: 'Rút yêu cầu' }).click();
    await page.getByRole('button', { name: 'Yêu cầu xoá' }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('a child is added; once the office has seen the papers, their parent reports for them', async () => {
    await open('/acting');
    await page.getByText('Bạn chưa làm thay ai').waitFor();
    await hold('acting');
    await page.getByRole('link', { name: 'Thêm con hoặc người tôi giám hộ' }).click();
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.locator('.error').first().waitFor();
    await hold('acting-child');
    await page.getByLabel('Họ và tên').fill(CHILD);
    await page.getByLabel('Ngày sinh').fill('2018-05-17');
    await page.getByLabel('Xã, phường xác nhận').selectOption('32025');
    await page.reload(); // as when a session ends: nothing that was typed is lost
    await until('what was typed', async () => (await page.getByLabel('Họ và tên').inputValue()) === CHILD);
    assert.equal(await page.getByLabel('Ngày sinh').inputValue(), '2018-05-17');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('heading', { name: CHILD }).waitFor();
    await page.getByText('Chờ xã, phường xác nhận').waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((one) => one.startsWith('tram.typed.'))), [], 'what was sent is not kept');

    const officer = await signInStaff(server, 'officer.demo');
    const waiting = (await officer.get('/v1/desk/mandates')).json.items;
    assert.equal(waiting.length, 1);
    assert.equal((await officer.post(`/v1/desk/mandates/${waiting[0].id}/steps/verify`, { json: { note: 'Giấy khai sinh bản chính' } })).status, 200);
    await page.reload();
    await page.getByRole('button', { name: 'Làm thay' }).click();
    await page.getByText(`Bạn đang làm thay cho ${CHILD}.`).waitFor();
    await page.getByText('Bạn chưa gửi phản ánh nào').waitFor();
    await hold('acting-now');
    await open('/report');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Xã, phường').selectOption('32025');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Điện, chiếu sáng').check();
    await page.getByRole('group', { name: /điện giật/ }).getByLabel('Không').check();
    await page.getByLabel('Kể ngắn gọn').fill('Đèn trước cổng trường không sáng');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText(`Phản ánh này được gửi thay cho ${CHILD}.`).waitFor();
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Đã gửi' }).waitFor();
    await page.getByRole('link', { name: 'Theo dõi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Diễn biến' }).waitFor();
    await page.getByRole('button', { name: 'Thôi' }).click();
    await page.getByText('Bạn chưa gửi phản ánh nào').waitFor();
    assert.equal(await page.getByText('Bạn đang làm thay').count(), 0);
    await open('/acting');
    await page.getByRole('button', { name: 'Chấm dứt' }).click();
    await page.getByText('Đã chấm dứt').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Làm thay' }).count(), 0);
    assert.deepEqual(complaints, []);
  });

  test('a complaint about a dossier goes to who leads the desk, and is followed there', async () => {
    const an = await eidClient(server, rig.provider, 'an');
    const dossier = await file(an);
    await open(`/dossiers/${dossier.id}`);
    await page.getByRole('button', { name: 'Phản ánh việc giải quyết' }).click();
    await page.getByLabel('Nội dung').fill(WORDS);
    await hold('complaint');
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await page.getByText(WORDS).waitFor();
    await page.getByText('Mới gửi').waitFor();
    await hold('complaint-filed');
    const leader = await signInStaff(server, 'leader.demo');
    const [complaint] = (await leader.get(`/v1/dossiers/${dossier.id}/complaints`)).json.items;
    for (const verb of ['take', 'answer']) {
      const done = await leader.post(`/v1/complaints/${complaint.id}/steps/${verb}`, { json: verb === 'answer' ? { note: WORDS } : {}, headers: { 'idempotency-key': `${verb}-${complaint.id}` } });
      assert.equal(done.status, 200, done.text);
    }
    await page.reload();
    await page.getByText('Đã trả lời').waitFor();
    await page.getByRole('button', { name: 'Đánh giá' }).waitFor();
    await hold('complaint-answered');
  });
});
