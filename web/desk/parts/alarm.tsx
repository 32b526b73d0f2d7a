/* New emergencies: they stand above every page, and in the tab's title, until somebody sees to them. */
import { useEffect } from 'preact/hooks';
import { Icon } from '../../shared/parts/icon';
import { go } from '../../shared/router';
import { useWatched } from '../../shared/store';
import { titleAlarm } from '../../shared/title';
import { sayFrom } from '../../shared/words';
import { alarms, lookAfter } from '../lib/alarms';
import { news } from '../lib/live';
import { useLooks } from '../lib/look';

const own = sayFrom({
  title: ['Phản ánh khẩn cấp mới: {0}', 'A new emergency: {0}'],
  many: ['{0} phản ánh khẩn cấp mới', '{0} new emergencies'],
  open: ['Mở ngay', 'Open it'],
  openOf: ['Mở ngay {0}', 'Open {0}'],
});

const EVERY_MS = 15_000;
const look = (): void => void lookAfter().catch(() => undefined); // looked at again in a while

export function Alarms() {
  const now = useWatched(alarms);
  const turn = useWatched(news);
  useEffect(look, [turn]);
  useLooks(EVERY_MS, look);
  useEffect(() => {
    titleAlarm(now.length > 0 ? `⚠ ${now.length > 1 ? own('many', now.length) : own('title', now[0]!.number)}` : undefined);
    return () => titleAlarm(undefined);
  }, [now]);
  if (now.length === 0) return null;
  return (
    <div class="alarms" role="alert">
      {now.map((one) => (
        <div key={one.id} class="alarm">
          <Icon name="siren" />
          <strong class="grow">{own('title', one.number)}</strong>
          <button type="button" class="button" aria-label={now.length > 1 ? own('openOf', one.number) : undefined} onClick={() => go(`/desk/reports/${one.id}`)}>
            {own('open')}
          </button>
        </div>
      ))}
    </div>
  );
}
