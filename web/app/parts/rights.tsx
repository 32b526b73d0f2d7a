/* What I may agree to, and being erased. */
import { useState } from 'preact/hooks';
import { get, post, remove } from '../../shared/call';
import { dateOf } from '../../shared/format';
import { Button, Check, Note } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { language, sayFrom } from '../../shared/words';
import { freshKey } from '../../shared/call';
import { Trouble, useAct, Whole } from './whole';

const own = sayFrom({
  may: ['Bạn có thể đồng ý thêm', 'You may also agree'],
  agree: ['Đồng ý', 'I agree'],
  goes: ['Sẽ bị xoá', 'What goes'],
  kept: ['Luật buộc giữ lại', 'What the law keeps'],
  blocked: ['Chưa xoá được khi còn', 'Not while there is'],
  until: ['{0} · {1} · đến {2}', '{0} · {1} · until {2}'],
  forever: ['{0} · {1}', '{0} · {1}'],
  wait: ['Sau khi yêu cầu, bạn có {0} ngày để đổi ý. Sau đó không lấy lại được.', 'You have {0} days to change your mind. After that nothing comes back.'],
  sure: ['Tôi đã đọc, và muốn xoá dữ liệu của mình', 'I have read this and want my data erased'],
  ask: ['Yêu cầu xoá', 'Ask to be erased'],
  asked: ['Bạn đã yêu cầu xoá ngày {0}. Sẽ xoá ngày {1}.', 'You asked on {0}. It will be done on {1}.'],
  back: ['Rút yêu cầu', 'Take it back'],
  erasing: ['Đang xoá.', 'It is being erased.'],
});

/* Purposes of the person that do not stand; those of a report or dossier are asked for there. */
export function Purposes({ standing, onChange }: { standing: string[]; onChange: () => void }) {
  const list = useLoaded(() => get('/v1/consents/purposes'), `purposes ${language()}`);
  const [problem, act] = useAct();
  const open = (list.data?.items ?? []).filter((one) => !one.of_report && !one.of_dossier && !standing.includes(one.purpose));
  if (open.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>{own('may')}</h2>
      <Trouble words={problem} />
      {open.map((one) => (
        <article key={one.purpose} class="card">
          <h3>{one.title}</h3>
          <p class="small">{one.text}</p>
          <Button onClick={() => void act(async () => (await post('/v1/me/consents', {}, { purpose: one.purpose, version: one.version, language: one.language }, { headers: freshKey() }), onChange()))}>{own('agree')}</Button>
        </article>
      ))}
    </section>
  );
}

const lawLine = (one: { words: string; law: string; until: string }): string => (one.until ? own('until', one.words, one.law, one.until) : own('forever', one.words, one.law));

export function Erasure() {
  const found = useLoaded(() => get('/v1/me/erasure'), 'erasure');
  const [sure, setSure] = useState(false);
  const [problem, act] = useAct();
  return (
    <Whole loaded={found}>
      {(shown) => (
        <>
          {shown.state === 'waiting' && (
            <Note tone="warn">
              <p>{own('asked', shown.asked_at ? dateOf(shown.asked_at) : '', shown.due ? dateOf(shown.due) : '')}</p>
              <Button onClick={() => void act(async () => (await remove('/v1/me/erasure', {}), found.again()))}>{own('back')}</Button>
            </Note>
          )}
          {shown.state === 'erasing' && <Note tone="warn">{own('erasing')}</Note>}
          {shown.blocked.length > 0 && (
            <section class="card">
              <h2>{own('blocked')}</h2>
              <ul class="dots">
                {shown.blocked.map((one) => (
                  <li key={one.what}>{lawLine(one)}</li>
                ))}
              </ul>
            </section>
          )}
          <section class="card">
            <h2>{own('goes')}</h2>
            <ul class="dots">
              {shown.erased.map((one) => (
                <li key={one.what}>{one.words}</li>
              ))}
            </ul>
          </section>
          {shown.kept.length > 0 && (
            <section class="card">
              <h2>{own('kept')}</h2>
              <ul class="dots">
                {shown.kept.map((one) => (
                  <li key={one.what}>{lawLine(one)}</li>
                ))}
              </ul>
            </section>
          )}
          <Trouble words={problem} />
          {shown.state === 'none' && shown.blocked.length === 0 && (
            <>
              <p>{own('wait', shown.wait_days)}</p>
              <Check id="sure" checked={sure} onChange={setSure}>
                {own('sure')}
              </Check>
              <Button look="danger" disabled={!sure} onClick={() => void act(async () => (await post('/v1/me/erasure', {}, { shown: shown.shown }), found.again()))}>
                {own('ask')}
              </Button>
            </>
          )}
        </>
      )}
    </Whole>
  );
}
