/* What I was told, newest first; unread ones are marked, and read when they are opened. */
import { useEffect, useState } from 'preact/hooks';
import type { Notice } from '../../api';
import { get, post } from '../../shared/call';
import { ago } from '../../shared/format';
import { language, sayFrom } from '../../shared/words';
import { countUnread } from '../lib/live';
import { go } from '../../shared/router';
import { news, signed } from '../lib/state';
import { useLoaded, useWatched } from '../../shared/store';
import { say } from '../lib/words';
import { SignInFirst } from '../parts/sign-in';
import { More, Trouble, useAct } from '../parts/whole';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';

const own = sayFrom({
  none: ['Chưa có thông báo nào', 'No notices yet'],
  noneWords: ['Khi phản ánh hay hồ sơ của bạn có tiến triển, tin sẽ hiện ở đây.', 'When something happens to a report or dossier of yours, it is told here.'],
  unread: ['Chưa đọc', 'Unread'],
  readAll: ['Đánh dấu đã đọc tất cả', 'Mark all as read'],
});

/* Where one does something about it; what is about the account is named "organisation_invite" and the like. */
const places: Record<string, string> = {
  organisation: '/app/acting',
  mandate: '/app/acting',
  draft: '/app/mine?tab=dossiers',
  document: '/app/account/documents',
  export: '/app/account/copy',
  erasure: '/app/account/erasure',
  consent: '/app/account/consents',
};

async function placeOf(notice: Notice): Promise<string | undefined> {
  if (notice.about && notice.subject === 'report') return `/app/reports/${notice.about}`;
  if (notice.about && notice.subject === 'dossier') return `/app/dossiers/${notice.about}`;
  if (notice.about && notice.subject === 'complaint') {
    const { dossier } = await get('/v1/complaints/{id}', { id: notice.about });
    return `/app/dossiers/${dossier}?complaint=${notice.about}`;
  }
  return places[notice.subject ?? ''] ?? places[notice.what?.split('_')[0] ?? ''];
}

async function read(notice: Notice): Promise<void> {
  if (!notice.read_at) await post('/v1/notices/{id}/read', { id: notice.id }, undefined);
}

function OneNotice({ notice }: { notice: Notice }) {
  const [problem, act] = useAct();
  const open = () =>
    act(async () => {
      const place = await placeOf(notice);
      if (place) go(place);
      await read(notice);
      void countUnread();
    });
  return (
    <li>
      <Trouble words={problem} />
      <button type="button" class={notice.read_at ? 'card notice' : 'card notice unread'} onClick={() => void open()}>
        <span>{(language() === 'en' && notice.text_en) || notice.text_vi}</span>
        <span class="small soft">
          {!notice.read_at && <strong>{own('unread')} · </strong>}
          {[notice.number, notice.at && ago(notice.at)].filter(Boolean).join(' · ')}
        </span>
      </button>
    </li>
  );
}

function List() {
  const turn = useWatched(news);
  const first = useLoaded(() => get('/v1/notices', {}, { limit: 30 }), `notices ${turn}`);
  const [last, setLast] = useState<Notice[]>();
  const [problem, act] = useAct();
  const [more, setMore] = useState<{ items: Notice[]; next: string | undefined }>();
  useEffect(() => {
    if (!first.data) return;
    setLast(first.data.items);
    setMore({ items: [], next: first.data.next });
  }, [first.data]);
  if (first.error && !last) return <Failed error={first.error} again={first.again} />;
  if (!last) return <Loading />;
  const items = [...last, ...(more?.items ?? [])];
  if (items.length === 0)
    return (
      <Empty icon="bell" title={own('none')}>
        <p>{own('noneWords')}</p>
      </Empty>
    );
  const next = async () => {
    const page = await get('/v1/notices', {}, { limit: 30, cursor: more?.next ?? '' });
    setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next });
  };
  const readAll = () => act(() => Promise.all(items.map(read)).finally(() => (void countUnread(), first.again())));
  return (
    <>
      <Trouble words={problem} />
      {items.some((one) => !one.read_at) && (
        <Button look="quiet" icon="check" onClick={() => void readAll()}>
          {own('readAll')}
        </Button>
      )}
      <ul class="stack tight">
        {items.map((one) => (
          <OneNotice key={one.id} notice={one} />
        ))}
      </ul>
      {more?.next && <More load={next} />}
    </>
  );
}

export default function Notices() {
  const isSigned = useWatched(signed);
  return (
    <>
      <Title up="/">{say('notices')}</Title>
      {isSigned === false ? <SignInFirst /> : isSigned && <List />}
    </>
  );
}
