/* Counts as bars with their numbers in words: the whole, and the part of it that is done. */
import { count } from '../format';

export interface Bar {
  label: string;
  whole: number;
  part: number;
}

export function Bars({ rows, partWord }: { rows: Bar[]; partWord: string }) {
  const most = Math.max(1, ...rows.map((row) => row.whole));
  return (
    <ul class="bars">
      {rows.map((row) => (
        <li key={row.label} class="bar-row">
          <div class="row spread small">
            <span>{row.label}</span>
            <span>
              <strong>{count(row.whole)}</strong>
              <span class="soft">
                {' '}
                · {partWord.toLowerCase()} {count(row.part)}
              </span>
            </span>
          </div>
          <div class="bar-track" aria-hidden="true" style={{ width: `${Math.max(4, (100 * row.whole) / most)}%` }}>
            <div class="bar-fill" style={{ width: `${(100 * row.part) / Math.max(1, row.whole)}%` }} />
          </div>
        </li>
      ))}
    </ul>
  );
}
