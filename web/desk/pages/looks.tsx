/* Who looked at people's data, at what and why, newest first: for inspectors. */
import type { InspectedLook, Me } from '../../api';
import { agencyName, type Catalogue } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Filter } from '../parts/filters';
import { roleWord, say } from '../words';

const own = sayFrom({
  lead: ['Mỗi lần cán bộ xem dữ liệu của người dân. Người dân cũng thấy lần xem của mình.', 'Each look of an official at people’s data. Whose data it is sees it, too.'],
  none: ['Chưa có lần xem nào.', 'Nobody has looked yet.'],
  number: ['{0} · {1}', '{0} · {1}'],
});

function One({ look, catalogue }: { look: InspectedLook; catalogue: Catalogue | undefined }) {
  return (
    <li class="letter">
      <div class="grow stack tight">
        <p>
          <strong>{look.number ? own('number', look.words, look.number) : look.words}</strong>
        </p>
        {look.reason && <p class="lines said">{look.reason}</p>}
        <p class="soft small">{[look.officer, look.title ?? roleWord(look.role), agencyName(catalogue, look.agency)].filter(Boolean).join(' · ')}</p>
      </div>
      {look.at && <time class="soft small">{momentOf(look.at)}</time>}
    </li>
  );
}

export default function LooksPage({ where }: { where: Where; me: Me }) {
  const catalogue = useCatalogue().data;
  const agency = where.query.get('agency') ?? undefined;
  const list = usePages<InspectedLook>((cursor) => get('/v1/inspect/looks', {}, { limit: 50, ...(agency && { agency }), ...(cursor && { cursor }) }), `looks ${agency}`);
  return (
    <div class="stack">
      <Title>{say('looks')}</Title>
      <p class="soft">{own('lead')}</p>
      <div class="narrowing">
        <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={agency} set={(_, value) => go(`/desk/looks${value && `?agency=${encodeURIComponent(value)}`}`, true)} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />
      </div>
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="eye" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="lines-list">
          {list.items.map((one) => (
            <One key={one.id} look={one} catalogue={catalogue} />
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </div>
  );
}
