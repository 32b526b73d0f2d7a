/*
 * The same step for several reports: offered is what the server allows for every one of them. Each is a request of its
 * own, and what could not be done is said by its number.
 */
import { useEffect, useState } from 'preact/hooks';
import type { StaffReport, StaffReportRow } from '../../api';
import { Problem, get } from '../../shared/call';
import { Button, Dialog, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { toast } from '../parts/toast';
import { say } from '../words';
import { act, type Body, type Step } from './act';
import { EACH_ITS_OWN, offersOf } from './fields';
import { ActForm } from './form';

const own = sayFrom({
  looking: ['Đang xem việc nào làm được chung…', 'Looking what can be done to all…'],
  nothing: ['Không có bước nào làm được cho tất cả.', 'No step can be taken for all of them.'],
  forAll: ['{0}: {1} phản ánh', '{0}: {1} reports'],
  done: ['{0}: xong {1} phản ánh.', '{0}: {1} reports done.'],
  failed: ['Không làm được {0} phản ánh:', '{0} reports could not be done:'],
});

/* What is each report's own (its photographs, the reporter, the earlier one) is not done by the dozen. */
const SINGLE = new Set(['photos', 'other', 'rating']);
const ONE_BY_ONE = new Set(['publish', 'answer', 'reveal', 'duplicate', 'approve', 'respond']);

async function common(rows: StaffReportRow[]): Promise<{ reports: StaffReport[]; steps: Step[] }> {
  const reports = (await Promise.all(rows.map((one) => get('/v1/reports/{id}', { id: one.id })))) as StaffReport[];
  const [first, ...rest] = reports;
  const steps = (first?.steps ?? []).filter((step) => !step.at && !ONE_BY_ONE.has(step.verb) && !step.needs.some((need) => SINGLE.has(need)) && rest.every((other) => other.steps.some((one) => one.verb === step.verb && one.needs.join() === step.needs.join())));
  return { reports, steps };
}

const ofEach = async (report: string, body: Body): Promise<Body> => (body.agency === EACH_ITS_OWN ? { ...body, agency: (await offersOf(report))[0]?.agency } : body);

export function Bulk({ rows, onClear, onDone }: { rows: StaffReportRow[]; onClear: () => void; onDone: () => void }) {
  const key = rows.map((one) => `${one.id} ${one.revision}`).join();
  const [found, setFound] = useState<{ key: string; reports: StaffReport[]; steps: Step[] }>();
  const [step, setStep] = useState<Step>();
  const [failures, setFailures] = useState<string[]>([]);
  useEffect(() => {
    let wanted = true;
    common(rows).then(
      (now) => wanted && setFound({ key, ...now }),
      (error: unknown) => wanted && error instanceof Problem && setFailures([error.message]),
    );
    return () => void (wanted = false);
  }, [key]);

  async function all(chosen: Step, body: Body): Promise<StaffReport> {
    const { reports } = found!;
    const failed: string[] = [];
    let last = reports[0]!;
    for (const one of reports) {
      try {
        last = (await act('report', one.id, one.revision, chosen.verb, await ofEach(one.id, body))) as StaffReport;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.errors.length) throw error; // the same fields are wrong for each
        failed.push(`${one.number}: ${error.message}`);
      }
    }
    setFailures(failed);
    if (failed.length < reports.length) toast(own('done', chosen.label, reports.length - failed.length));
    return last;
  }
  const finish = () => {
    setStep(undefined);
    onDone();
  };
  const ready = found?.key === key ? found : undefined;
  return (
    <div class="bulk" role="region" aria-label={say('selected', rows.length)}>
      <strong>{say('selected', rows.length)}</strong>
      {!ready ? (
        <span class="soft">{own('looking')}</span>
      ) : ready.steps.length === 0 ? (
        <span class="soft">{own('nothing')}</span>
      ) : (
        ready.steps.map((one) => (
          <Button key={one.verb} look={one.place === 'grave' ? 'danger' : 'second'} onClick={() => setStep(one)}>
            {one.label}
          </Button>
        ))
      )}
      <Button look="quiet" icon="cross" onClick={onClear}>
        {say('unselect')}
      </Button>
      {failures.length > 0 && (
        <Note tone="bad" live>
          <p>{own('failed', failures.length)}</p>
          {failures.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </Note>
      )}
      {step && ready && (
        <Dialog title={own('forAll', step.label, rows.length)} onClose={() => setStep(undefined)}>
          <ActForm of={{ kind: 'report', of: ready.reports[0]! }} step={step} several={ready.reports.map((one) => one.id)} send={(body) => all(step, body)} onDone={finish} onCancel={() => setStep(undefined)} onConflict={onDone} />
        </Dialog>
      )}
    </div>
  );
}
