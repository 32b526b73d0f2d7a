/* Photographing a paper page by page: corners found and dragged, blur warned of, one PDF in the end. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { pdfOf } from '../lib/pdf';
import { findCorners, isBlurred, makePage, type Corner, type Corners, type Page } from '../lib/scan';
import { say } from '../lib/words';
import { Icon } from '../../shared/parts/icon';
import { Button, Dialog, Note } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Chụp giấy tờ', 'Photograph the paper'],
  take: ['Chụp trang {0}', 'Photograph page {0}'],
  words: ['Đặt giấy trên nền tối, chụp thẳng từ trên xuống, đủ sáng.', 'Lay the paper on a dark ground and take it from straight above, in good light.'],
  corners: ['Kéo bốn góc cho khớp mép giấy.', 'Drag the four corners onto the edges.'],
  corner: ['Góc {0}', 'Corner {0}'],
  blurred: ['Ảnh hơi mờ, cán bộ có thể không đọc được. Nên chụp lại.', 'It is blurred and may not be readable. Better take it again.'],
  usePage: ['Dùng trang này', 'Use this page'],
  retake: ['Chụp lại', 'Take it again'],
  pages: ['{0} trang, {1}', 'Pages: {0}, {1}'],
  finish: ['Xong, đính kèm', 'Done, attach it'],
  page: ['Trang {0}', 'Page {0}'],
  drop: ['Bỏ trang {0}', 'Remove page {0}'],
  unreadable: ['Không đọc được ảnh này.', 'This picture cannot be read.'],
});
const PAGES_MAX = 20;
const clamp = (n: number) => Math.min(1, Math.max(0, n));

function CornerEditor({ bitmap, corners, onChange }: { bitmap: ImageBitmap; corners: Corners; onChange: (corners: Corners) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dragged = useRef<number>();
  useEffect(() => {
    const scale = 900 / Math.max(bitmap.width, bitmap.height);
    canvas.current!.width = bitmap.width * scale;
    canvas.current!.height = bitmap.height * scale;
    canvas.current!.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.current!.width, canvas.current!.height);
  }, [bitmap]);
  const set = (i: number, corner: Corner) => onChange(corners.map((old, k) => (k === i ? { x: clamp(corner.x), y: clamp(corner.y) } : old)) as Corners);
  const move = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    if (dragged.current === undefined) return;
    const box = event.currentTarget.getBoundingClientRect();
    set(dragged.current, { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
  };
  const keys = (i: number, event: KeyboardEvent) => {
    const by = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
    if (!by) return;
    event.preventDefault();
    set(i, { x: corners[i]!.x + by[0] * 0.01, y: corners[i]!.y + by[1] * 0.01 });
  };
  return (
    <div class="cover" onPointerMove={move} onPointerUp={() => (dragged.current = undefined)}>
      <canvas ref={canvas} class="scan-picture" />
      <svg class="scan-frame" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <polygon points={corners.map(({ x, y }) => `${x * 100},${y * 100}`).join(' ')} />
      </svg>
      {corners.map((corner, i) => (
        <button key={i} type="button" class="scan-corner" aria-label={own('corner', i + 1)} style={{ left: `${corner.x * 100}%`, top: `${corner.y * 100}%` }} onPointerDown={(event) => ((dragged.current = i), event.currentTarget.parentElement?.setPointerCapture(event.pointerId))} onKeyDown={(event) => keys(i, event)} />
      ))}
    </div>
  );
}

/* A page as it will be attached. */
function Taken({ page, n, onDrop }: { page: Page; n: number; onDrop: () => void }) {
  const [url, set] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(page.jpeg);
    set(made);
    return () => URL.revokeObjectURL(made);
  }, [page]);
  return (
    <li class="photo sheet">
      {url && <img src={url} alt={own('page', n)} />}
      <div class="photo-tools">
        <button type="button" class="round" aria-label={own('drop', n)} onClick={onDrop}>
          <Icon name="trash" />
        </button>
      </div>
    </li>
  );
}

export function ScanDialog({ onDone, onClose }: { onDone: (pdf: Blob) => void; onClose: () => void }) {
  const camera = useRef<HTMLInputElement>(null);
  const [pages, setPages] = useState<Page[]>([]);
  const [taken, setTaken] = useState<{ bitmap: ImageBitmap; blurred: boolean }>();
  const [corners, setCorners] = useState<Corners>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    setProblem(undefined);
    setBusy(true);
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
      setTaken({ bitmap, blurred: isBlurred(bitmap) });
      setCorners(findCorners(bitmap));
    } catch {
      setProblem(own('unreadable')); // no picture that this browser knows
    }
    setBusy(false);
  };
  const use = async () => {
    setBusy(true);
    setPages([...pages, await makePage(taken!.bitmap, corners!)]);
    taken!.bitmap.close();
    setTaken(undefined);
    setBusy(false);
  };
  const total = pages.reduce((sum, one) => sum + one.jpeg.size, 0);
  return (
    <Dialog title={own('title')} onClose={onClose}>
      <input ref={camera} class="sr" type="file" accept="image/*" capture="environment" tabIndex={-1} aria-hidden="true" data-scan onChange={(event) => void take(event.currentTarget)} />
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      {taken && corners ? (
        <>
          {taken.blurred && (
            <Note tone="warn" icon="warn" live>
              {own('blurred')}
            </Note>
          )}
          <p class="small soft">{own('corners')}</p>
          <CornerEditor bitmap={taken.bitmap} corners={corners} onChange={setCorners} />
          <div class="row">
            <Button look="main" busy={busy} onClick={() => void use()}>
              {own('usePage')}
            </Button>
            <Button onClick={() => camera.current?.click()}>{own('retake')}</Button>
          </div>
        </>
      ) : (
        <>
          <p class="soft">{own('words')}</p>
          {pages.length > 0 && (
            <>
              <p role="status">{own('pages', pages.length, size(total))}</p>
              <ol class="photos">
                {pages.map((page, i) => (
                  <Taken key={i} page={page} n={i + 1} onDrop={() => setPages(pages.filter((_, k) => k !== i))} />
                ))}
              </ol>
            </>
          )}
          <Button look={pages.length ? 'second' : 'main'} icon="camera" wide busy={busy} disabled={pages.length >= PAGES_MAX} onClick={() => camera.current?.click()}>
            {own('take', pages.length + 1)}
          </Button>
          {pages.length > 0 && (
            <Button look="main" icon="check" wide onClick={() => void pdfOf(pages).then(onDone)}>
              {own('finish')}
            </Button>
          )}
          <Button look="quiet" onClick={onClose}>
            {say('cancel')}
          </Button>
        </>
      )}
    </Dialog>
  );
}
