/* Who did what to accounts, rosters and the province's tables, newest first. */
import type { StaffAct } from '../../api';
import { get } from '../../shared/call';
import { agencyName } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading } from '../../shared/parts/ui';
import { named, sayFrom, type Words } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Filter } from '../parts/filters';
import { say } from '../words';
import { Frame } from './frame';
import { go, useWhere } from '../../shared/router';

const own = sayFrom({
  lead: ['Mọi thay đổi về tài khoản, lịch trực và thiết lập, kể cả thay đổi làm tại máy chủ.', 'Every change of accounts, rosters and the set-up, also of what was done at the server.'],
  none: ['Chưa có thay đổi nào.', 'Nothing was changed yet.'],
  operator: ['tại máy chủ', 'at the server'],
  by: ['{0} · {1}', '{0} · {1}'],
});

/* domain/staff, handlers/admin: the verbs of acts. */
const verbs = {
  make: ['Tạo tài khoản', 'An account was made'],
  edit: ['Sửa tài khoản', 'An account was changed'],
  end: ['Kết thúc tài khoản', 'An account was ended'],
  enable: ['Mở lại tài khoản', 'An account was enabled'],
  password: ['Đặt mật khẩu', 'A password was set'],
  code: ['Cấp mã mở tài khoản', 'A new code was given'],
  activate: ['Mở tài khoản lần đầu', 'An account was opened'],
  recovery_used: ['Dùng mã khôi phục', 'A recovery code was used'],
  reset_ask: ['Xin mở lại tài khoản', 'A reset was asked for'],
  reset_confirm: ['Xác nhận mở lại tài khoản', 'A reset was confirmed'],
  reset_drop: ['Bỏ yêu cầu mở lại', 'A reset was dropped'],
  deputy: ['Uỷ quyền', 'A deputy was named'],
  deputy_end: ['Thôi uỷ quyền', 'A deputy was ended'],
  roster: ['Sửa lịch trực', 'The duty roster was changed'],
  handover: ['Bàn giao việc', 'Cases were handed over'],
  agency_edit: ['Sửa cơ quan', 'An agency was changed'],
  agency_import: ['Nạp cơ quan', 'Agencies were imported'],
  category_edit: ['Sửa lĩnh vực', 'A category was changed'],
  category_import: ['Nạp lĩnh vực', 'Categories were imported'],
  route_edit: ['Sửa tuyến', 'A route was changed'],
  route_remove: ['Bỏ tuyến', 'A route was taken away'],
  route_import: ['Nạp tuyến', 'Routes were imported'],
  procedure_import: ['Nạp thủ tục', 'Procedures were imported'],
  calendar_set: ['Đặt lịch làm việc', 'The calendar was set'],
  area_set: ['Đặt địa giới', 'Borders were set'],
  webhook_key: ['Tạo khoá ký webhook', 'A webhook secret was made'],
  dead_replay: ['Gửi lại thư', 'A letter was tried again'],
  dead_drop: ['Bỏ thư', 'A letter was dropped'],
} as const satisfies Words;
const verbWord = (verb: string | undefined): string => (verb && verb in verbs ? sayFrom(verbs)(verb as keyof typeof verbs) : (verb ?? ''));

function One({ act, agency }: { act: StaffAct; agency: string }) {
  return (
    <li class="letter">
      <div class="grow stack tight">
        <p>
          <strong>{verbWord(act.verb)}</strong>
          {act.to_user && ` ${act.to_user}`}
        </p>
        {act.detail && <p class="wrap-anywhere">{act.detail}</p>}
        <p class="soft small">
          {own('by', act.by ? (act.by_user ?? '') : own('operator'), agency)}
        </p>
      </div>
      {act.at && <time class="soft small">{momentOf(act.at)}</time>}
    </li>
  );
}

export function Log({ over }: { over: boolean }) {
  const { query } = useWhere();
  const catalogue = useCatalogue().data;
  const agency = query.get('agency') ?? undefined;
  const list = usePages<StaffAct>((cursor) => get('/v1/staff-acts', {}, { limit: 50, ...(agency && { agency }), ...(cursor && { cursor }) }), `acts ${agency}`);
  return (
    <Frame part="log" over={over}>
      <p class="soft">{own('lead')}</p>
      {over && (
        <div class="narrowing">
          <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={agency} set={(_, value) => go(`/desk/admin/log${value && `?agency=${encodeURIComponent(value)}`}`, true)} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />
        </div>
      )}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="list" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="lines-list">
          {list.items.map((one) => (
            <One key={one.id} act={one} agency={agencyName(catalogue, one.agency)} />
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </Frame>
  );
}
