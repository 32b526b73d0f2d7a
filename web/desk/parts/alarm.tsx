/* A new emergency: it stands above every page until somebody looks, and in the tab's title. */
import { useEffect } from 'preact/hooks';
import { Icon } from '../../shared/parts/icon';
import { go } from '../../shared/router';
import { useWatched } from '../../shared/store';
import { titleAlarm } from '../../shared/title';
import { sayFrom } from '../../shared/words';
import { alarm } from '../lib/live';

const own = sayFrom({
  title: ['Phản ánh khẩn cấp mới: {0}', 'A new emergency: {0}'],
  open: ['Mở ngay', 'Open it'],
});

export function Alarm() {
  const now = useWatched(alarm);
  useEffect(() => {
    titleAlarm(now && `⚠ ${own('title', now.number)}`);
    return () => titleAlarm(undefined);
  }, [now]);
  if (!now) return null;
  const look = () => {
    alarm.set(undefined);
    go(`/desk/reports/${now.id}`);
  };
  return (
    <div class="alarm" role="alert">
      <Icon name="siren" />
      <strong class="grow">{own('title', now.number)}</strong>
      <button type="button" class="button" onClick={look}>
        {own('open')}
      </button>
    </div>
  );
}
