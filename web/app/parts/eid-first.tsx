/* Showing who one is by the national e-ID, in the browser: away to its provider, and back to /app/eid. */
import { useState } from 'preact/hooks';
import { post, Problem } from '../../shared/call';
import { sayFrom } from '../../shared/words';
import { Button, Note } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Cần xác thực bằng VNeID', 'Your e-ID is needed'],
  words: ['Hồ sơ có giá trị pháp lý nên cần biết chắc bạn là ai. Bạn sẽ sang trang định danh điện tử rồi quay lại đây.', 'A dossier has legal weight, so it must be sure who you are. You go to the e-ID page and come back here.'],
  go: ['Xác thực bằng VNeID', 'Show my e-ID'],
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

export function EidFirst({ back }: { back: string }) {
  const [problem, set] = useState<string>();
  const [busy, setBusy] = useState(false);
  const away = async () => {
    setBusy(true);
    set(undefined);
    try {
      const begun = await post('/v1/auth/eid', {}, { redirect: `${location.origin}/app/eid` });
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
      <h2>{own('title')}</h2>
      <p>{own('words')}</p>
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
