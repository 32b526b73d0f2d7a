/* Three rising tones, made here: no file is fetched. A browser that forbids sound until one has clicked stays silent. */
const TONES = [660, 880, 1100];
const EACH_S = 0.22;

let context: AudioContext | undefined;

export function ring(): void {
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
