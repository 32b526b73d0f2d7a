/* “Who would take a lamp in Tân Thành?”: asked of the server, as a report would be. */
import { useState } from 'preact/hooks';
import type { AdminAgency, AdminCategory, AdminRuleTried, Commune } from '../../api';
import { Problem, get } from '../../shared/call';
import { Button, Note } from '../../shared/parts/ui';
import { named, sayFrom } from '../../shared/words';
import { say } from '../words';
import { ANY } from './routing';

const own = sayFrom({
  title: ['Thử: ai sẽ nhận?', 'Try: who would take it?'],
  ask: ['Thử', 'Try'],
  takes: ['{0} sẽ nhận, {1}.', '{0} would take it, {1}.'],
  both: ['theo quy tắc riêng của lĩnh vực này ở nơi này', 'by a rule of just this category and commune'],
  ofCommune: ['theo quy tắc của xã, phường', 'by the commune’s rule'],
  ofCategory: ['theo quy tắc của lĩnh vực', 'by the category’s rule'],
  ofAll: ['theo quy tắc chung cho mọi nơi', 'by the rule for everything'],
  nobody: ['Không quy tắc nào nhận: phản ánh nằm ở cổng tỉnh chờ phân phối.', 'No rule takes it: it waits at the portal to be dispatched.'],
  idle: ['Quy tắc tới {0} bị bỏ qua vì cơ quan đã ngừng hoạt động.', 'The rule to {0} is passed over: the agency is no longer active.'],
});

const why = (rule: NonNullable<AdminRuleTried['rule']>): string => own(rule.category === ANY ? (rule.commune === ANY ? 'ofAll' : 'ofCommune') : rule.commune === ANY ? 'ofCategory' : 'both');

export function TryOut({ categories, communes, agencies }: { categories: AdminCategory[]; communes: Commune[]; agencies: AdminAgency[] }) {
  const [category, setCategory] = useState(categories[0]?.code ?? '');
  const [commune, setCommune] = useState(communes[0]?.code ?? '');
  const [found, set] = useState<AdminRuleTried>();
  const [words, setWords] = useState<string>();
  const nameOf = (code: string | undefined) => named(agencies.find((one) => one.code === code), code);
  async function ask(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    set(undefined);
    setWords(undefined);
    try {
      set(await get('/v1/admin/routes/try', {}, { category, commune }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setWords(error.message);
    }
  }
  return (
    <form class="card" onSubmit={(event) => void ask(event)}>
      <h2>{own('title')}</h2>
      <div class="row try-out">
        <select aria-label={say('category')} value={category} onChange={(event) => (setCategory(event.currentTarget.value), set(undefined))}>
          {categories.map((one) => (
            <option key={one.code} value={one.code}>
              {named(one)}
            </option>
          ))}
        </select>
        <select aria-label={say('commune')} value={commune} onChange={(event) => (setCommune(event.currentTarget.value), set(undefined))}>
          {communes.map((one) => (
            <option key={one.code} value={one.code}>
              {one.full_name}
            </option>
          ))}
        </select>
        <Button type="submit">{own('ask')}</Button>
      </div>
      {words && (
        <Note tone="bad" live>
          {words}
        </Note>
      )}
      {found && (
        <Note tone={found.rule ? 'good' : 'warn'} live>
          <p>{found.rule ? own('takes', nameOf(found.rule.agency), why(found.rule)) : own('nobody')}</p>
          {found.idle.map((one) => (
            <p key={`${one.category} ${one.commune}`}>{own('idle', nameOf(one.agency))}</p>
          ))}
        </Note>
      )}
    </form>
  );
}
