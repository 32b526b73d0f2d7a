/*
 * Members of an organisation, in the app: registered, confirmed by its office, invited, raised, taken out; being
 * invited, accepting, leaving. Held against axe at both sizes and in large type; names are hostile.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signInStaff } from '../api/lib/people.mjs';
import { eidClient } from '../api/lib/provider.mjs';
import { until } from './lib/app.mjs';
import { AN, startWithEid } from './lib/eid.mjs';
import { holder } from './lib/hold.mjs';

const NAME = 'Hộ Tôm Khô <img src=x onerror="window.hacked=1">';
const THEIRS = 'Công ty Cua "><svg onload=window.hacked=2><script>window.hacked=3</script>';
const CARDS = { minh: '096085000077', lan: '096085000078' };

let rig, server, page, complaints, minh, lan, hold;

before(async () => {
  rig = await startWithEid();
  ({ server, page, complaints } = rig);
  rig.provider.people.set('minh', { card_no: CARDS.minh, name: 'Trần Văn Minh', birthdate: '1985-01-02', assurance: 'two' });
  rig.provider.people.set('lan', { card_no: CARDS.lan, name: 'Phạm Thị Lan', birthdate: '1985-01-02', assurance: 'two' });
  [minh, lan] = [await eidClient(server, rig.provider, 'minh'), await eidClient(server, rig.provider, 'lan')];
  hold = holder(page, complaints);
});
after(() => rig.stop());

const open = (at) => page.goto(`${server.origin}/app${at}`);
const done = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.json);
const confirm = async (id) => done(await (await signInStaff(server, 'officer.demo')).post(`/v1/desk/organisations/${id}/steps/confirm`, { json: { note: 'Giấy chứng nhận bản chính' } }));
const dialog = () => page.getByRole('dialog');

describe('members of an organisation', () => {
  let org;

  test('it is registered, and waits for the office of its commune', async () => {
    await open('/acting');
    await page.getByLabel('Số điện thoại của bạn').fill('+84912345961');
    await page.getByRole('button', { name: 'Nhận mã' }).click();
    await page.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode('+84912345961'));
    await page.getByRole('heading', { name: 'Cần xác thực bằng VNeID' }).waitFor();
    /* A form that wants the e-ID leads to it, and what was typed comes along to the account that one has. */
    await open('/acting/organisation');
    await page.getByLabel('Tên đăng ký').fill(NAME);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
    await page.waitForURL('**/app/eid?*');
    await page.waitForURL('**/app/acting/organisation');
    await until('what was typed', async () => (await page.getByLabel('Tên đăng ký').inputValue()) === NAME);
    await open('/acting');
    await page.getByText('Bạn chưa làm thay ai').waitFor();
    await page.getByRole('link', { name: 'Đăng ký tổ chức, hộ kinh doanh' }).click();
    await page.getByLabel('Mã số thuế').fill(AN.card_no);
    await page.getByLabel('Tên đăng ký').fill(NAME);
    await page.getByLabel('Xã, phường đăng ký').selectOption('32025');
    await hold('organisation-new');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('link', { name: NAME }).click();
    await page.getByText('đang xem giấy tờ').waitFor();
    org = page.url().split('/').pop();
    assert.equal(await page.getByRole('button', { name: 'Mời thành viên' }).count(), 0, 'nobody is invited before');
    await hold('organisation-pending');
    await confirm(org);
    await page.reload();
    await page.getByText('Mới có một mình bạn').waitFor();
    await hold('organisation-alone');
  });

  test('somebody is invited by a number, and is a member once they accept', async () => {
    await page.getByRole('button', { name: 'Mời thành viên' }).click();
    await dialog().getByRole('button', { name: 'Gửi lời mời' }).click();
    await dialog().getByText('Hãy điền ô này.').waitFor();
    await hold('organisation-invite');
    await dialog().getByLabel('Số căn cước', { exact: true }).check();
    await dialog().getByRole('textbox').fill(CARDS.minh);
    await dialog().getByLabel(/Người xem/).check();
    await dialog().getByRole('button', { name: 'Gửi lời mời' }).click();
    await page.getByText(/^Đã mời, chờ nhận đến/).waitFor();
    await dialog().waitFor({ state: 'detached' });
    const [{ invitation }] = done(await minh.get('/v1/me/organisations')).items;
    done(await minh.post(`/v1/organisations/${org}/members/${invitation}/accept`));
    await page.reload();
    await page.getByRole('heading', { name: 'Trần Văn Minh' }).waitFor();
    await hold('organisation-members');
  });

  test('what a member may do is changed; who is not to be one any more is taken out', async () => {
    await page.getByRole('button', { name: 'Đổi vai trò: Trần Văn Minh' }).click();
    assert.equal(await dialog().getByLabel(/Người xem/).isChecked(), true);
    await dialog().getByLabel(/Người làm hồ sơ/).check();
    await hold('organisation-role');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.equal(done(await minh.get('/v1/me/organisations')).items[0].role, 'prepares');
    await page.getByRole('button', { name: 'Đưa ra: Trần Văn Minh' }).click();
    await dialog().getByRole('button', { name: 'Đưa ra' }).click();
    await page.getByText('Trước đây (1)').waitFor();
    assert.deepEqual(done(await minh.get('/v1/me/organisations')).items, []);
    await page.getByText(/đưa Trần Văn Minh ra/).waitFor();
    await page.getByText('Trước đây (1)').click();
    await hold('organisation-former');
  });

  test('its last representative does not leave, and is told what to do first', async () => {
    await page.getByRole('button', { name: 'Rời tổ chức' }).click();
    await dialog().getByRole('button', { name: 'Rời tổ chức' }).click();
    await dialog().getByText('hãy cử người khác trước').waitFor();
    await dialog().getByRole('button', { name: 'Huỷ' }).click();
  });

  test('an invitation of another is accepted; who only reads changes nothing, and leaves', async () => {
    const { id } = done(await lan.post('/v1/me/organisations', { json: { kind: 'enterprise', tax_code: '0300588569', name: THEIRS, commune: '32025' } }), 201);
    await confirm(id);
    done(await lan.post(`/v1/organisations/${id}/members`, { json: { card: AN.card_no, role: 'reads' } }));
    await open('/notices');
    await page.getByRole('button', { name: /mời bạn/ }).first().click();
    await page.waitForURL('**/app/acting');
    await page.getByRole('heading', { name: `${THEIRS} mời bạn` }).waitFor();
    await hold('organisation-invited');
    await page.getByRole('button', { name: 'Nhận', exact: true }).click();
    await page.getByRole('link', { name: THEIRS }).click();
    await page.getByRole('heading', { name: 'Phạm Thị Lan' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^(Mời|Đổi|Đưa)/ }).count(), 0);
    await hold('organisation-as-reader');
    await page.getByRole('button', { name: 'Rời tổ chức' }).click();
    await dialog().getByRole('button', { name: 'Rời tổ chức' }).click();
    await page.waitForURL('**/app/acting');
    await page.getByRole('link', { name: NAME }).waitFor();
    assert.equal(await page.getByText(THEIRS).count(), 0);
    assert.deepEqual(complaints, []);
  });
});
