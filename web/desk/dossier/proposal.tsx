/* What the officer put to the leader, as long as it waits there: the server's list of what is to be signed, for one dossier. */
import type { StaffDossier } from '../../api';
import { momentOf } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { useCatalogue, useColleagues } from '../lib/catalogue';
import { whoOf, type Entry } from '../parts/history';

const own = sayFrom({
  title: ['Trình lãnh đạo ký', 'Put to the leader'],
  none: ['Không kèm ý kiến.', 'Without words.'],
});

const MOVES = new Set(['propose', 'send_back', 'forward', 'assign']);
const moves = ({ verb = '', from, to }: Entry): boolean => MOVES.has(verb) || (from !== undefined && to !== undefined && from !== to && verb !== 'pause' && verb !== 'resume');

export function Proposal({ dossier }: { dossier: StaffDossier }) {
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const last = dossier.history?.filter(moves).at(-1);
  if (dossier.state !== 'in_progress' || last?.verb !== 'propose') return null;
  return (
    <section class="card marked" aria-labelledby="proposal-title">
      <h2 id="proposal-title">{own('title')}</h2>
      <p class={last.note ? 'lines said' : 'soft'}>{last.note ?? own('none')}</p>
      <p class="small soft">{[whoOf(last, catalogue, staff), last.at && momentOf(last.at)].filter(Boolean).join(' · ')}</p>
    </section>
  );
}
