/* Whether an emergency was heard: those on duty are rung in turn until somebody says so. */
import type { Emergency, StaffReport } from '../../api';
import { get, post } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Note } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { nameOf, useColleagues } from '../lib/catalogue';
import { useSending } from '../lib/sending';
import { me } from '../session/state';
import { say } from '../words';

const own = sayFrom({
  title: ['Báo động khẩn cấp', 'Emergency'],
  ringing: ['Chưa ai xác nhận đã nghe. Đang báo lần lượt người trực.', 'Nobody has said that they heard. Those on duty are being rung in turn.'],
  unheard: ['Đã báo hết lượt mà chưa ai xác nhận.', 'All were rung, and nobody has said that they heard.'],
  heard: ['{0} đã nghe lúc {1}.', '{0} heard it {1}.'],
  over: ['Không báo nữa: đã có người tiếp nhận hoặc chuyển phản ánh.', 'It rings no more: somebody received the report, or passed it on.'],
  hear: ['Tôi đã nghe, tôi lo', 'I have heard, I see to it'],
  next: ['Báo người kế tiếp lúc {0}.', 'The next is rung {0}.'],
});

/* Who is on the roster, leads the agency, or is the portal's; others may receive the report, which ends the ringing, too. */
const mayHear = ({ plan }: Emergency): boolean => ['leader', 'dispatcher'].includes(me()?.role ?? '') || (plan ?? []).some((one) => one.id === me()?.id);

export function EmergencyState({ report }: { report: StaffReport }) {
  const staff = useColleagues().data;
  const wanted = report.emergency && report.open;
  const found = useLoaded<Emergency | undefined>(async () => (wanted ? (await get('/v1/desk/emergencies', {}, { limit: 200 })).items.find((one) => one.about === report.id) : undefined), `emergency ${report.id} ${report.revision}`);
  const sending = useSending();
  const one = found.data;
  if (!one) return null;
  const rings = one.state === 'ringing' || one.state === 'unheard';
  const hear = () => void sending.run(async () => (await post('/v1/desk/emergencies/{id}/acknowledge', { id: report.id }, undefined), found.again()));
  return (
    <section class="card" aria-labelledby="emergency-title">
      <h2 id="emergency-title">{own('title')}</h2>
      {rings && (
        <Note tone="bad" icon="siren">
          <p>{own(one.state === 'unheard' ? 'unheard' : 'ringing')}</p>
          {one.state === 'ringing' && one.next_at && <p class="small">{own('next', momentOf(one.next_at))}</p>}
        </Note>
      )}
      {one.state === 'acknowledged' && <p>{own('heard', nameOf(staff, one.by) || say('officer'), one.acknowledged_at ? momentOf(one.acknowledged_at) : '')}</p>}
      {one.state === 'over' && <p class="soft">{own('over')}</p>}
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      {rings && mayHear(one) && (
        <Button look="main" icon="check" busy={sending.busy} onClick={hear}>
          {own('hear')}
        </Button>
      )}
    </section>
  );
}
