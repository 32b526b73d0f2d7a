/* My papers that offices accepted or issued: each serves again while it holds. */
import { get, Problem } from '../../shared/call';
import { dateOf } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { useLoaded } from '../../shared/store';
import { EidFirst } from './eid-first';
import { Empty, Failed, Loading, Tag } from '../../shared/parts/ui';

const own = sayFrom({
  none: ['Kho giấy tờ còn trống', 'There are no papers yet'],
  noneWords: ['Giấy tờ được tiếp nhận trong một hồ sơ, và kết quả bạn nhận, sẽ nằm ở đây để dùng lại.', 'Papers that were accepted in a dossier, and results that you get, are here for the next one.'],
  accepted: ['Đã được {0} kiểm tra', 'Verified by {0}'],
  issued: ['Do {0} cấp', 'Issued by {0}'],
  until: ['Có giá trị đến {0}', 'Valid until {0}'],
  holds: ['Dùng được', 'Holds'],
  over: ['Hết giá trị', 'No longer holds'],
});

export function Documents() {
  const list = useLoaded(() => get('/v1/documents', {}, { limit: 50 }), 'documents');
  if (list.error instanceof Problem && list.error.status === 403) return <EidFirst back="/app/account/documents" />;
  if (list.error && !list.data) return <Failed error={list.error} again={list.again} />;
  if (!list.data) return <Loading />;
  if (list.data.items.length === 0)
    return (
      <Empty icon="paper" title={own('none')}>
        <p>{own('noneWords')}</p>
      </Empty>
    );
  return (
    <div class="stack tight">
      {list.data.items.map((one) => (
        <article key={one.id} class="card">
          <h2>{[one.name, one.number].filter(Boolean).join(' · ')}</h2>
          {one.holder && <p>{one.holder}</p>}
          <div class="row small soft">
            <Tag tone={one.stands ? 'good' : 'plain'}>{one.stands ? own('holds') : own('over')}</Tag>
            {one.office_name && <span>{own(one.origin === 'issued' ? 'issued' : 'accepted', one.office_name)}</span>}
            {one.valid_until && <span>{own('until', dateOf(one.valid_until))}</span>}
          </div>
          {!one.stands && one.why_words && <p class="small">{one.why_words}</p>}
        </article>
      ))}
    </div>
  );
}
