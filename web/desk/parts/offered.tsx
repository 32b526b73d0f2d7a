/*
 * What may be done next: a button for each, with its key, and in its place the form of the one that was chosen. What is
 * not likely stands behind one button more.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { useKeys } from '../lib/keys';
import { say } from '../words';

const own = sayFrom({ more: ['Việc khác ({0})', 'Others ({0})'] });

export interface Offer {
  verb: string;
  label: string;
  look: 'main' | 'second' | 'quiet' | 'danger';
  unlikely?: boolean;
  busy?: boolean;
  run(): void;
}

const FEW = 3; // unlikely ones that are not worth a button of their own
const KEYS = 9;
const MORE = '0';

/* The one of a verb that was chosen. What is being written stays, even when another has done or decided it meanwhile. */
export function useChosen<T extends { verb: string }>(of: T[], verb: string | undefined): T | undefined {
  const kept = useRef<T>();
  kept.current = of.find((one) => one.verb === verb) ?? (kept.current?.verb === verb ? kept.current : undefined);
  return kept.current;
}

/* heading: of what is open now. */
export function Offered({ offers, heading, children }: { offers: Offer[]; heading: string | undefined; children: ComponentChildren }) {
  const all = offers.map((one) => one.verb).join();
  const [shownOf, show] = useState<string>(); // which offers were unfolded; others are folded anew
  const isAll = shownOf === all;
  const showAll = () => show(all);
  const buttons = useRef<HTMLDivElement>(null);
  const likely = offers.filter((one) => !one.unlikely);
  const isFolded = !isAll && likely.length > 0 && offers.length > likely.length + FEW;
  const shown = isFolded ? likely : offers;
  useEffect(() => {
    if (isAll) buttons.current?.querySelectorAll<HTMLElement>('button')[likely.length]?.focus();
  }, [isAll]);
  const keys = shown.slice(0, KEYS).map((one, i) => ({ key: String(i + 1), words: one.label, run: one.run }));
  useKeys(isFolded ? [...keys, { key: MORE, words: own('more', offers.length - likely.length), run: showAll }] : keys);
  const hint = (key: string) => (
    <kbd class="hint" aria-hidden="true">
      {key}
    </kbd>
  );
  return (
    <section class="card act" aria-labelledby="act-title">
      <h2 id="act-title">{heading ?? say('next')}</h2>
      {children}
      {heading === undefined && offers.length === 0 && <p class="soft">{say('nothingNext')}</p>}
      {heading === undefined && offers.length > 0 && (
        <div ref={buttons} class="act-buttons">
          {shown.map((one, i) => (
            <Button key={one.verb} look={one.look} busy={one.busy === true} onClick={one.run}>
              {one.label}
              {i < KEYS && hint(String(i + 1))}
            </Button>
          ))}
          {isFolded && (
            <Button look="quiet" aria-expanded={false} onClick={showAll}>
              {own('more', offers.length - likely.length)}
              {hint(MORE)}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
