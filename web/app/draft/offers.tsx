/* Papers that were given before, offered in place of new ones. */
import type { DocumentOffers } from '../../api';
import { dateOf } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { Check } from '../../shared/parts/ui';

const own = sayFrom({
  use: ['Dùng giấy đã nộp: {0}', 'Use the one given before: {0}'],
  until: ['có giá trị đến {0}', 'valid until {0}'],
  cannot: ['Giấy đã nộp {0} không dùng được: {1}', 'The one given before, {0}, will not do: {1}'],
});

export function Offers({ offers, chosen, onChoose }: { offers: DocumentOffers | undefined; chosen: string | undefined; onChoose: (document: string | undefined) => void }) {
  if (!offers) return null;
  return (
    <>
      {offers.items.map((one) => {
        const name = [one.name, one.number].filter(Boolean).join(' ');
        if (!one.fits) return one.why_words && <p key={one.id} class="small soft">{own('cannot', name, one.why_words)}</p>;
        return (
          <Check key={one.id} id={`offer-${offers.code}-${one.id}`} checked={chosen === one.id} onChange={(on) => onChoose(on ? one.id : undefined)} {...(one.valid_until && { hint: own('until', dateOf(one.valid_until)) })}>
            {own('use', name)}
          </Check>
        );
      })}
    </>
  );
}
