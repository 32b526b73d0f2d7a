/* Who did what to accounts, rosters and the province's tables, newest first. */
import type { StaffAct } from '../../api';
import { get } from '../../shared/call';
import { agencyName, type Catalogue } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading } from '../../shared/parts/ui';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Filter } from '../parts/filters';
import { say } from '../words';
import { detailWords, verbWord } from './act-words';
import { Frame } from './frame';
import { go, useWhere } from '../../shared/router';

const own = sayFrom({
  lead: ['Mọi thay đổi về tài khoản, lịch trực và thiết lập, kể cả thay đổi làm tại máy chủ.', 'Every change of accounts, rosters and the set-up, also of what was done at the server.'],
  none: ['Chưa có thay đổi nào.', 'Nothing was changed yet.'],
  operator: ['tại máy chủ', 'at the server'],
  by: ['{0} · {1}', '{0} · {1}'],
});

function One({ act, catalogue }: { act: StaffAct; catalogue: Catalogue | undefined }) {
  const detail = detailWords(act, catalogue);
  return (
    <li class="letter">
      <div class="grow stack tight">
        <p>
          <strong>{verbWord(act.verb)}</strong>
          {act.to_user && ` ${act.to_user}`}
        </p>
        {detail && <p class="wrap-anywhere">{detail}</p>}
        <p class="soft small">
          {own('by', act.by ? (act.by_user ?? '') : own('operator'), agencyName(catalogue, act.agency))}
        </p>
      </div>
      {act.at && <time class="soft small">{momentOf(act.at)}</time>}
    </li>
  );
}

/* `at`: the address of those of an agency; undefined: one's own agency alone. */
export function Acts({ at }: { at: ((agency: string) => string) | undefined }) {
  const { query } = useWhere();
  const catalogue = useCatalogue().data;
  const agency = query.get('agency') ?? undefined;
  const list = usePages<StaffAct>((cursor) => get('/v1/staff-acts', {}, { limit: 50, ...(agency && { agency }), ...(cursor && { cursor }) }), `acts ${agency}`);
  return (
    <>
      <p class="soft">{own('lead')}</p>
      {at && (
        <div class="narrowing">
          <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={agency} set={(_, value) => go(at(value), true)} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />
        </div>
      )}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="list" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="lines-list">
          {list.items.map((one) => (
            <One key={one.id} act={one} catalogue={catalogue} />
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </>
  );
}

export const Log = ({ over }: { over: boolean }) => (
  <Frame part="log" over={over}>
    <Acts at={over ? (agency) => `/desk/admin/log${agency && `?agency=${encodeURIComponent(agency)}`}` : undefined} />
  </Frame>
);
