/*
 * Three rising tones, made here: no file is fetched. A browser that forbids sound until one has clicked stays silent.
 * Whether they are wanted is this computer's, whoever sits at it.
 */
import { watched } from '../../shared/store';

const KEPT = 'tram.bell';

function isWanted(): boolean {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    return true; // a browser that keeps nothing
  }
}

export const bell = watched(isWanted());

export function setBell(on: boolean): void {
  bell.set(on);
  try {
    if (on) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, 'off');
  } catch {
    return; // it holds until the page is closed
  }
}

const TONES = [660, 880, 1100];
const EACH_S = 0.22;

let context: AudioContext | undefined;

export function ring(): void {
  if (!bell.get()) return;
  context ??= new AudioContext();
  void context.resume().then(() => {
    const start = context!.currentTime;
    TONES.forEach((pitch, i) => {
      const tone = context!.createOscillator();
      const volume = context!.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.18, start + i * EACH_S);
      volume.gain.exponentialRampToValueAtTime(0.001, start + (i + 1) * EACH_S);
      tone.connect(volume).connect(context!.destination);
      tone.start(start + i * EACH_S);
      tone.stop(start + (i + 1) * EACH_S);
    });
  });
}
