/* Back from the e-ID provider: what the browser brought is exchanged for a session, once. */
import { useEffect, useState } from 'preact/hooks';
import type { Tokens } from '../../api';
import { exchange, Problem, readProblem } from '../../shared/call';
import { accessToken, sessionHeaders, signedIn } from '../../shared/session';
import { sayFrom } from '../../shared/words';
import { resumeActing } from '../lib/acting';
import { keep, recall } from '../lib/db';
import { deviceName } from '../lib/device';
import { handOver } from '../lib/typed';
import { go, type Where } from '../../shared/router';
import { say } from '../lib/words';
import { takeAway, type EidAway } from '../parts/eid-first';
import { ButtonLink, Empty, Loading, Title } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Xác thực danh tính', 'Your e-ID'],
  failed: ['Chưa xác thực được', 'It was not confirmed'],
  denied: ['Bạn đã dừng lại ở trang định danh, hoặc trang đó không xác nhận. Chưa có gì thay đổi.', 'You stopped at the e-ID page, or it did not confirm you. Nothing has changed.'],
  begin: ['Làm lại', 'Begin again'],
  lost: ['Phiên xác thực đã hết hoặc mở ở nơi khác. Hãy bắt đầu lại.', 'It expired, or was begun elsewhere. Begin again.'],
});

async function finish(query: URLSearchParams, away: EidAway | undefined): Promise<string> {
  if (query.get('error')) throw new Problem(400, { detail: own('denied') });
  const code = query.get('code');
  const state = query.get('state');
  if (!away || !code || !state) throw new Problem(400, { detail: own('lost') });
  const iss = query.get('iss');
  const init = { method: 'POST', body: JSON.stringify({ code, state, secret: away.secret, device: deviceName(), ...(iss && { iss }) }), headers: { 'content-type': 'application/json', ...sessionHeaders() } };
  const reply = await exchange(`/v1/auth/eid/${encodeURIComponent(away.flow)}/finish`, init, await accessToken());
  if (!reply.ok) throw await readProblem(reply);
  await keep('step-up', false);
  const before = await recall<string>('account');
  await signedIn((await reply.json()) as Tokens);
  handOver(before, await recall<string>('account'));
  await resumeActing();
  return away.back;
}

export default function Eid({ where }: { where: Where }) {
  const [problem, set] = useState<string>();
  const [away] = useState(takeAway);
  useEffect(() => {
    finish(where.query, away).then(
      (back) => go(back, true),
      (error: unknown) => set(error instanceof Problem ? error.message : own('lost')),
    );
  }, []);
  if (!problem) return <Loading />;
  return (
    <>
      <Title>{own('title')}</Title>
      <Empty icon="warn" title={own('failed')}>
        <p>{problem}</p>
        {away && (
          <ButtonLink href={away.back} look="main">
            {own('begin')}
          </ButtonLink>
        )}
        <ButtonLink href="/">{say('toHome')}</ButtonLink>
      </Empty>
    </>
  );
}
