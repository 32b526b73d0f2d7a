/* One dossier: papers and form beside each other, and what may be done next. */
import type { Me, ProcedureDetail, StaffDossier } from '../../api';
import { get } from '../../shared/call';
import { Failed, Loading, Title } from '../../shared/parts/ui';
import type { Where } from '../../shared/router';
import type { Schema, Value } from '../../shared/schema';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import type { Step } from '../act/act';
import type { FormParts } from '../act/form';
import { ActPanel } from '../act/panel';
import { Asked, HandedIn, Results } from '../dossier/act-fields';
import { KnownFees } from '../dossier/known-fees';
import { ComplaintsOf } from '../complaint/parts';
import { FormShown } from '../dossier/form-shown';
import { Papers } from '../dossier/papers';
import { Proposal } from '../dossier/proposal';
import { Applicant, Fees, Forms, ResultsShown, Standing } from '../dossier/side';
import { useVerdicts } from '../dossier/verdicts';
import { useCase } from '../lib/case';
import { useCatalogue, useColleagues } from '../lib/catalogue';
import { useToldOf } from '../lib/live';
import { usePresence } from '../lib/presence';
import { Changed } from '../parts/changed';
import { Demands } from '../parts/demands';
import { Brief } from '../parts/due';
import { Elsewhere } from '../parts/elsewhere';
import { Here } from '../parts/here';
import { History } from '../parts/history';
import { worksAs } from '../parts/places';
import { Walk } from '../parts/walk';
import { say } from '../words';

const own = sayFrom({
  form: ['Tờ khai', 'The form'],
  formHidden: ['Chỉ cơ quan giải quyết đọc được tờ khai.', 'Only the office that handles it reads the form.'],
  formOnPaper: ['Tờ khai nộp bản giấy tại quầy.', 'The form was handed in on paper.'],
  elsewhere: ['Hồ sơ này không thuộc bàn làm việc của bạn.', 'This dossier is not on your desk.'],
});

/* As it stood when the dossier was filed. */
const useProcedure = (dossier: StaffDossier | undefined): ProcedureDetail | undefined =>
  useLoaded(async () => (dossier?.procedure ? get('/v1/procedures/{code}', { code: dossier.procedure }, { version: String(dossier.procedure_version) }) : undefined), `${dossier?.procedure} ${dossier?.procedure_version}`).data;

export default function DossierPage({ where, me }: { where: Where; me: Me }) {
  const id = where.parts[1]!;
  useToldOf(id);
  const one = useCase<StaffDossier>(`dossier ${id}`, async () => (await get('/v1/dossiers/{id}', { id })) as StaffDossier);
  const procedure = useProcedure(one.data);
  const [verdicts, setVerdicts] = useVerdicts(id);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const others = usePresence('dossier', id, one.data?.steps && one.data.revision, one.again);
  if (one.error && !one.data) return <Failed page error={one.error} again={one.again} />;
  const dossier = one.data;
  if (!dossier) return <Loading />;
  if (!dossier.steps) return <Elsewhere title={own('elsewhere')} to="/desk/dossiers" />;
  const judges = dossier.steps.some((step) => step.needs.includes('components') && step.verb === 'supplement');
  const fields = (step: Step, parts: FormParts) => {
    const more = { ...parts, procedure };
    if (step.needs.includes('results')) return <Results {...more} />;
    if (step.verb === 'deny') return <Results {...more} letter />;
    if (step.verb === 'ask_fee') return <KnownFees {...more} dossier={dossier} />;
    if (!step.needs.includes('components')) return null;
    return step.verb === 'supplement' ? <Asked {...more} dossier={dossier} verdicts={verdicts} /> : <HandedIn {...more} dossier={dossier} />;
  };
  const done = (now: StaffDossier) => {
    if (now.state !== dossier.state) setVerdicts(undefined);
    one.set(now);
  };
  return (
    <div class="case">
      <div class="case-head">
        <Title up="/desk/dossiers" beside={<Walk key={id} id={id} at={(one) => `/desk/dossiers/${one}`} />}>
          {dossier.number} <span class="soft">{named(procedure, dossier.procedure)}</span>
        </Title>
        <Brief of={dossier} kind="dossier" off={catalogue?.off} />
        <Here others={others} />
        {one.changed.length > 0 && <Changed entries={one.changed} kind="dossier" onSeen={one.seen} />}
      </div>
      <div class="case-said beside-each-other">
        <Papers dossier={dossier} procedure={procedure} verdicts={verdicts} set={judges ? setVerdicts : undefined} onChange={one.again} />
        <section class="card" aria-labelledby="form-title">
          <h2 id="form-title">{own('form')}</h2>
          {procedure?.form_schema !== undefined && dossier.form ? <FormShown schema={procedure.form_schema as Schema} form={dossier.form as Value} /> : <p class="small soft">{own(me.role === 'inspector' ? 'formHidden' : 'formOnPaper')}</p>}
        </section>
      </div>
      <div class="case-rest stack">
        <Applicant dossier={dossier} />
        <section class="card" aria-labelledby="history-title">
          <h2 id="history-title">{say('history')}</h2>
          <History entries={dossier.history ?? []} kind="dossier" catalogue={catalogue} staff={staff} />
        </section>
      </div>
      <div class="case-side stack">
        <Standing dossier={dossier} />
        {!dossier.open && <ResultsShown dossier={dossier} procedure={procedure} />}
        <Proposal dossier={dossier} />
        <Demands demands={dossier.demands} history={dossier.history} />
        <ActPanel of={{ kind: 'dossier', of: dossier }} steps={dossier.steps} onChange={(now) => done(now as StaffDossier)} changed={one.changed} onConflict={one.again} schema={procedure?.form_schema as Schema | undefined} fields={fields} />
        {dossier.open && <ResultsShown dossier={dossier} procedure={procedure} />}
        {(worksAs(me) === 'leader' || me.role === 'inspector') && <ComplaintsOf dossier={dossier.id} />}
        <Fees dossier={dossier} />
        <Forms dossier={dossier} />
      </div>
    </div>
  );
}
