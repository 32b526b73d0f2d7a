/* What a procedure needs, takes and costs, where it is decided; and the way to begin it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProcedureDetail } from '../../api';
import { freshKey, get, post, Problem } from '../../shared/call';
import { named, sayFrom } from '../../shared/words';
import { go, type Where } from '../../shared/router';
import { signed } from '../lib/state';
import { say } from '../lib/words';
import { useLoaded, useWatched } from '../../shared/store';
import { EidFirst } from '../parts/eid-first';
import { SignIn } from '../parts/sign-in';
import { Button, FailedPage, Loading, Note, Title } from '../../shared/parts/ui';

const own = sayFrom({
  needs: ['Cần có', 'What it needs'],
  when: ['Nếu: {0}', 'If: {0}'],
  oneOf: ['một trong các giấy tờ này', 'any one of these'],
  ifNeeded: ['Nếu có', 'If it applies'],
  reusable: ['Dùng lại được giấy đã nộp', 'One given before can be used again'],
  takes: ['Thời hạn', 'How long it takes'],
  costs: ['Phí, lệ phí', 'What it costs'],
  free: ['Không thu phí', 'It is free'],
  where: ['Nơi giải quyết', 'Where'],
  results: ['Bạn nhận được', 'What you get'],
  begin: ['Bắt đầu làm', 'Begin'],
  portal: ['Nộp trên Cổng Dịch vụ công quốc gia', 'File it on the national portal'],
  signIn: ['Đăng nhập để bắt đầu', 'Sign in to begin'],
  basis: ['Quyết định công bố {0}', 'Published by decision {0}'],
});

/* atOnce: whoever is back from showing their e-ID wanted to begin. */
function Begin({ procedure, atOnce }: { procedure: ProcedureDetail; atOnce: boolean }) {
  const isSigned = useWatched(signed);
  const [asks, ask] = useState<'sign-in' | 'eid'>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [key] = useState(freshKey);
  const begin = async () => {
    if (!signed.get()) return ask('sign-in');
    setBusy(true);
    setProblem(undefined);
    try {
      const draft = await post('/v1/dossier-drafts', {}, { procedure: procedure.code ?? '' }, { headers: key });
      go(`/app/drafts/${draft.id}`, atOnce);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) ask('sign-in');
      else if (error.slug.includes('level') || error.slug === 'identity-needed') ask('eid');
      else setProblem(error.message);
      setBusy(false);
    }
  };
  useEffect(() => {
    if (!atOnce) return;
    go(`/app/procedure/${procedure.code}`, true); // once
    void begin();
  }, []);
  /* It comes where the page ends, and the button that was pressed goes. */
  const asked = useRef<HTMLDivElement>(null);
  useEffect(() => asked.current?.scrollIntoView({ block: 'center' }), [asks]);
  if (asks === 'sign-in' && !isSigned)
    return (
      <section class="card" ref={asked}>
        <h2>{own('signIn')}</h2>
        <SignIn onDone={() => void begin()} />
      </section>
    );
  if (asks === 'eid')
    return (
      <div ref={asked}>
        <EidFirst back={`/app/procedure/${procedure.code}?begin`} />
      </div>
    );
  return (
    <>
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <div class="foot">
        <Button look="main" busy={busy} onClick={() => void begin()}>
          {own('begin')}
        </Button>
      </div>
    </>
  );
}

function Needs({ procedure }: { procedure: ProcedureDetail }) {
  return (
    <section class="card">
      <h2>{own('needs')}</h2>
      <ul class="stack tight dots">
        {procedure.needs.map((group, i) => (
          <li key={i}>
            {group.items.length > 1 && <p class="soft">{group.words ?? own('oneOf')}</p>}
            <div class={group.items.length > 1 ? 'stack tight any-of' : 'stack tight'}>
              {group.items.map((item) => (
                <div key={item.code}>
                  <p>{item.words}</p>
                  {item.when && <p class="small soft">{own('when', item.when)}</p>}
                  {item.note && <p class="small soft">{item.note}</p>}
                  <p class="small soft">{[!group.required && !item.when && own('ifNeeded'), item.reusable && own('reusable')].filter(Boolean).join(' · ')}</p>
                </div>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ procedure }: { procedure: ProcedureDetail }) {
  const guide = named({ name: procedure.guide ?? '', name_en: procedure.guide_en ?? '' });
  return (
    <>
      {guide && <p>{guide}</p>}
      {procedure.needs.length > 0 && <Needs procedure={procedure} />}
      <section class="card">
        <dl class="facts">
          {procedure.takes.length > 0 && (
            <div>
              <dt>{own('takes')}</dt>
              {procedure.takes.map((one) => (
                <dd key={one.channel}>
                  {one.label}: {one.words}
                </dd>
              ))}
            </div>
          )}
          <div>
            <dt>{own('costs')}</dt>
            {procedure.costs.length === 0 && <dd>{own('free')}</dd>}
            {procedure.costs.map((one) => (
              <dd key={one.code + one.channel}>
                {one.label}: {one.words}
                {one.when && <p class="small soft">{own('when', one.when)}</p>}
              </dd>
            ))}
          </div>
          {(procedure.results ?? []).length > 0 && (
            <div>
              <dt>{own('results')}</dt>
              {procedure.results!.map((one) => (
                <dd key={one.code}>{named(one)}</dd>
              ))}
            </div>
          )}
          <div>
            <dt>{own('where')}</dt>
            <dd>{procedure.where.words}</dd>
            {procedure.where.offices.slice(0, 3).map((one) => (
              <dd key={one.code}>
                {one.name}
                <p class="small soft">{[one.address, one.hotline, one.hours].filter(Boolean).join(' · ')}</p>
              </dd>
            ))}
          </div>
        </dl>
      </section>
      {procedure.decision?.number && <p class="small soft">{own('basis', procedure.decision.number)}</p>}
    </>
  );
}

export default function Procedure({ where }: { where: Where }) {
  const code = where.parts[1] ?? '';
  const [atOnce] = useState(where.query.has('begin'));
  const found = useLoaded(() => get('/v1/procedures/{code}', { code }), code);
  if (found.error && !found.data) return <FailedPage title={say('services')} up="/app/services" error={found.error} again={found.again} />;
  const procedure = found.data;
  if (!procedure) return <Loading />;
  return (
    <>
      <Title up="/app/services">{named(procedure)}</Title>
      {!procedure.online.here && (
        <Note tone="info">
          {procedure.online.words}
          {procedure.online.reason && ` ${procedure.online.reason}`}
        </Note>
      )}
      <Facts procedure={procedure} />
      {procedure.online.here ? (
        <Begin procedure={procedure} atOnce={atOnce} />
      ) : (
        procedure.online.link?.startsWith('https://') && (
          <a class="button main wide" href={procedure.online.link} rel="noopener noreferrer">
            {own('portal')}
          </a>
        )
      )}
    </>
  );
}
