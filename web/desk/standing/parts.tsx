/* What the page of an organisation and that of an authority have in common. */
import { agencyName } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { Tag } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { Files } from '../dossier/papers';
import { useCatalogue } from '../lib/catalogue';
import { say } from '../words';
import { standingWord, toneOfStanding } from './words';

const own = sayFrom({
  paper: ['Giấy tờ', 'Paper'],
  noPapers: ['Không gửi kèm ảnh giấy tờ. Hãy xem bản chính trước khi xác nhận.', 'No pictures were sent along. See the papers themselves before you confirm.'],
});

export function PapersSent({ papers }: { papers: Array<{ id?: string }> | undefined }) {
  const ids = (papers ?? []).flatMap((one) => one.id ?? []);
  return (
    <section class="card" aria-labelledby="papers-title">
      <h2 id="papers-title">{say('documents')}</h2>
      {ids.length > 0 ? <Files ids={ids} label={own('paper')} /> : <p class="soft">{own('noPapers')}</p>}
    </section>
  );
}

/* How it stands. */
export const Standing = ({ state }: { state: Parameters<typeof standingWord>[0] }) => (
  <section class="card state" aria-label={say('state')}>
    <div class="row">
      <StandingTag state={state} />
    </div>
  </section>
);

export const StandingTag = ({ state }: { state: Parameters<typeof standingWord>[0] }) => <Tag tone={toneOfStanding(state)}>{standingWord(state)}</Tag>;

export interface Happened {
  words: string;
  at: string | undefined;
  office?: string | undefined;
  note?: string | undefined;
}

/* The latest first. */
export function WhatHappened({ entries }: { entries: Happened[] }) {
  const catalogue = useCatalogue().data;
  return (
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">{say('history')}</h2>
      <ol class="timeline">
        {[...entries].reverse().map((one) => (
          <li key={`${one.words} ${one.at}`}>
            <strong>{one.words}</strong>
            <span class="small soft">{[one.office && agencyName(catalogue, one.office), one.at && momentOf(one.at)].filter(Boolean).join(' · ')}</span>
            {one.note && <p class="lines said">{one.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
