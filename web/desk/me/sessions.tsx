/* Where I am signed in; what I do not know is signed out from here. */
import { useState } from 'preact/hooks';
import type { SessionList } from '../../api';
import { get, remove } from '../../shared/call';
import { ago, momentOf } from '../../shared/format';
import { Button, Failed, Loading, Note, Tag } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { useSending } from '../lib/sending';
import { goAway } from '../session/state';

const own = sayFrom({
  title: ['Nơi đang đăng nhập', 'Where you are signed in'],
  lead: ['Nếu có nơi bạn không nhận ra, hãy đăng xuất nơi đó rồi đổi mật khẩu.', 'If there is one that you do not recognise, sign it out, then change your password.'],
  this: ['Máy này', 'This one'],
  unnamed: ['Thiết bị không tên', 'A device without a name'],
  since: ['từ {0}', 'since {0}'],
  seen: ['dùng {0}', 'used {0}'],
  out: ['Đăng xuất', 'Sign out'],
  outOf: ['Đăng xuất {0}, từ {1}', 'Sign out {0}, since {1}'],
  others: ['Đăng xuất mọi nơi khác', 'Sign out everywhere else'],
});

type Session = SessionList['items'][number];

export function Sessions() {
  const loaded = useLoaded(async () => (await get('/v1/me/sessions')).items, 'sessions');
  const sending = useSending();
  const [gone, setGone] = useState<string[]>([]);
  const sessions = (loaded.data ?? []).filter((one) => !gone.includes(one.id));
  const others = sessions.filter((one) => !one.this);
  const end = (ones: Session[]) =>
    void sending.run(async () => {
      for (const one of ones) {
        await remove('/v1/me/sessions/{id}', { id: one.id });
        setGone((now) => [...now, one.id]);
      }
    });
  return (
    <section class="card" aria-labelledby="sessions-title">
      <div class="row spread">
        <h2 id="sessions-title">{own('title')}</h2>
        {others.length > 1 && (
          <Button busy={sending.busy} onClick={() => end(others)}>
            {own('others')}
          </Button>
        )}
      </div>
      <p class="soft">{own('lead')}</p>
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      {loaded.error ? <Failed error={loaded.error} again={loaded.again} /> : !loaded.data && <Loading />}
      <ul id="sessions">
        {sessions.map((one) => (
          <li key={one.id} class="key-row">
            <div class="grow">
              <strong>{one.device ?? own('unnamed')}</strong> {one.this && <Tag tone="good">{own('this')}</Tag>}
              <p class="small soft">
                {own('since', momentOf(one.created_at))} · {own('seen', ago(one.seen_at))}
              </p>
            </div>
            <Button look="quiet" aria-label={own('outOf', one.device ?? own('unnamed'), momentOf(one.created_at))} disabled={sending.busy} onClick={() => (one.this ? void goAway() : end([one]))}>
              {own('out')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
