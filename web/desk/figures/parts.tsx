/* What both kinds of figures are made of. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Failed, Loading } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import type { Loaded } from '../../shared/store';

export function Big({ label, value, tone = '', href }: { label: string; value: string; tone?: string; href?: string | undefined }) {
  return (
    <div class={`big ${tone}`}>
      <strong>{href ? <Link href={href}>{value}</Link> : value}</strong>
      <span>{label}</span>
    </div>
  );
}

export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (of.error) return <Failed error={of.error} again={of.again} />;
  return of.data === undefined ? <Loading /> : <>{children(of.data)}</>;
}

const day = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(0, 10);
export const useSpan = (days: number): { from: string; to: string } => useMemo(() => ({ from: day(Date.now() - days * 86_400_000), to: day(Date.now()) }), [days]);
