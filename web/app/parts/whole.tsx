/* What is loaded, once it is there; and what was tried and went wrong. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Failed, Loading, Note } from '../../shared/parts/ui';
import type { Loaded } from '../../shared/store';

export function Whole<T>({ loaded, children }: { loaded: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (loaded.error && loaded.data === undefined) return <Failed error={loaded.error} again={loaded.again} />;
  return loaded.data === undefined ? <Loading /> : <>{children(loaded.data)}</>;
}

/* The words of the last problem, and how something is tried. */
export function useAct(): [string | undefined, (work: () => Promise<unknown>) => Promise<void>] {
  const [problem, set] = useState<string>();
  const act = async (work: () => Promise<unknown>) => {
    set(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      set(error.message);
    }
  };
  return [problem, act];
}

export const Trouble = ({ words }: { words: string | undefined }) =>
  words ? (
    <Note tone="bad" live>
      {words}
    </Note>
  ) : null;
