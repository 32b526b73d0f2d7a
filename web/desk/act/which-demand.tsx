/* Which demand an answer is for, where the agency owes several; the first, unless another is chosen. */
import { Choices } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { demandText, demandWord, owedBy, type Demand } from '../parts/demands';
import type { Entry } from '../parts/history';
import { me } from '../session/state';

const own = sayFrom({ which: ['Trả lời yêu cầu nào', 'Which demand is answered'] });

export function WhichDemand({ demands, history, chosen, choose }: { demands: Demand[] | undefined; history: Entry[] | undefined; chosen: string | undefined; choose: (id: string) => void }) {
  const owed = owedBy(demands, me()?.agency);
  if (owed.length < 2) return null; // it stands above
  return <Choices compact name="respond-demand" legend={own('which')} options={owed.map((one) => [one.id!, demandWord(one), demandText(one, history)] as const)} value={chosen ?? owed[0]!.id} onChange={choose} />;
}
