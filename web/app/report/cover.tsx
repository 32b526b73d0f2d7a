/* Drawing over faces and plates: by finger or mouse; with the keyboard an area is moved and sized. */
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { sayFrom } from '../../shared/words';
import { getFile, putFile, type DraftPhoto } from '../lib/db';
import { coverAreas, type Area } from '../../shared/photo';
import { say } from '../lib/words';
import { Button, Dialog } from '../../shared/parts/ui';
import { usePicture } from './photo-step';

const own = sayFrom({
  title: ['Che mặt, biển số', 'Cover faces and plates'],
  words: ['Kéo ngón tay thành khung quanh chỗ cần che. Dùng bàn phím: thêm khung, rồi phím mũi tên để dời.', 'Drag a frame around what is to be covered. By keyboard: add a frame, then move it with the arrow keys.'],
  add: ['Thêm khung', 'Add a frame'],
  undo: ['Bỏ khung cuối', 'Remove the last frame'],
  apply: ['Che', 'Cover'],
  frame: ['Khung {0}', 'Frame {0}'],
});

const clamp = (n: number) => Math.min(1, Math.max(0, n));
const LEAST = 0.02;

export function CoverDialog({ photo, onClose, onDone }: { photo: DraftPhoto; onClose: () => void; onDone: (next: DraftPhoto) => void }) {
  const url = usePicture(photo.id);
  const [areas, setAreas] = useState<Area[]>([]);
  const [drawn, setDrawn] = useState<Area>();
  const [busy, setBusy] = useState(false);
  const start = useRef<{ x: number; y: number }>();

  const placeOf = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: clamp((event.clientX - box.left) / box.width), y: clamp((event.clientY - box.top) / box.height) };
  };
  const down = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = placeOf(event);
  };
  const move = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    if (!start.current) return;
    const [a, b] = [start.current, placeOf(event)];
    setDrawn({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) });
  };
  const up = () => {
    if (drawn && drawn.width > LEAST && drawn.height > LEAST) setAreas([...areas, drawn]);
    start.current = undefined;
    setDrawn(undefined);
  };
  const nudge = (i: number, event: KeyboardEvent) => {
    const by = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
    if (!by) return;
    event.preventDefault();
    setAreas(areas.map((one, k) => (k === i ? { ...one, x: clamp(one.x + by[0] * 0.02), y: clamp(one.y + by[1] * 0.02) } : one)));
  };
  const apply = async () => {
    setBusy(true);
    const file = await getFile(photo.id);
    if (!file) return onClose();
    const { blob, width, height } = await coverAreas(file, areas);
    await putFile(photo.id, blob);
    onDone({ id: photo.id, width, height, size: blob.size, sent: 0 });
  };
  const place = (one: Area) => ({ left: `${one.x * 100}%`, top: `${one.y * 100}%`, width: `${one.width * 100}%`, height: `${one.height * 100}%` });

  return (
    <Dialog title={own('title')} onClose={onClose}>
      <p class="small soft">{own('words')}</p>
      <div class="cover" onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up}>
        {url && <img src={url} alt="" draggable={false} />}
        {areas.map((one, i) => (
          <div key={i} class="cover-area" style={place(one)} tabIndex={0} role="group" aria-label={own('frame', i + 1)} onKeyDown={(event) => nudge(i, event)} />
        ))}
        {drawn && <div class="cover-area" style={place(drawn)} />}
      </div>
      <div class="row">
        <Button onClick={() => setAreas([...areas, { x: 0.4, y: 0.4, width: 0.2, height: 0.15 }])}>{own('add')}</Button>
        <Button look="quiet" disabled={areas.length === 0} onClick={() => setAreas(areas.slice(0, -1))}>
          {own('undo')}
        </Button>
      </div>
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
