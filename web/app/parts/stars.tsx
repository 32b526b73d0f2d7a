/* A rating of one to five: shown, or chosen. */
import { sayFrom } from '../../shared/words';
import { Icon } from '../../shared/parts/icon';

const own = sayFrom({ of: ['{0} trên 5 sao', '{0} of 5 stars'] });
const FIVE = [1, 2, 3, 4, 5];

export const Stars = ({ value }: { value: number }) => (
  <span class="row" role="img" aria-label={own('of', value)}>
    {'★'.repeat(value) + '☆'.repeat(5 - value)}
  </span>
);

export const ChooseStars = ({ legend, value, onChange }: { legend: string; value: number; onChange: (value: number) => void }) => (
  <fieldset>
    <legend class="sr">{legend}</legend>
    <div class="stars">
      {FIVE.map((n) => (
        <label key={n} class={n <= value ? 'on' : ''}>
          <input class="sr" type="radio" name="rating" checked={n === value} onChange={() => onChange(n)} aria-label={own('of', n)} />
          <Icon name="star" size={32} />
        </label>
      ))}
    </div>
  </fieldset>
);
