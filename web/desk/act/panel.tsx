/* The steps that the server offers, in its order, and the form of the one that was chosen. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Note } from '../../shared/parts/ui';
import type { Schema } from '../../shared/schema';
import { readUnsent } from '../lib/unsent';
import type { Entry } from '../parts/history';
import { Offered, useChosen } from '../parts/offered';
import { toast } from '../parts/toast';
import { act, isAtOnce, lookOf, type Acted, type Case, type Step } from './act';
import { ActForm, type FormParts } from './form';

interface Props {
  of: Case;
  steps: Step[];
  onChange: (now: Acted) => void;
  changed: Entry[]; // by others, since it was looked at
  onConflict: () => void;
  schema?: Schema | undefined; // of the case's form
  fields?: (step: Step, parts: FormParts) => ComponentChildren;
}

export function ActPanel({ of, steps, onChange, changed, onConflict, schema, fields }: Props) {
  const { kind } = of;
  const { id, revision, number } = of.of;
  const [chosen, setChosen] = useState<string | undefined>(() => steps.find((one) => readUnsent(`${kind}.${id}.${one.verb}`))?.verb);
  const [busy, setBusy] = useState<string>();
  const [fault, setFault] = useState<string>();
  const open = useChosen(steps, chosen);

  const done = (step: Step, now: Acted) => {
    setChosen(undefined);
    toast(`${step.label}: ${number ?? ''}`);
    onChange(now);
  };
  async function atOnce(step: Step): Promise<void> {
    setBusy(step.verb);
    setFault(undefined);
    try {
      done(step, await act(kind, id, revision, step.verb, {}));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFault(error.message);
      if (error.status === 412 || error.slug === 'wrong-state') onConflict();
    } finally {
      setBusy(undefined);
    }
  }
  const choose = (step: Step) => {
    setFault(undefined);
    if (isAtOnce(step)) void atOnce(step);
    else setChosen(step.verb === chosen ? undefined : step.verb);
  };
  const offers = steps.map((one, i) => ({ verb: one.verb, label: one.label, look: lookOf(one, i), unlikely: one.place === 'aside' || one.place === 'grave', busy: busy === one.verb, run: () => choose(one) }));
  return (
    <Offered offers={offers} heading={open?.label}>
      {fault && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {open && (
        <ActForm key={open.verb} of={of} step={open} onDone={(now) => done(open, now)} onCancel={() => setChosen(undefined)} changed={changed} onConflict={onConflict} schema={schema}>
          {(parts) => fields?.(open, parts)}
        </ActForm>
      )}
    </Offered>
  );
}
