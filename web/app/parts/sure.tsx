/* What cannot be undone is asked about first. */
import { useState } from 'preact/hooks';
import { Button, Dialog } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { isBlank, removeDraft, type ReportDraft } from '../lib/db';
import { say } from '../lib/words';
import { Trouble, useAct } from './whole';

const own = sayFrom({
  title: ['Xoá bản viết này?', 'Delete this draft?'],
  words: ['Nội dung và ảnh chỉ có trên máy này, xoá rồi không lấy lại được.', 'Its words and photos are on this phone alone; they cannot be had back.'],
});

export function Sure({ title, words, yes, run, onClose }: { title: string; words: string; yes: string; run: () => Promise<unknown>; onClose: () => void }) {
  const [problem, act] = useAct();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{words}</p>
      <Trouble words={problem} />
      <div class="row">
        <Button look="danger" onClick={() => void act(run)}>
          {yes}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {say('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

export function DropDraft({ draft, words, onDone = () => undefined }: { draft: ReportDraft; words: string; onDone?: () => void }) {
  const [asked, ask] = useState(false);
  const drop = () => removeDraft(draft.id).then(onDone);
  return (
    <>
      <Button look="quiet" icon="trash" onClick={() => (isBlank(draft) ? void drop() : ask(true))}>
        {words}
      </Button>
      {asked && <Sure title={own('title')} words={own('words')} yes={say('remove')} run={drop} onClose={() => ask(false)} />}
    </>
  );
}
