/*
 * Who else has this case open. A sign of life goes out every few seconds while the page is looked at and somebody is
 * there; its answer names the others, and says by the revision whether the case is still as it stands here.
 *
 * It is asked for, not pushed over the stream of notices: the sign has to go out anyway, since only silence tells that
 * somebody is gone, and its answer costs no further request. A push would have to find all who look at the case, on
 * every node of a shared store, and so would read the store as often, for a gain of some seconds: what guards a case
 * is its revision.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PresenceList } from '../../api';
import { Problem, authorised, put } from '../../shared/call';
import { useWatched, watched } from '../../shared/store';
import { isAwake } from '../session/awake';
import { me } from '../session/state';

type Kind = 'report' | 'dossier'; // a complaint has one reader
export type Other = PresenceList['items'][number];

const writing = watched(false); // a step is begun and not sent

/* Said by the form of a step, as long as something stands in it. */
export function useWriting(something: boolean): void {
  useEffect(() => {
    writing.set(something);
    return () => writing.set(false);
  }, [something]);
}

const FIRST_S = 10;
const sign = async (kind: Kind, id: string, writes: boolean): Promise<PresenceList> => (await (kind === 'report' ? put('/v1/reports/{id}/presence', { id }, { writing: writes }) : put('/v1/dossiers/{id}/presence', { id }, { writing: writes }))).data;
/* It may be the last that the page does; what is not heard fades by itself. */
const leave = (id: string): void => void authorised(`/v1/desk/presence/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);

export function usePresence(kind: Kind, id: string, revision: number | undefined, onNewer: () => void): Other[] {
  const [others, set] = useState<Other[]>([]);
  const writes = useWatched(writing);
  const now = useRef({ revision, onNewer });
  now.current = { revision, onNewer };
  const works = me()?.role !== 'inspector' && revision !== undefined; // who looks on is waited for by nobody

  useEffect(() => {
    if (!works) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const beat = async () => {
      clearTimeout(timer);
      let again = FIRST_S;
      try {
        if (isAwake() && document.visibilityState === 'visible') {
          const told = await sign(kind, id, writes);
          if (!wanted) return;
          again = told.again_seconds;
          set(told.items);
          if (told.revision > (now.current.revision ?? told.revision)) now.current.onNewer();
        }
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 403 || error.status === 404) leave(id); // it was passed on: the last sign said that one writes
        if (wanted) set([]); // nobody is better than somebody who left
      }
      if (wanted) timer = setTimeout(() => void beat(), again * 1000);
    };
    const look = () => void (document.visibilityState === 'visible' ? beat() : leave(id));
    void beat();
    document.addEventListener('visibilitychange', look);
    return () => {
      wanted = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [kind, id, works, writes]);

  useEffect(() => {
    if (!works) return;
    const away = () => leave(id);
    addEventListener('pagehide', away);
    return () => {
      removeEventListener('pagehide', away);
      away();
    };
  }, [id, works]);
  return others;
}
