/* Fees that the procedure names for this form, put into the field by a press; another may be typed. */
import type { ProcedureDetail, StaffDossier } from '../../api';
import { money } from '../../shared/format';
import { holds, type Condition, type Value } from '../../shared/schema';
import { named, sayFrom } from '../../shared/words';
import type { FormParts } from '../act/form';

const own = sayFrom({ known: ['Mức của thủ tục', 'Of the procedure'] });

export function KnownFees({ dossier, procedure, body, set }: Pick<FormParts, 'body' | 'set'> & { dossier: StaffDossier; procedure: ProcedureDetail | undefined }) {
  const form = (dossier.form ?? {}) as Value;
  const known = (procedure?.fees ?? []).filter((one) => one.amount > 0 && one.amount !== body.amount && holds(one.when as Condition | undefined, form));
  if (known.length === 0) return null;
  return (
    <div class="row" role="group" aria-label={own('known')}>
      {known.map((one) => (
        <button key={one.code} type="button" class="phrase" onClick={() => set({ ...body, amount: one.amount })}>
          {named(one)}: {money(one.amount)}
        </button>
      ))}
    </div>
  );
}
