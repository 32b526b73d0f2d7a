/* The papers of a dossier, each with its files and what the officer finds of it; by keyboard alone, too. */
import { useRef } from 'preact/hooks';
import type { Media, ProcedureDetail, StaffDossier } from '../../api';
import { authorised, get, readProblem } from '../../shared/call';
import { size } from '../../shared/format';
import { Photos } from '../../shared/parts/photos';
import { Button, Tag } from '../../shared/parts/ui';
import { holds, type Condition, type Value } from '../../shared/schema';
import { useLoaded } from '../../shared/store';
import { named, sayFrom, type Tone } from '../../shared/words';
import { saveAs } from '../lib/pdf';
import { toast } from '../parts/toast';
import { say } from '../words';
import { InStore, type StoredPaper } from './in-store';
import { phrasesOf, verdictCodes, verdictKeys, verdictTone, verdictWord, type Found, type Verdict, type Verdicts } from './verdicts';

const own = sayFrom({
  copies: ['{0} bản giấy đã nộp tại quầy', '{0} paper copies handed in at the desk'],
  none: ['Hồ sơ không kèm giấy tờ.', 'It came without papers.'],
  noFile: ['Chưa có tệp nào.', 'No file.'],
  original: ['Tải bản gốc', 'Save the original'],
  pages: ['{0} trang', '{0} pages'],
  verdictOf: ['Kết luận: {0}', 'Verdict: {0}'],
  absent: ['Không có trong hồ sơ ({0})', 'Not in the dossier ({0})'],
  needed: ['bắt buộc', 'required'],
  keysHint: ['Phím: ↑ ↓ chọn giấy tờ; f hợp lệ, m thiếu, r không rõ, s sai, h hết hạn.', 'Keys: ↑ ↓ for the paper; f fits, m missing, r unclear, s wrong, h expired.'],
  note: ['Lời báo cho công dân', 'What the citizen is told'],
  signed: ['Chữ ký số hợp lệ', 'The signature is valid'],
  untrusted: ['Chữ ký số chưa tin cậy', 'The signature is not trusted'],
  invalid: ['Chữ ký số không hợp lệ', 'The signature is not valid'],
  unsigned: ['Không có chữ ký số', 'Not signed'],
});

const signatures: Record<string, [Tone, 'signed' | 'untrusted' | 'invalid' | 'unsigned']> = { valid: ['good', 'signed'], untrusted: ['warn', 'untrusted'], invalid: ['bad', 'invalid'], none: ['plain', 'unsigned'] };

/* What the server found of a paper's signature. */
export function Signed({ media }: { media: Media }) {
  const [tone, words] = signatures[media.signed ?? 'none'] ?? signatures.none!;
  return (
    <div class="stack tight">
      <Tag tone={tone}>{own(words)}</Tag>
      {(media.signatures ?? []).map((one) => (
        <p key={`${one.serial} ${one.signed_at}`} class="small soft">
          {[one.signer, one.words].filter(Boolean).join(': ')}
        </p>
      ))}
    </div>
  );
}

async function saveOriginal(id: string): Promise<void> {
  const reply = await authorised(`/v1/media/${id}/original`);
  if (reply.ok) saveAs(await reply.blob(), `${id}.pdf`);
  else toast((await readProblem(reply)).message, 'bad');
}

export function Files({ ids, label }: { ids: string[]; label: string }) {
  const found = useLoaded(() => Promise.all(ids.map((id) => get('/v1/media/{id}', { id }).catch(() => undefined))), ids.join());
  const media = (found.data ?? []).filter((one) => one !== undefined);
  return (
    <>
      <Photos photos={media.map((one, i) => ({ small: one.small, large: one.large, alt: `${label} ${i + 1}` }))} />
      {media
        .filter((one) => one.kind === 'paper')
        .map((one) => (
          <div key={one.id} class="row spread">
            <div class="row small">
              <span class="soft">
                PDF · {own('pages', one.pages)} · {size(one.size)}
              </span>
              <Signed media={one} />
            </div>
            <Button look="quiet" icon="download" onClick={() => void saveOriginal(one.id)}>
              {own('original')}
            </Button>
          </div>
        ))}
    </>
  );
}

interface PaperProps {
  one: NonNullable<StaffDossier['components']>[number];
  name: string;
  required: boolean;
  found: Found | undefined;
  stored: StoredPaper[];
  onChange: () => void;
  set: ((next: Found) => void) | undefined; // nobody judges papers that are not to be judged now
  at: number;
}

function Judge({ code, name, found, set }: { code: string; name: string; found: Found | undefined; set: (next: Found) => void }) {
  const verdict = found?.verdict;
  const choose = (next: Verdict) => set({ verdict: next, ...(next !== 'fit' && { note: phrasesOf(next)[0] }) });
  return (
    <>
      <fieldset class="verdicts">
        <legend class="sr">{own('verdictOf', name)}</legend>
        {verdictCodes.map((one) => (
          <label key={one} class={`verdict ${verdictTone[one]}`}>
            <input type="radio" name={`verdict-${code}`} value={one} checked={verdict === one} onChange={() => choose(one)} />
            <span>
              {verdictWord(one)} <kbd aria-hidden="true">{verdictKeys[one]}</kbd>
            </span>
          </label>
        ))}
      </fieldset>
      {found && verdict && verdict !== 'fit' && (
        <div class="stack tight">
          <label class="label" for={`note-${code}`}>
            {own('note')}
          </label>
          <textarea id={`note-${code}`} rows={2} maxLength={1500} value={found.note ?? ''} onInput={(event) => set({ verdict, note: event.currentTarget.value })} />
          <div class="row">
            {phrasesOf(verdict)
              .filter((words) => words !== found.note)
              .map((words) => (
                <button key={words} type="button" class="phrase" onClick={() => set({ verdict, note: words })}>
                  {words}
                </button>
              ))}
          </div>
        </div>
      )}
    </>
  );
}

function Paper({ one, name, required, found, stored, onChange, set, at }: PaperProps) {
  const box = useRef<HTMLElement>(null);
  const ids = (one.files ?? []).map((file) => file.id!);
  const key = (event: KeyboardEvent) => {
    if (event.target !== box.current) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const verdict = verdictCodes.find((code) => verdictKeys[code] === event.key);
    if (step) document.querySelector<HTMLElement>(`[data-paper="${at + step}"]`)?.focus();
    else if (verdict && set) set({ verdict, ...(verdict !== 'fit' && { note: phrasesOf(verdict)[0] }) });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <article class="paper" ref={box} tabIndex={0} data-paper={at} aria-label={name} onKeyDown={key}>
      <div class="row spread">
        <h3>{name}</h3>
        {required && <Tag>{own('needed')}</Tag>}
        {!set && one.verdict && <Tag tone={verdictTone[one.verdict]}>{verdictWord(one.verdict)}</Tag>}
      </div>
      {ids.length > 0 && <Files ids={ids} label={name} />}
      {stored.map((paper) => (
        <InStore key={paper.id} one={paper} onChange={onChange} />
      ))}
      {one.copies !== undefined && one.copies > 0 && <p class="small">{own('copies', one.copies)}</p>}
      {ids.length === 0 && !one.document && !one.copies && <p class="small soft">{own('noFile')}</p>}
      {!set && one.note && <p class="said small">{one.note}</p>}
      {set && <Judge code={one.code ?? ''} name={name} found={found} set={set} />}
    </article>
  );
}

/* Those of the procedure that it did not come with can be found missing, too. */
export function Papers({ dossier, procedure, verdicts, set, onChange }: { dossier: StaffDossier; procedure: ProcedureDetail | undefined; verdicts: Verdicts; set: ((next: Verdicts) => void) | undefined; onChange: () => void }) {
  const given = dossier.components ?? [];
  const asked = procedure?.components ?? [];
  const form = (dossier.form ?? {}) as Value;
  const absent = set ? asked.filter((one) => !given.some((other) => other.code === one.code) && holds(one.when as Condition | undefined, form)).map((one) => ({ code: one.code })) : [];
  const paper = (one: PaperProps['one'], i: number) => {
    const component = asked.find((other) => other.code === one.code);
    const code = one.code ?? '';
    return <Paper key={code} at={i} one={one} name={named(component, code)} required={component?.required === true} found={verdicts[code]} stored={(dossier.documents ?? []).filter((stored) => stored.component === code)} onChange={onChange} set={set && ((found) => set({ ...verdicts, [code]: found }))} />;
  };
  return (
    <section class="card" aria-labelledby="papers-title">
      <h2 id="papers-title">{say('documents')}</h2>
      {set && given.length > 0 && <p class="keys-hint small soft">{own('keysHint')}</p>}
      {given.length === 0 && <p class="small soft">{own('none')}</p>}
      {given.map(paper)}
      {absent.length > 0 && (
        <details class="stack tight" open={absent.some((one) => verdicts[one.code ?? ''])}>
          <summary class="label">{own('absent', absent.length)}</summary>
          <div class="stack tight">{absent.map((one, i) => paper(one, given.length + i))}</div>
        </details>
      )}
    </section>
  );
}
