/* The title of the tab: what the page is, how much is unread before it, and an alarm in place of both. */
let page = document.title;
let unread = 0;
let alarm: string | undefined;

const write = (): void => void (document.title = alarm ?? (unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${page}` : page));

export function titlePage(words: string): void {
  page = `${words} · Trạm`;
  write();
}
export function titleUnread(count: number): void {
  unread = count;
  write();
}
export function titleAlarm(words: string | undefined): void {
  alarm = words;
  write();
}
