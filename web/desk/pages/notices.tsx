/* What I was told, newest first; opening one marks it as read. */
import { useState } from 'preact/hooks';
import type { Notice } from '../../api';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';
import { go } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { usePages } from '../lib/pages';
import { markRead, noticeHref, noticeWords } from '../lib/live';
import { say } from '../words';

const own = sayFrom({
  none: ['Chưa có thông báo nào.', 'Nothing to tell yet.'],
  readAll: ['Đánh dấu đã đọc hết', 'Mark all as read'],
});

export default function NoticesPage() {
  const list = usePages<Notice>((cursor) => get('/v1/notices', {}, { limit: 50, ...(cursor && { cursor }) }), 'notices');
  const [busy, setBusy] = useState(false);
  const open = (one: Notice) => {
    void markRead([one]).catch(() => undefined); // it stays unread, and that is all
    const href = noticeHref(one);
    if (href) go(href);
    else list.again();
  };
  const all = () => {
    setBusy(true);
    void markRead(list.items ?? [])
      .catch(() => undefined) // what was not marked is shown as before
      .then(() => (list.again(), setBusy(false)));
  };
  return (
    <div class="narrow-page stack">
      <Title
        beside={
          list.items?.some((one) => !one.read_at) && (
            <Button look="quiet" icon="check" busy={busy} onClick={all}>
              {own('readAll')}
            </Button>
          )
        }
      >
        {say('notices')}
      </Title>
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="bell" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="card list">
          {list.items.map((one) => (
            <li key={one.id}>
              <button type="button" class={one.read_at ? 'told' : 'told fresh'} onClick={() => open(one)}>
                <span class="grow">{noticeWords(one)}</span>
                {one.at && <time dateTime={one.at}>{momentOf(one.at)}</time>}
              </button>
            </li>
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </div>
  );
}
