/* Showing who one is by the national e-ID, in the browser: away to its provider, and back to /app/eid. */
import { useState } from 'preact/hooks';
import { post, Problem } from '../../shared/call';
import { useLoaded, useWatched } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { Button, FailedPage, Note, Title } from '../../shared/parts/ui';
import { recall } from '../lib/db';
import { deviceId } from '../lib/device';
import { signed } from '../lib/state';

const own = sayFrom({
  title: ['Cần xác thực bằng VNeID', 'Your e-ID is needed'],
  words: ['Hồ sơ có giá trị pháp lý nên cần biết chắc bạn là ai. Bạn sẽ sang trang định danh điện tử rồi quay lại đây.', 'A dossier has legal weight, so it must be sure who you are. You go to the e-ID page and come back here.'],
  go: ['Xác thực bằng VNeID', 'Show my e-ID'],
  dossiers: ['Xác thực để xem hồ sơ', 'Show your e-ID to see dossiers'],
  dossiersWords: ['Hồ sơ chỉ mở cho đúng người nộp. Đăng nhập bằng số điện thoại thì chưa xem được.', 'A dossier opens to who filed it. Signed in by phone alone, you do not see it yet.'],
  known: ['Số này có tài khoản đã xác thực', 'This number has a verified account'],
  knownWords: ['Máy này mới, nên phản ánh và hồ sơ cũ chưa hiện. Xác thực bằng VNeID là thấy lại tất cả.', 'This phone is new, so your earlier reports and dossiers are not shown yet. Show your e-ID and they are there.'],
});

const KEPT = 'tram.eid';

export interface EidAway {
  flow: string;
  secret: string;
  back: string;
}

/* Until one is back; this tab alone, and only until it was used. */
export function takeAway(): EidAway | undefined {
  const text = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return text ? (JSON.parse(text) as EidAway) : undefined;
}

type Why = 'dossiers' | 'known';

export function EidFirst({ back, why }: { back: string; why?: Why }) {
  const [problem, set] = useState<string>();
  const [busy, setBusy] = useState(false);
  const away = async () => {
    setBusy(true);
    set(undefined);
    try {
      const begun = await post('/v1/auth/eid', {}, { redirect: `${location.origin}/app/eid`, device_id: await deviceId() });
      sessionStorage.setItem(KEPT, JSON.stringify({ flow: begun.flow, secret: begun.secret, back } satisfies EidAway));
      location.assign(begun.authorization_url);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      set(error.message);
      setBusy(false);
    }
  };
  return (
    <section class="card">
      <h2>{own(why ?? 'title')}</h2>
      <p>{own(why ? `${why}Words` : 'words')}</p>
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <Button look="main" wide busy={busy} onClick={() => void away()}>
        {own('go')}
      </Button>
    </section>
  );
}

const needsEid = (error: unknown): boolean => error instanceof Problem && ['level-too-low', 'identity-needed'].includes(error.slug);

/* A page whose dossier was not given: signed in by phone alone, one is led to the e-ID and back here. */
export const NotShown = ({ title, up, error, again }: { title: string; up: string; error: unknown; again: () => void }) =>
  needsEid(error) ? (
    <>
      <Title up={up}>{title}</Title>
      <EidFirst back={location.pathname + location.search} why="dossiers" />
    </>
  ) : (
    <FailedPage title={title} up={up} error={error} again={again} />
  );

/* Where the number is a verified account's, and the phone one that it does not know: what is there needs the e-ID (sign-in.tsx keeps it). */
export function useKnownNumber(): boolean {
  const isSigned = useWatched(signed);
  return useLoaded(() => recall<boolean>('step-up'), `step-up ${isSigned}`).data === true;
}
