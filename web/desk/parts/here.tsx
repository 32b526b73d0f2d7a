/* Who else has the case open, beside its number: before two people do the same twice. */
import { agencyName } from '../../shared/catalogue';
import { Icon } from '../../shared/parts/icon';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import type { Other } from '../lib/presence';
import { roleWord } from '../words';

const own = sayFrom({
  here: ['{0} cũng đang mở việc này', '{0} is here too'],
  writes: ['{0} đang viết ở việc này', '{0} is writing here'],
});

export function Here({ others }: { others: Other[] }) {
  const catalogue = useCatalogue().data;
  const name = (one: Other) => one.name ?? [one.title ?? roleWord(one.role), agencyName(catalogue, one.agency)].filter(Boolean).join(', ');
  return (
    <div class="here" role="status">
      {others.map((one) => (
        <span key={one.id} class={one.writing ? 'here-one writes' : 'here-one'}>
          <Icon name={one.writing ? 'pen' : 'eye'} size={18} /> {own(one.writing ? 'writes' : 'here', name(one))}
        </span>
      ))}
    </div>
  );
}
