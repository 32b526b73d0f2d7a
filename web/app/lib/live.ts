/* Notices as they come, while somebody is signed in and the page is looked at. */
import { get } from '../../shared/call';
import { turnLive, type Listening } from '../../shared/live';
import { news, signed, unread } from './state';

export async function countUnread(): Promise<void> {
  const page = await get('/v1/notices', {}, { limit: 100 });
  unread.set(page.items.filter((one) => !one.read_at).length);
}

const countSoon = () => void countUnread().catch(() => undefined); // counted again when the line is back, or by the next event

const listening: Listening = {
  wanted: () => signed.get() === true && document.visibilityState === 'visible',
  began: countSoon,
  heard: () => {
    news.set(news.get() + 1);
    countSoon();
  },
};

export function goLive(): void {
  const turn = () => turnLive(listening);
  signed.watch(turn);
  document.addEventListener('visibilitychange', turn);
  turn();
}
