/*
 * Boxes drawn over a photograph, by finger, mouse or keyboard: drawn on the picture, moved by dragging one, sized by
 * its corner; with a box in focus the arrow keys move it, with Shift they size it, Delete takes it away. Covered parts
 * are shown in the very colour that they come out in, so that what is seen is what will be seen.
 */
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Area } from '../photo';
import { sayFrom } from '../words';
import { Button } from './ui';

export const BOXES_MAX = 50;
const LEAST = 0.012; // of a side: less is a tap
const STEP = 0.01;

const own = sayFrom({
  help: ['Kéo trên ảnh để vẽ khung. Kéo khung để dời, kéo góc để đổi cỡ.', 'Drag on the picture to draw a box. Drag a box to move it, its corner to size it.'],
  keys: ['Bàn phím: mũi tên để dời, Shift và mũi tên để đổi cỡ, Delete để bỏ.', 'Keyboard: arrows move, Shift and arrows size, Delete removes.'],
  add: ['Thêm khung', 'Add a box'],
  drop: ['Bỏ khung {0}', 'Remove box {0}'],
  dropChosen: ['Bỏ khung', 'Remove the box'],
  box: ['Khung {0}', 'Box {0}'],
  full: ['Nhiều nhất {0} khung.', '{0} boxes at most.'],
});

const clamp = (n: number, most = 1) => Math.min(most, Math.max(0, n));
const moved = (one: Area, x: number, y: number): Area => ({ ...one, x: clamp(x, 1 - one.width), y: clamp(y, 1 - one.height) });
const sized = (one: Area, width: number, height: number): Area => ({ ...one, width: Math.max(LEAST, clamp(width, 1 - one.x)), height: Math.max(LEAST, clamp(height, 1 - one.y)) });

type Deed = { kind: 'draw'; x: number; y: number } | { kind: 'move' | 'size'; i: number; x: number; y: number; was: Area };

const ARROWS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function Boxes({ url, alt, boxes, set }: { url: string | undefined; alt: string; boxes: Area[]; set: (boxes: Area[]) => void }) {
  const [drawn, setDrawn] = useState<Area>();
  const [chosen, choose] = useState<number>();
  const deed = useRef<Deed>();
  const frame = useRef<HTMLDivElement>(null);
  const isFull = boxes.length >= BOXES_MAX;
  const change = (i: number, next: Area) => set(boxes.map((one, k) => (k === i ? next : one)));
  const focusOn = (i: number) => requestAnimationFrame(() => frame.current?.querySelectorAll<HTMLElement>('.cover-area')[i]?.focus());

  const placeOf = (event: PointerEvent) => {
    const box = frame.current!.getBoundingClientRect();
    return { x: clamp((event.clientX - box.left) / box.width), y: clamp((event.clientY - box.top) / box.height) };
  };
  const down = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    const area = target.closest<HTMLElement>('.cover-area');
    const at = placeOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    if (area) {
      const i = Number(area.dataset.box);
      choose(i);
      deed.current = { kind: target.closest('.cover-corner') ? 'size' : 'move', i, ...at, was: boxes[i]! };
    } else if (!isFull) {
      choose(undefined);
      deed.current = { kind: 'draw', ...at };
    }
  };
  const move = (event: JSX.TargetedPointerEvent<HTMLDivElement>) => {
    const doing = deed.current;
    if (!doing) return;
    const { x, y } = placeOf(event);
    if (doing.kind === 'draw') setDrawn({ x: Math.min(doing.x, x), y: Math.min(doing.y, y), width: Math.abs(doing.x - x), height: Math.abs(doing.y - y) });
    else if (doing.kind === 'move') change(doing.i, moved(doing.was, doing.was.x + x - doing.x, doing.was.y + y - doing.y));
    else change(doing.i, sized(doing.was, doing.was.width + x - doing.x, doing.was.height + y - doing.y));
  };
  const up = () => {
    if (deed.current?.kind === 'draw' && drawn && drawn.width >= LEAST && drawn.height >= LEAST) {
      set([...boxes, drawn]);
      choose(boxes.length);
      focusOn(boxes.length);
    }
    deed.current = undefined;
    setDrawn(undefined);
  };
  const drop = (i: number) => {
    set(boxes.filter((_, k) => k !== i));
    const next = boxes.length > 1 ? Math.max(0, i - 1) : undefined;
    choose(next);
    if (next !== undefined) focusOn(next);
  };
  const key = (i: number, event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const by = ARROWS[event.key];
    const one = boxes[i]!;
    if (event.key === 'Delete' || event.key === 'Backspace') drop(i);
    else if (by) change(i, event.shiftKey ? sized(one, one.width + by[0] * STEP, one.height + by[1] * STEP) : moved(one, one.x + by[0] * STEP, one.y + by[1] * STEP));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const add = () => {
    set([...boxes, { x: 0.4, y: 0.4, width: 0.2, height: 0.15 }]);
    choose(boxes.length);
    focusOn(boxes.length);
  };
  const place = (one: Area) => ({ left: `${one.x * 100}%`, top: `${one.y * 100}%`, width: `${one.width * 100}%`, height: `${one.height * 100}%` });

  return (
    <div class="stack tight">
      <p class="small soft">{own('help')}</p>
      <p class="small soft only-keys">{own('keys')}</p>
      <div ref={frame} class="cover" onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up}>
        {url && <img src={url} alt={alt} draggable={false} />}
        {boxes.map((one, i) => (
          <div key={i} class={chosen === i ? 'cover-area chosen' : 'cover-area'} data-box={i} style={place(one)} tabIndex={0} role="group" aria-label={`${own('box', i + 1)}. ${own('keys')}`} onKeyDown={(event) => key(i, event)} onFocus={() => choose(i)}>
            {chosen === i && <span class="cover-corner" aria-hidden="true" />}
          </div>
        ))}
        {drawn && <div class="cover-area drawn" style={place(drawn)} />}
      </div>
      <div class="row">
        <Button icon="plus" disabled={isFull} onClick={add}>
          {own('add')}
        </Button>
        <Button look="quiet" icon="trash" disabled={chosen === undefined} onClick={() => chosen !== undefined && drop(chosen)}>
          {chosen === undefined ? own('dropChosen') : own('drop', chosen + 1)}
        </Button>
        {isFull && <span class="small soft">{own('full', BOXES_MAX)}</span>}
      </div>
    </div>
  );
}
