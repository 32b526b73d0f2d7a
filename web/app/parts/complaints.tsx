/* Complaints about how a dossier is handled: filed here, answered by who leads the one-stop desk. */
import { useEffect, useState } from 'preact/hooks';
import type { OwnComplaint, OwnDossier } from '../../api';
import { freshKey, get, post } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Dialog, Field, Note, Tag } from '../../shared/parts/ui';
import { complaintOutcomes, complaintStates } from '../../shared/states';
import { useLoaded } from '../../shared/store';
import { sayFrom, type Words } from '../../shared/words';
import { useTyped } from '../lib/typed';
import { say } from '../lib/words';
import { Steps } from './steps';
import { Trouble, useAct } from './whole';

const own = sayFrom({
  title: ['Phản ánh về hồ sơ này', 'Complaints about this dossier'],
  words: ['Gửi đến người phụ trách một cửa; người đang giải quyết hồ sơ không đọc được. Khiếu nại, tố cáo theo luật thì nộp ở nơi khác.', 'It goes to who leads the one-stop desk; whoever handles the dossier does not read it. A formal complaint under the law is filed elsewhere.'],
  make: ['Phản ánh việc giải quyết', 'Complain'],
  about: ['Về việc gì?', 'About what?'],
  text: ['Nội dung', 'What happened'],
  send: ['Gửi', 'Send'],
  due: ['Trả lời trước {0}', 'Answered by {0}'],
  looked: ['Được xem xét trước {0}', 'Looked at by {0}'],
});

const abouts = {
  delay: ['Chậm trễ', 'Delay'],
  papers: ['Đòi thêm giấy tờ', 'Papers asked for'],
  conduct: ['Thái độ phục vụ', 'Conduct'],
  refusal: ['Từ chối không đúng', 'A refusal'],
  fee: ['Phí, lệ phí', 'The fee'],
  result: ['Kết quả', 'The result'],
  other: ['Việc khác', 'Something else'],
} as const satisfies Words;
const aboutWord = sayFrom(abouts);
type About = keyof typeof abouts;

function ComplaintForm({ dossier, onClose, onDone }: { dossier: string; onClose: () => void; onDone: () => void }) {
  const [{ about, text }, set, sent] = useTyped<{ about: About; text: string }>(`complaint.${dossier}`, { about: 'delay', text: '' });
  const [key] = useState(freshKey);
  const [busy, setBusy] = useState(false);
  const [problem, act] = useAct();
  const send = async () => {
    setBusy(true);
    await act(async () => (await post('/v1/dossiers/{id}/complaints', { id: dossier }, { about, text: text.trim() }, { headers: key }), sent(), onDone()));
    setBusy(false);
  };
  return (
    <Dialog title={own('make')} onClose={onClose}>
      <form class="stack" noValidate onSubmit={(event) => (event.preventDefault(), void send())}>
        <p class="small soft">{own('words')}</p>
        <Field id="complaint-about" label={own('about')}>
          {(described) => (
            <select {...described} value={about} onChange={(event) => set({ about: event.currentTarget.value as About, text })}>
              {(Object.keys(abouts) as About[]).map((one) => (
                <option key={one} value={one}>
                  {aboutWord(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field id="complaint-text" label={own('text')}>
          {(described) => <textarea {...described} maxLength={1500} value={text} onInput={(event) => set({ about, text: event.currentTarget.value })} />}
        </Field>
        <Trouble words={problem} />
        <Button type="submit" look="main" wide busy={busy} disabled={!text.trim()}>
          {own('send')}
        </Button>
      </form>
    </Dialog>
  );
}

/* Where it stands, or how it ended. */
const standWords = sayFrom({ ...complaintStates, ...complaintOutcomes });
const standOf = ({ state, outcome }: OwnComplaint): string => (outcome ? standWords(outcome) : state ? standWords(state) : '');

/* A list has no steps; each complaint of one's own has. */
async function load(dossier: string): Promise<OwnComplaint[]> {
  const { items } = await get('/v1/dossiers/{id}/complaints', { id: dossier });
  return Promise.all(items.map(async (one) => (await get('/v1/complaints/{id}', { id: one.id })) as OwnComplaint));
}

export function Complaints({ dossier, told }: { dossier: OwnDossier; told: string | null }) {
  const [open, setOpen] = useState(false);
  const list = useLoaded(() => load(dossier.id), `complaints ${dossier.id} ${dossier.revision}`);
  /* Whoever was told of one is led to it. */
  useEffect(() => {
    if (list.data) document.getElementById(`complaint-${told}`)?.scrollIntoView({ block: 'center' });
  }, [told, list.data !== undefined]);
  return (
    <section class="stack tight">
      <h2>{own('title')}</h2>
      {(list.data ?? []).map((one) => (
        <article key={one.id} id={`complaint-${one.id}`} class="card">
          <div class="row">
            <Tag tone={one.open ? 'info' : 'plain'}>{standOf(one)}</Tag>
            <span class="small soft">{[one.number, one.about && aboutWord(one.about), one.filed_at && momentOf(one.filed_at)].filter(Boolean).join(' · ')}</span>
          </div>
          <p class="lines">{one.text}</p>
          {one.open && one.due_at && <p class="small soft">{own(one.state === 'filed' ? 'looked' : 'due', momentOf(one.due_at))}</p>}
          {one.answer && (
            <Note tone="plain">
              <strong>{say('answer')}</strong>
              <p class="lines">{one.answer}</p>
            </Note>
          )}
          <Steps steps={one.steps} kind="complaints" id={one.id} revision={one.revision} onDone={list.again} />
        </article>
      ))}
      <Button onClick={() => setOpen(true)}>{own('make')}</Button>
      {open && <ComplaintForm dossier={dossier.id} onClose={() => setOpen(false)} onDone={() => (setOpen(false), list.again())} />}
    </section>
  );
}
