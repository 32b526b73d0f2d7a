/* What stands on the pages of those for whom one acts: kind, state, and beginning to act for them. */
import { Button, Tag } from '../../shared/parts/ui';
import { go } from '../../shared/router';
import { useWatched } from '../../shared/store';
import { sayFrom, type Tone, type Words } from '../../shared/words';
import { actAs, acting } from '../lib/acting';

const own = sayFrom({
  act: ['Làm thay', 'Act for them'],
  stop: ['Thôi làm thay', 'Act for myself again'],
});

export const kinds = sayFrom({
  parent: ['Cha mẹ', 'Parent'],
  guardian: ['Người giám hộ', 'Guardian'],
  proxy: ['Được uỷ quyền', 'By proxy'],
  enterprise: ['Doanh nghiệp', 'Enterprise'],
  household: ['Hộ kinh doanh', 'Household business'],
} as const satisfies Words);

export const roles = sayFrom({
  represents: ['Người đại diện', 'Representative'],
  prepares: ['Người làm hồ sơ', 'Prepares'],
  reads: ['Người xem', 'Reader'],
} as const satisfies Words);

const states = {
  offered: ['Chờ nhận', 'Offered'],
  pending: ['Chờ xã, phường xác nhận', 'Waits for the office'],
  active: ['Đang có hiệu lực', 'In force'],
  confirmed: ['Đã xác nhận', 'Confirmed'],
  declined: ['Không nhận', 'Declined'],
  refused: ['Không được xác nhận', 'Refused'],
  ended: ['Đã chấm dứt', 'Ended'],
  over: ['Hết hạn', 'Over'],
} as const satisfies Words;
const stateWords = sayFrom(states);
export const State = ({ state }: { state: string | undefined }) => {
  const tones: Record<string, Tone> = { active: 'good', confirmed: 'good', offered: 'warn', pending: 'warn', refused: 'bad' };
  return state && state in states ? <Tag tone={tones[state] ?? 'plain'}>{stateWords(state as keyof typeof states)}</Tag> : null;
};

export function Switch({ id, name }: { id: string; name: string }) {
  const now = useWatched(acting);
  if (now?.id === id)
    return (
      <Button look="quiet" onClick={() => void actAs(undefined)}>
        {own('stop')}
      </Button>
    );
  return (
    <Button look="main" onClick={() => void actAs({ id, name }).then(() => go('/app/mine'))}>
      {own('act')}
    </Button>
  );
}
