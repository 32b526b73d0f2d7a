/* How far a dossier is, for whoever has the code and the check part of its slip. */
import { useEffect, useState } from 'preact/hooks';
import type { DossierProgress } from '../../api';
import { get, Problem } from '../../shared/call';
import { sayFrom } from '../../shared/words';
import type { Where } from '../../shared/router';
import { Button, Field, Note, Title } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Tra cứu hồ sơ', 'Look up a dossier'],
  words: ['Hai mã này ở trên giấy tiếp nhận.', 'Both stand on the filing slip.'],
  number: ['Mã hồ sơ', 'Code'],
  numberHelp: ['Ví dụ: H12.32025-261128-0001', 'For example: H12.32025-261128-0001'],
  check: ['Mã tra cứu', 'Check part'],
  both: ['Hãy điền cả hai mã.', 'Please give both.'],
  find: ['Tra cứu', 'Look up'],
  none: ['Không có hồ sơ nào với hai mã này. Hãy xem lại từng ký tự.', 'No dossier has these. Check each character.'],
  report: ['{0} là mã phản ánh, không phải mã hồ sơ. Phản ánh của bạn ở mục Của tôi.', '{0} is the number of a report, not of a dossier. Your reports are under Mine.'],
  complaint: ['{0} là mã phản ánh về một hồ sơ. Mở hồ sơ đó trong mục Của tôi để xem.', '{0} is the number of a complaint about a dossier. Open that dossier under Mine to see it.'],
  far: ['Hồ sơ {0} đã đi được {1}%.', 'Dossier {0} is {1}% on its way.'],
  done: ['Hồ sơ {0} đã có kết quả.', 'Dossier {0} is finished.'],
});

/* Numbers of other things that people are told. */
const others: Record<string, 'report' | 'complaint'> = { 'PA-': 'report', 'KN-': 'complaint' };

export default function Lookup({ where }: { where: Where }) {
  const [given] = useState(() => new URLSearchParams(location.hash.slice(1))); // of a slip's QR code
  const [number, setNumber] = useState(given.get('number') ?? where.query.get('number') ?? '');
  const [check, setCheck] = useState(given.get('check') ?? where.query.get('check') ?? '');
  const [found, set] = useState<DossierProgress>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const find = async () => {
    set(undefined);
    setProblem(undefined);
    const other = others[number.trim().slice(0, 3).toUpperCase()];
    if (other) return setProblem(own(other, number.trim()));
    if (!number.trim() || !check.trim()) return setProblem(own('both'));
    setBusy(true);
    try {
      set(await get('/v1/public/dossiers/{number}', { number: number.trim() }, { check: check.trim().toUpperCase() }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.status === 404 || error.errors.length > 0 ? own('none') : error.message);
    }
    setBusy(false);
  };
  useEffect(() => void (number && check && find()), []);
  return (
    <>
      <Title up="/">{own('title')}</Title>
      <p class="soft">{own('words')}</p>
      <form class="stack" noValidate onSubmit={(event) => (event.preventDefault(), void find())}>
        <Field id="number" label={own('number')} help={own('numberHelp')}>
          {(described) => <input {...described} type="text" autocapitalize="characters" maxLength={60} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />}
        </Field>
        <Field id="check" label={own('check')}>
          {(described) => <input {...described} type="text" autocapitalize="characters" maxLength={20} value={check} onInput={(event) => setCheck(event.currentTarget.value)} />}
        </Field>
        {problem && (
          <Note tone="bad" live>
            {problem}
          </Note>
        )}
        <Button type="submit" look="main" icon="search" wide busy={busy}>
          {own('find')}
        </Button>
      </form>
      {found && (
        <section class="card" role="status">
          <p>{found.percent >= 100 ? own('done', found.number) : own('far', found.number, found.percent)}</p>
          <progress class="progress" max={100} value={found.percent} aria-label={own('far', found.number, found.percent)} />
        </section>
      )}
    </>
  );
}
