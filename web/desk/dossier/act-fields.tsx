/* What the steps of a dossier need beyond words: papers that are asked for or handed in, results that are signed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DossierActBody, Media, ProcedureDetail, StaffDossier } from '../../api';
import { Problem, get } from '../../shared/call';
import { Icon } from '../../shared/parts/icon';
import { Photos } from '../../shared/parts/photos';
import { Button, Field, Note } from '../../shared/parts/ui';
import { sendFile } from '../../shared/tus';
import { SchemaForm } from '../../shared/parts/schema-form';
import { membersOf, titleOf, type Schema, type Value } from '../../shared/schema';
import { named, sayFrom } from '../../shared/words';
import type { FormParts } from '../act/form';
import { useCatalogue } from '../lib/catalogue';
import { say } from '../words';
import { GivenBefore, asGiven, useGiven } from './given';
import { Signed } from './papers';
import { faultsOf, verdictWord, type Verdict, type Verdicts } from './verdicts';

const own = sayFrom({
  asked: ['Giấy tờ yêu cầu bổ sung', 'Papers that are asked for'],
  none: ['Hãy chọn kết luận khác “Hợp lệ” cho ít nhất một giấy tờ ở bên trái, hoặc chọn mục của tờ khai phải điền lại.', 'Choose another verdict than “Fits” for at least one paper on the left, or a member of the form that is to be filled in again.'],
  fields: ['Mục của tờ khai phải điền lại', 'Of the form, to be filled in again'],
  addField: ['Thêm một mục', 'Add one'],
  why: ['Vì sao phải điền lại “{0}”', 'Why “{0}” is to be filled in again'],
  dropField: ['Bỏ mục “{0}”', 'Remove “{0}”'],
  handedIn: ['Giấy tờ nộp tại quầy', 'Papers handed in at the desk'],
  again: ['Tờ khai, điền lại theo bản giấy', 'The form, filled in again as the paper says'],
  againHelp: ['Sửa những mục được yêu cầu. Nếu không sửa mục nào, tờ khai giữ như cũ.', 'Change what was asked for. Where nothing is changed, the form stays as it was.'],
  copies: ['Số bản giấy: {0}', 'Paper copies: {0}'],
  results: ['Kết quả đã ký', 'The signed result'],
  letter: ['Văn bản từ chối đã ký (nếu có)', 'The signed letter, if there is one'],
  addLetter: ['Tải văn bản lên (PDF)', 'Upload the letter (PDF)'],
  letterNumber: ['Số của văn bản', 'Its number'],
  letterNumberHelp: ['Như ghi trên văn bản, ví dụ 45/UBND-VHXH.', 'As the letter says, such as 45/UBND-VHXH.'],
  removeLetter: ['Bỏ văn bản này', 'Remove this letter'],
  addResult: ['Tải kết quả lên (PDF)', 'Upload the result (PDF)'],
  sending: ['Đang gửi {0}%', 'Sending, {0}%'],
  number: ['Số của kết quả', 'Its number'],
  numberHelp: ['Như ghi trên giấy, ví dụ 123/GKS.', 'As the paper says, such as 123/GKS.'],
  removeResult: ['Bỏ kết quả này', 'Remove this result'],
  kind: ['Loại kết quả', 'Kind of result'],
});

type Component = NonNullable<DossierActBody['components']>[number];
type Field = NonNullable<DossierActBody['fields']>[number];
type Result = NonNullable<DossierActBody['results']>[number];
type Parts = FormParts & { procedure: ProcedureDetail | undefined };

const nameIn = (procedure: ProcedureDetail | undefined, code: string): string => named(procedure?.components?.find((one) => one.code === code), code);

const Fault = ({ words }: { words: string | undefined }) =>
  words ? (
    <p class="error">
      <Icon name="warn" size={16} /> {words}
    </p>
  ) : null;

/* Members of the form that may be asked for, by pointer: also those within a group of their own. */
function membersIn(schema: Schema | undefined, root: Schema | undefined, form: Value, above = '', title = ''): Array<[string, string]> {
  if (!schema || !root) return [];
  return membersOf(schema, root, form).flatMap((one) => {
    const pointer = `${above}/${one.name}`;
    const words = `${title && `${title} – `}${titleOf(one.schema, one.name)}`;
    return one.schema.properties ? membersIn(one.schema, root, form, pointer, words) : [[pointer, words] as [string, string]];
  });
}

function AskedFields({ dossier, procedure, body, set, fault }: Omit<Parts, 'faults' | 'refusal'> & { dossier: StaffDossier }) {
  const schema = procedure?.form_schema as Schema | undefined;
  const members = membersIn(schema, schema, (dossier.form ?? {}) as Value);
  const fields = body.fields ?? [];
  const titles = Object.fromEntries(members);
  const put = (next: Field[]) => set({ ...body, fields: next.length ? next : undefined });
  if (!members.length || !dossier.form) return null;
  return (
    <fieldset class="stack tight">
      <legend class="label">{own('fields')}</legend>
      {fields.map((one, i) => (
        <div key={one.pointer} class="stack tight">
          <div class="row spread">
            <strong>{titles[one.pointer] ?? one.pointer}</strong>
            <button type="button" class="round" aria-label={own('dropField', titles[one.pointer] ?? one.pointer)} onClick={() => put(fields.filter((_, j) => j !== i))}>
              <Icon name="trash" size={20} />
            </button>
          </div>
          <input type="text" maxLength={300} aria-label={own('why', titles[one.pointer] ?? one.pointer)} placeholder={own('why', titles[one.pointer] ?? one.pointer)} value={one.note} onInput={(event) => put(fields.map((old, j) => (j === i ? { ...old, note: event.currentTarget.value } : old)))} />
        </div>
      ))}
      <select aria-label={own('addField')} value="" onChange={(event) => event.currentTarget.value && put([...fields, { pointer: event.currentTarget.value, note: '' }])}>
        <option value="">{own('addField')}</option>
        {members
          .filter(([pointer]) => !fields.some((one) => one.pointer === pointer))
          .map(([pointer, title]) => (
            <option key={pointer} value={pointer}>
              {title}
            </option>
          ))}
      </select>
      <Fault words={fault('fields')} />
    </fieldset>
  );
}

/* What was found of the papers beside is what is asked for; and answers of the form. */
export function Asked({ dossier, verdicts, procedure, body, set, fault, refusal }: Parts & { verdicts: Verdicts; dossier: StaffDossier }) {
  const faults = faultsOf(verdicts);
  const before = useGiven(refusal);
  const components: Component[] = faults.map(([code, one]) => asGiven({ code, verdict: one.verdict as Exclude<Verdict, 'fit'>, ...(one.note?.trim() && { note: one.note.trim() }) }, before));
  const wanted = JSON.stringify(components);
  useEffect(() => {
    if (JSON.stringify(body.components ?? []) !== wanted) set({ ...body, components });
  }, [wanted]);
  return (
    <div class="stack tight">
      <h3>{own('asked')}</h3>
      {faults.length === 0 && !body.fields?.length && <Note tone="warn">{own('none')}</Note>}
      <ul class="stack tight">
        {faults.map(([code, one]) => (
          <li key={code} class="stack tight">
            <div class="said small">
              <strong>
                {nameIn(procedure, code)}: {verdictWord(one.verdict)}
              </strong>
              <p>{one.note}</p>
            </div>
            <GivenBefore of={before} component={code} refused={refusal !== undefined} />
          </li>
        ))}
      </ul>
      {faults.length > 0 && <Fault words={fault('components')} />}
      <AskedFields {...{ dossier, procedure, body, set, fault }} />
    </div>
  );
}

/* Members of the form that were asked for: the reason stands at each until it is filled in otherwise. */
function FormAgain({ dossier, procedure, body, set, faults }: Pick<Parts, 'procedure' | 'body' | 'set' | 'faults'> & { dossier: StaffDossier }) {
  const communes = useCatalogue().data?.communes;
  const asked = dossier.fields ?? [];
  if (!asked.length || !procedure?.form_schema) return null;
  const reasons = Object.fromEntries(asked.map((one) => [one.pointer!, one.note!]));
  const form = (body.form ?? dossier.form ?? {}) as Value;
  const found = faults('/form');
  const tops = new Set([...asked.map((one) => one.pointer!), ...Object.keys(found)].map((pointer) => pointer.split('/')[1]!)); // what an answer has led to is asked as well
  return (
    <fieldset class="stack tight">
      <legend class="label">{own('again')}</legend>
      <p class="help">{own('againHelp')}</p>
      <SchemaForm schema={procedure.form_schema as Schema} value={form} onChange={(next) => set({ ...body, form: next })} errors={{ ...reasons, ...found }} only={tops} communes={communes} />
    </fieldset>
  );
}

/* What was asked for last, as it is handed over on paper. */
export function HandedIn({ dossier, procedure, body, set, fault, faults }: Parts & { dossier: StaffDossier }) {
  const codes = (dossier.requests?.at(-1)?.components ?? []).map((one) => one.code!);
  const given = body.components ?? [];
  const put = (code: string, copies: number) => set({ ...body, components: [...given.filter((one) => one.code !== code), ...(copies > 0 ? [{ code, copies }] : [])] });
  return (
    <div class="stack">
      {codes.length > 0 && (
        <fieldset class="stack tight">
          <legend class="label">{own('handedIn')}</legend>
          {codes.map((code) => {
            const copies = given.find((one) => one.code === code)?.copies ?? 0;
            return (
              <div key={code} class="row spread">
                <span class="grow">{nameIn(procedure, code)}</span>
                <input class="few" type="number" min={0} max={100} aria-label={`${nameIn(procedure, code)}. ${own('copies', copies)}`} value={copies} onInput={(event) => put(code, Math.round(Number(event.currentTarget.value)))} />
              </div>
            );
          })}
        </fieldset>
      )}
      <FormAgain {...{ dossier, procedure, body, set, faults }} />
      <Fault words={fault('components') ?? fault('/form')} />
    </div>
  );
}

const CHECK_MS = 1500;
const CHECKS = 20;

/* A paper is read by another program; until it was, nothing is known of its signature. */
function useMedia(id: string): Media | undefined {
  const [media, set] = useState<Media>();
  useEffect(() => {
    let left = CHECKS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () =>
      void get('/v1/media/{id}', { id }).then(set, (error: unknown) => {
        if (error instanceof Problem && left-- > 0) timer = setTimeout(look, CHECK_MS);
      });
    look();
    return () => clearTimeout(timer);
  }, [id]);
  return media;
}

function ResultRow({ one, kinds, letter, onChange, onRemove }: { one: Result; kinds: NonNullable<ProcedureDetail['results']>; letter: boolean; onChange: (next: Result) => void; onRemove: () => void }) {
  const media = useMedia(one.file);
  return (
    <div class="stack tight result">
      <div class="row spread">
        {media ? <Signed media={media} /> : <span class="small soft">{say('loading')}</span>}
        <button type="button" class="round" aria-label={own(letter ? 'removeLetter' : 'removeResult')} onClick={onRemove}>
          <Icon name="trash" size={20} />
        </button>
      </div>
      {media && <Photos photos={[{ small: media.small, large: media.large, alt: own(letter ? 'letter' : 'results') }]} />}
      {kinds.length > 1 && (
        <select aria-label={own('kind')} value={one.code ?? ''} onChange={(event) => onChange({ ...one, code: event.currentTarget.value || undefined })}>
          <option value="">{say('choose')}</option>
          {kinds.map((kind) => (
            <option key={kind.code} value={kind.code}>
              {named(kind)}
            </option>
          ))}
        </select>
      )}
      <Field id={`number-${one.file}`} label={own(letter ? 'letterNumber' : 'number')} help={own(letter ? 'letterNumberHelp' : 'numberHelp')} optional>
        {(labelled) => <input {...labelled} type="text" maxLength={80} value={one.number ?? ''} onInput={(event) => onChange({ ...one, number: event.currentTarget.value || undefined })} />}
      </Field>
    </div>
  );
}

/* What the office signed: the results of who is granted something; a letter, which is none of them, to who is denied it. */
export function Results({ procedure, letter = false, body, set, fault }: Parts & { letter?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const results = body.results ?? [];
  const kinds = letter ? [] : (procedure?.results ?? []);
  const only = kinds.length === 1 ? kinds[0]?.code : undefined;
  async function take(file: File | undefined): Promise<void> {
    if (!file) return;
    setProblem(undefined);
    setSent(0);
    try {
      const id = await sendFile(file, file.name, { upload: undefined, begun: async () => undefined, progress: async (bytes) => setSent(Math.round((100 * bytes) / file.size)) });
      set({ ...body, results: [...results, { file: id, ...(only && { code: only }) }] });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
    } finally {
      setSent(undefined);
      if (input.current) input.current.value = '';
    }
  }
  return (
    <div class="stack tight">
      <h3>{own(letter ? 'letter' : 'results')}</h3>
      {results.map((one, i) => (
        <ResultRow key={one.file} one={one} kinds={kinds} letter={letter} onChange={(next) => set({ ...body, results: results.map((other, j) => (j === i ? next : other)) })} onRemove={() => set({ ...body, results: results.filter((_, j) => j !== i) })} />
      ))}
      <input ref={input} type="file" accept="application/pdf" hidden onChange={(event) => void take(event.currentTarget.files?.[0])} />
      <Button icon="paper" busy={sent !== undefined} onClick={() => input.current?.click()}>
        {sent === undefined ? own(letter ? 'addLetter' : 'addResult') : own('sending', sent)}
      </Button>
      <Fault words={problem ?? fault('results')} />
    </div>
  );
}
