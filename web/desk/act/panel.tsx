/* What may be done next: a button for each step that the server allows, and the form of the one that was chosen. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Button, Note } from '../../shared/parts/ui';
import type { Schema } from '../../shared/schema';
import { useKeys } from '../lib/keys';
import { readUnsent } from '../lib/unsent';
import type { Entry } from '../parts/history';
import { toast } from '../parts/toast';
import { say } from '../words';
import { act, isAtOnce, oneOfEach, type Acted, type Case, type Step } from './act';
import { ActForm, type FormParts } from './form';
import { inOrder, lookOf } from './order';

interface Props {
  of: Case;
  steps: Step[];
  onChange: (now: Acted) => void;
  changed: Entry[]; // by others, since it was looked at
  onConflict: () => void;
  schema?: Schema | undefined; // of the case's form
  fields?: (step: Step, parts: FormParts) => ComponentChildren;
}

export function ActPanel({ of, steps: allowed, onChange, changed, onConflict, schema, fields }: Props) {
  const { kind } = of;
  const steps = oneOfEach(allowed);
  const { id, revision, number } = of.of;
  const [chosen, setChosen] = useState<string | undefined>(() => steps.find((one) => readUnsent(`${kind}.${id}.${one.verb}`))?.verb);
  const [busy, setBusy] = useState<string>();
  const [fault, setFault] = useState<string>();
  const ordered = inOrder(steps, of);
  const open = steps.find((one) => one.verb === chosen);
  useKeys(ordered.slice(0, 9).map((one, i) => ({ key: String(i + 1), words: one.label, run: () => choose(one) })));

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
  return (
    <section class="card act" aria-labelledby="act-title">
      <h2 id="act-title">{open ? open.label : say('next')}</h2>
      {fault && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {open ? (
        <ActForm key={open.verb} of={of} step={open} onDone={(now) => done(open, now)} onCancel={() => setChosen(undefined)} changed={changed} onConflict={onConflict} schema={schema}>
          {(parts) => fields?.(open, parts)}
        </ActForm>
      ) : ordered.length === 0 ? (
        <p class="soft">{say('nothingNext')}</p>
      ) : (
        <div class="act-buttons">
          {ordered.map((one, i) => (
            <Button key={one.verb} look={lookOf(one, of, i)} busy={busy === one.verb} onClick={() => choose(one)}>
              {one.label}
              {i < 9 && (
                <kbd class="hint" aria-hidden="true">
                  {i + 1}
                </kbd>
              )}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
