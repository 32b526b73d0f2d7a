/* A QR code to be read off a screen or paper: dark on white in any colour scheme, with the quiet edge it needs. */
import { useMemo } from 'preact/hooks';
import { qrOf } from '../qr';

const EDGE = 4; // modules of white around it (ISO/IEC 18004 §6.3.8)

export function QrCode({ text, label }: { text: string; label: string }) {
  const grid = useMemo(() => qrOf(text), [text]);
  if (!grid) return null;
  const n = grid.length + 2 * EDGE;
  const path = grid.map((row, y) => row.map((dark, x) => (dark ? `M${x + EDGE} ${y + EDGE}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg class="qr" viewBox={`0 0 ${n} ${n}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={n} height={n} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
