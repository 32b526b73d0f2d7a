/* Beside each other, officers see what the other did, in whose name and words, before they do the same. */
import { momentOf } from '../../shared/format';
import { Button, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { useCatalogue, useColleagues } from '../lib/catalogue';
import { entryWords, whoOf, type Entry } from './history';
import { say, type Kind } from '../words';

const own = sayFrom({ changed: ['Vừa có thay đổi:', 'This has just changed:'] });

export function ChangeLines({ entries, kind }: { entries: Entry[]; kind: Kind }) {
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  return (
    <ul class="stack tight">
      {entries.map((one) => (
        <li key={one.seq}>
          <strong>{entryWords(one, kind, catalogue, staff)}</strong>{' '}
          <span class="small">
            {whoOf(one, catalogue, staff)}
            {one.at && ` · ${momentOf(one.at)}`}
          </span>
          {one.note && <p class="lines said small">{one.note}</p>}
        </li>
      ))}
    </ul>
  );
}

export const Changed = ({ entries, kind, onSeen }: { entries: Entry[]; kind: Kind; onSeen: () => void }) => (
  <Note tone="warn" icon="people" live>
    <div class="row spread from-top">
      <div class="grow">
        <p>{own('changed')}</p>
        <ChangeLines entries={entries} kind={kind} />
      </div>
      <Button look="quiet" onClick={onSeen}>
        {say('close')}
      </Button>
    </div>
  </Note>
);
