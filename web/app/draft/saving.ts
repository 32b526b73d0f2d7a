/*
 * A dossier's draft, saved as one types: a moment after the last touch, one save at a time, each on what the
 * server had. If somebody saved it meanwhile elsewhere, theirs is shown and ours is offered again.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DossierDraft, DraftSaveBody } from '../../api';
import { get, getWhole, Problem, put } from '../../shared/call';
import { go } from '../../shared/router';
import { carriedOver, type Schema } from '../../shared/schema';
import { keepTyped, readTyped } from '../lib/typed';

const PAUSE_MS = 800;
const AGAIN_MS = 5000;

export interface Content {
  form: Record<string, unknown>;
  components: Array<{ code: string; files: string[]; document?: string; issued_on?: string }>;
  exemptions: string[];
  fetch?: 'download' | 'counter' | 'post';
  desk?: string;
}
export type Saved = { is: 'saved'; at: number } | { is: 'saving' } | { is: 'waits'; why: string } | { is: 'conflict' };

/* Kept until the server has it: a session may end before that. */
interface Unsaved {
  revision: number;
  content: Content;
}

/* What changes, or how, from what is there by then. */
export type Edit = Partial<Content> | ((now: Content) => Partial<Content>);

export interface OpenDraft {
  draft: DossierDraft;
  content: Content;
  saved: Saved;
  change: (some: Edit) => void;
  flush: () => Promise<number>; // the revision once all is saved
  takeOurs: () => void;
  takeTheirs: () => void;
  sending: number; // papers under way
  during: (work: Promise<void>) => Promise<void>; // a paper is under way so long
  renew: () => Promise<void>; // to the procedure as it is now, with all of it that this has a place for
}

export const contentOf = (draft: DossierDraft): Content => ({
  form: draft.form ?? {},
  components: (draft.components ?? []).map((one) => ({ code: one.code ?? '', files: (one.files ?? []).map((file) => file.id ?? ''), ...(one.document && { document: one.document }), ...(one.issued_on && { issued_on: one.issued_on }) })),
  exemptions: draft.exemptions ?? [],
  ...(draft.fetch && { fetch: draft.fetch as 'download' }),
  ...(draft.desk && { desk: draft.desk }),
});

const bodyOf = (content: Content): DraftSaveBody => ({ ...content, components: content.components.filter((one) => one.files.length > 0 || one.document) });

/* It was filed meanwhile, here or elsewhere: that is where one is led, back and forth. */
function isFiled(thrown: unknown): boolean {
  const dossier = thrown instanceof Problem && thrown.status === 410 ? thrown.body.dossier : undefined;
  if (typeof dossier === 'string') go(`/app/dossiers/${dossier}`, true);
  return typeof dossier === 'string';
}

export function useOpenDraft(id: string): { open: OpenDraft | undefined; error: unknown; again: () => void } {
  const unsaved = `draft.${id}`;
  const [draft, setDraft] = useState<DossierDraft>();
  const [content, setContent] = useState<Content>();
  const [saved, setSaved] = useState<Saved>({ is: 'saved', at: 0 });
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const [sending, setSending] = useState(0);
  const under = useRef(0); // the same, for who leaves
  /* held: it was refused, and is not sent again before somebody changes or decides something. */
  const now = useRef<{ content: Content; revision: number; dirty: boolean; held?: boolean; timer?: ReturnType<typeof setTimeout>; running?: Promise<void> }>();

  const take = (found: DossierDraft) => {
    now.current = { content: contentOf(found), revision: found.revision, dirty: false };
    setDraft(found);
    setContent(now.current.content);
    setSaved({ is: 'saved', at: found.changed_at ? Date.parse(found.changed_at) : Date.now() });
    const left = readTyped<Unsaved>(unsaved);
    if (!left) return;
    now.current.revision = left.revision; // if it was changed elsewhere since, one is asked
    change(left.content);
  };
  useEffect(() => {
    setError(undefined);
    getWhole('/v1/dossier-drafts/{id}', { id }).then(({ data }) => take(data), (thrown: unknown) => isFiled(thrown) || setError(thrown));
    return () => clearTimeout(now.current?.timer);
  }, [id, turn]);
  /* Who goes on to another page within the pause has it saved all the same. */
  useEffect(
    () => () => {
      if (now.current?.dirty && !now.current.held) void run();
    },
    [],
  );
  /* Who leaves before it is saved is asked first; it is tried meanwhile. */
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (!now.current?.dirty && !now.current?.running && !under.current) return;
      if (now.current?.dirty) void run();
      event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);

  const save = async (): Promise<void> => {
    const one = now.current!;
    one.dirty = one.held = false;
    setSaved({ is: 'saving' });
    try {
      const { data } = await put('/v1/dossier-drafts/{id}', { id }, bodyOf(one.content), { headers: { 'if-match': `"${one.revision}"` } });
      one.revision = data.revision;
      keepTyped(unsaved, one.dirty ? ({ revision: one.revision, content: one.content } satisfies Unsaved) : undefined);
      setSaved({ is: 'saved', at: Date.now() });
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      if (thrown.status === 404 || thrown.status === 410) keepTyped(unsaved, undefined);
      if (isFiled(thrown)) return;
      if (thrown.status === 404) return setError(thrown); // somebody deleted it
      one.dirty = true;
      one.held = !thrown.passes;
      if (thrown.status === 412) return setSaved({ is: 'conflict' });
      setSaved({ is: 'waits', why: thrown.message });
      if (thrown.passes) later(AGAIN_MS);
    }
  };
  const run = (): Promise<void> => {
    const one = now.current!;
    clearTimeout(one.timer);
    one.running ??= save().finally(() => {
      delete one.running;
      if (one.dirty && !one.held && !one.timer) later(PAUSE_MS);
    });
    return one.running;
  };
  const later = (ms: number) => {
    const one = now.current!;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => {
      delete one.timer;
      void run();
    }, ms);
  };
  const change = (some: Edit) => {
    const one = now.current!;
    one.content = { ...one.content, ...(typeof some === 'function' ? some(one.content) : some) };
    one.dirty = true;
    keepTyped(unsaved, { revision: one.revision, content: one.content } satisfies Unsaved);
    setContent(one.content);
    setSaved((before) => (before.is === 'conflict' ? before : { is: 'saving' }));
    later(PAUSE_MS);
  };
  const flush = async () => {
    while (now.current!.running || now.current!.dirty) {
      await (now.current!.running ?? run());
      if (now.current!.dirty && !now.current!.running) break; // it could not be saved: the page says why
    }
    return now.current!.revision;
  };
  const takeOurs = async () => {
    const { data } = await getWhole('/v1/dossier-drafts/{id}', { id });
    now.current!.revision = data.revision;
    keepTyped(unsaved, { revision: data.revision, content: now.current!.content } satisfies Unsaved);
    await run();
  };
  const during = async (work: Promise<void>) => {
    setSending((under.current += 1));
    await work.finally(() => setSending((under.current -= 1)));
  };
  const renew = async () => {
    const revision = await flush();
    const code = draft?.procedure ?? '';
    const procedure = await get('/v1/procedures/{code}', { code });
    const schema = (procedure.form_schema ?? {}) as Schema;
    const { content: old } = now.current!;
    const kept: Content = {
      ...old,
      form: carriedOver(schema, schema, old.form),
      components: old.components.filter((one) => procedure.components?.some((known) => known.code === one.code)),
      exemptions: old.exemptions.filter((one) => procedure.exemptions?.some((known) => known.code === one)),
    };
    const { data } = await put('/v1/dossier-drafts/{id}', { id }, { ...bodyOf(kept), procedure_version: procedure.version_no }, { headers: { 'if-match': `"${revision}"` } });
    take(data);
  };
  const open = draft && content ? { draft, content, saved, change, flush, takeOurs: () => void takeOurs(), takeTheirs: () => (keepTyped(unsaved, undefined), setTurn((n) => n + 1)), sending, during, renew } : undefined;
  return { open, error, again: () => setTurn((n) => n + 1) };
}
