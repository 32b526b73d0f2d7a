/* The case before and the case after, of the list that one came from: by button, or by j and k. */
import { Icon } from '../../shared/parts/icon';
import { go } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { useKeys } from '../lib/keys';
import { neighbours } from '../lib/walk';
import { say } from '../words';

const own = sayFrom({
  previous: ['Việc trước trong danh sách', 'Previous of the list'],
  following: ['Việc sau trong danh sách', 'Next of the list'],
});

export function Walk({ id, at }: { id: string; at: (id: string) => string }) {
  const near = neighbours(id);
  const ways = [
    { key: 'k', words: own('previous'), to: near?.before, icon: 'back' },
    { key: 'j', words: own('following'), to: near?.after, icon: 'forth' },
  ] as const;
  useKeys([...ways.flatMap(({ key, words, to }) => (to ? [{ key, words, run: () => go(at(to)) }] : [])), { key: 'u', words: say('back'), run: () => history.back() }]);
  if (!near || near.of < 2) return null;
  return (
    <div class="walk">
      {ways.map((one) => (
        <button key={one.key} type="button" class="round" disabled={!one.to} aria-label={one.words} title={`${one.words} (${one.key})`} onClick={() => one.to && go(at(one.to))}>
          <Icon name={one.icon} size={20} />
        </button>
      ))}
      <span class="small soft">
        {near.at}/{near.of}
      </span>
    </div>
  );
}
