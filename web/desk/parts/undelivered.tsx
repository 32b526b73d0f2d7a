/* Beside the way to the administration: how many letters wait for somebody to look at them. */
import { useEffect } from 'preact/hooks';
import type { Me } from '../../api';
import { useWatched } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { countUndelivered, undelivered, useOverProvince } from '../lib/undelivered';

const own = sayFrom({ count: ['{0} không gửi được', '{0} undelivered'] });

export function Undelivered({ me }: { me: Me }) {
  const over = useOverProvince(me);
  const dead = useWatched(undelivered);
  useEffect(() => void (over && countUndelivered()), [over]);
  if (!dead || dead.count === 0) return null;
  const words = dead.more ? `${dead.count}+` : String(dead.count);
  return (
    <span class="way-count">
      <span aria-hidden="true">{words}</span>
      <span class="sr">, {own('count', words)}</span>
    </span>
  );
}
