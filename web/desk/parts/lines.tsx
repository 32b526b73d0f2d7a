/* A list of cases, a line each: its deadline first, or how long it waits. Keys walk through it; lines may be chosen, if one may act on many. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Link } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { useKeys } from '../lib/keys';
import { walkList } from '../lib/walk';

const own = sayFrom({
  down: ['Xuống', 'Down'],
  up: ['Lên', 'Up'],
  open: ['Mở', 'Open'],
  choose: ['Chọn, bỏ chọn', 'Select or not'],
  chooseOf: ['Chọn {0}', 'Select {0}'],
  chooseAll: ['Chọn tất cả, bỏ chọn tất cả', 'Select all, or none'],
  allOf: ['Chọn cả {0} việc đang hiện', 'Select all {0} that are shown'],
});

export interface Shown {
  id: string;
  href: string;
  due: ComponentChildren;
  number: string;
  title: ComponentChildren;
  text: string | undefined;
  where: [ComponentChildren, ComponentChildren];
  state: [ComponentChildren, ComponentChildren];
  urgent: boolean;
}
interface Props {
  label: string;
  rows: Shown[];
  chosen?: ReadonlySet<string>;
  choose?: ((ids: string[], yes: boolean) => void) | undefined;
}

type Choosing = Pick<Props, 'rows' | 'chosen' | 'choose'>;
const areAll = ({ rows, chosen }: Choosing): boolean => rows.length > 0 && rows.every((one) => chosen?.has(one.id));
const chooseAll = (of: Choosing): void => of.choose?.(of.rows.map((one) => one.id), !areAll(of));

/* The keyboard stands at the line that has the focus. */
function useWalk({ rows, chosen, choose }: Props): void {
  const count = useRef(rows.length);
  count.current = rows.length;
  const now = () => Number((document.activeElement as HTMLElement | null)?.dataset.line ?? -1);
  const to = (at: number) => document.querySelector<HTMLElement>(`[data-line="${Math.max(0, Math.min(count.current - 1, at))}"]`)?.focus();
  const toggle = () => {
    const row = rows[now()];
    if (row) choose?.([row.id], !chosen?.has(row.id));
  };
  useKeys([
    { key: 'j', words: own('down'), run: () => to(now() + 1) },
    { key: 'k', words: own('up'), run: () => to(now() - 1) },
    { key: 'Enter', words: own('open'), run: () => (document.activeElement as HTMLElement | null)?.click() },
    ...(choose
      ? [
          { key: 'x', words: own('choose'), run: toggle },
          { key: 'a', words: own('chooseAll'), run: () => chooseAll({ rows, chosen, choose }) },
        ]
      : []),
  ]);
}

function Line({ row, at, chosen, choose }: { row: Shown; at: number; chosen: boolean; choose: Props['choose'] }) {
  return (
    <li class={`line${chosen ? ' chosen' : ''}${row.urgent ? ' urgent' : ''}`}>
      {choose && (
        <label class="line-choose">
          <input type="checkbox" checked={chosen} aria-label={own('chooseOf', row.number)} onChange={(event) => choose([row.id], event.currentTarget.checked)} />
        </label>
      )}
      <Link href={row.href} class="line-link" data-line={at}>
        <span class="line-due">{row.due}</span>
        <span class="line-main">
          <span class="line-title">
            {row.title}
            <span class="soft number">{row.number}</span>
          </span>
          {row.text && <span class="line-text">{row.text}</span>}
        </span>
        <span class="line-where small">
          <span>{row.where[0]}</span>
          <span class="soft">{row.where[1]}</span>
        </span>
        <span class="line-state small">
          {row.state[0]}
          <span class="soft">{row.state[1]}</span>
        </span>
      </Link>
    </li>
  );
}

export function Lines(props: Props) {
  const { label, rows, chosen, choose } = props;
  useWalk(props);
  useEffect(() => walkList(rows.map((one) => one.id)), [rows]);
  if (rows.length === 0) return null;
  return (
    <>
      {choose && rows.length > 1 && (
        <label class="lines-all small">
          <input type="checkbox" checked={areAll(props)} onChange={() => chooseAll(props)} /> {own('allOf', rows.length)}
        </label>
      )}
      <ul class="lines-list" aria-label={label}>
        {rows.map((row, i) => (
          <Line key={row.id} row={row} at={i} chosen={chosen?.has(row.id) === true} choose={choose} />
        ))}
      </ul>
    </>
  );
}
