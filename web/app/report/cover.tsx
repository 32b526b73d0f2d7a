/* Covering faces and plates in a photograph before it leaves the phone: what is covered is never sent. */
import { useState } from 'preact/hooks';
import { sayFrom } from '../../shared/words';
import { getFile, putFile, type DraftPhoto } from '../lib/db';
import { coverAreas, type Area } from '../../shared/photo';
import { say } from '../lib/words';
import { Boxes } from '../../shared/parts/boxes';
import { Button, Dialog } from '../../shared/parts/ui';
import { usePicture } from './photo-grid';

const own = sayFrom({
  title: ['Che mặt, biển số', 'Cover faces and plates'],
  words: ['Chỗ đã che không rời khỏi máy của bạn, và không mở lại được.', 'What is covered does not leave your phone, and cannot be uncovered.'],
  apply: ['Che', 'Cover'],
});

export function CoverDialog({ photo, onClose, onDone }: { photo: DraftPhoto; onClose: () => void; onDone: (next: DraftPhoto) => void }) {
  const url = usePicture(photo.id);
  const [areas, setAreas] = useState<Area[]>([]);
  const [busy, setBusy] = useState(false);
  const apply = async () => {
    setBusy(true);
    const file = await getFile(photo.id);
    if (!file) return onClose();
    const { blob, width, height } = await coverAreas(file, areas);
    await putFile(photo.id, blob);
    onDone({ id: photo.id, width, height, size: blob.size, sent: 0, ...(photo.agencyOnly && { agencyOnly: true }) });
  };
  return (
    <Dialog title={own('title')} onClose={onClose}>
      <Boxes url={url} alt="" boxes={areas} set={setAreas} />
      <p class="small soft">{own('words')}</p>
      <div class="row">
        <Button look="main" icon="blur" busy={busy} disabled={areas.length === 0} onClick={() => void apply()}>
          {own('apply')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {say('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
