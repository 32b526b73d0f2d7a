/* What is loaded, once it is there; and what was tried and went wrong. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Button, Failed, Loading, Note } from '../../shared/parts/ui';
import type { Loaded } from '../../shared/store';
import { say } from '../lib/words';

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

/* The next of a long list; where it does not come, one is told. */
export function More({ load }: { load: () => Promise<void> }) {
  const [problem, act] = useAct();
  const [busy, setBusy] = useState(false);
  const next = async () => {
    setBusy(true);
    await act(load);
    setBusy(false);
  };
  return (
    <>
      <Trouble words={problem} />
      <Button busy={busy} onClick={() => void next()}>
        {say('more')}
      </Button>
    </>
  );
}
