/* A form on its way: busy meanwhile; what is wrong is said at its field, or in words above the button. */
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { wordsOf } from '../session/passkey';

export interface Sending {
  busy: boolean;
  words: string | undefined;
  fault(field: string): string | undefined; // of the member that a JSON Pointer begins with: "note", "people/0"
  wrong(faults: Record<string, string>): void; // found here, before anything is sent
  edited(): void; // a form's onInput: what was wrong is being mended
  run(work: () => Promise<void>): Promise<void>;
}

export function useSending(): Sending {
  const [state, set] = useState<{ busy: boolean; words?: string; faults: Record<string, string> }>({ busy: false, faults: {} });
  return {
    busy: state.busy,
    words: state.words,
    fault: (field) => Object.entries(state.faults).find(([name]) => name === field || name.startsWith(`${field}/`))?.[1],
    wrong: (faults) => set({ busy: false, faults }),
    edited: () => set((now) => (Object.keys(now.faults).length ? { ...now, faults: {} } : now)),
    async run(work) {
      set({ busy: true, faults: {} });
      try {
        await work();
        set({ busy: false, faults: {} });
      } catch (error) {
        const words = wordsOf(error);
        set({ busy: false, words, faults: error instanceof Problem ? Object.fromEntries(error.errors.map((one) => [one.pointer.slice(1), one.detail])) : {} });
      }
    },
  };
}
