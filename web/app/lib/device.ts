/* This browser as the server knows it again, and as a person does. */
import { sayFrom } from '../../shared/words';
import { keep, recall } from './db';

const own = sayFrom({
  device: ['{0} trên {1}', '{0} on {1}'],
  browser: ['Trình duyệt', 'A browser'],
  someDevice: ['một thiết bị', 'a device'],
});

/* An id that this browser keeps, so that its limits are its own. */
export async function deviceId(): Promise<string> {
  const known = await recall<string>('device');
  if (known) return known;
  const made = crypto.randomUUID();
  await keep('device', made);
  return made;
}

const BROWSERS = [['Zalo', /Zalo/], ['Cốc Cốc', /coc_coc/i], ['Edge', /Edg/], ['Samsung Internet', /SamsungBrowser/], ['Opera', /OPR|Opera/], ['Firefox', /Firefox|FxiOS/], ['Chrome', /Chrome|CriOS/], ['Safari', /Safari/]] as const;
const SYSTEMS = [['iPhone', /iPhone/], ['iPad', /iPad/], ['Android', /Android/], ['Windows', /Windows/], ['Mac', /Macintosh/], ['Linux', /Linux/]] as const;

/* As who signed in knows it again among other phones of theirs: "Chrome trên Android". */
export function deviceName(): string {
  const of = (names: ReadonlyArray<readonly [string, RegExp]>) => names.find(([, mark]) => mark.test(navigator.userAgent))?.[0];
  return own('device', of(BROWSERS) ?? own('browser'), of(SYSTEMS) ?? own('someDevice'));
}
