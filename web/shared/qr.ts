/*
 * A QR code (ISO/IEC 18004) as rows of dark and light: bytes, error correction M, versions 1 to 10, which hold 213
 * bytes. The mask is the one with the least penalty, as §7.8.3 counts it.
 */

/* By version: codewords of error correction in a block, and how many blocks of how many codewords of data (table 9). */
const BLOCKS: ReadonlyArray<readonly [number, ReadonlyArray<number>]> = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
];
const ALIGNED: ReadonlyArray<readonly number[]> = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

/* --- the field of 256 elements, by 0x11d ------------------------------------------------------ */

const EXP: number[] = [];
const LOG: number[] = [];
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
  x = (x << 1) ^ (x & 128 ? 0x11d : 0);
}
const times = (a: number, b: number): number => (a && b ? EXP[LOG[a]! + LOG[b]!]! : 0);

/* The remainder of a block by the generator of n roots. */
function correction(data: number[], n: number): number[] {
  let generator = [1];
  for (let i = 0; i < n; i++) {
    const next = [...generator, 0];
    generator.forEach((one, k) => (next[k + 1]! ^= times(one, EXP[i]!)));
    generator = next;
  }
  const rest = [...data, ...Array<number>(n).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const lead = rest[i]!;
    generator.forEach((one, k) => (rest[i + k]! ^= times(one, lead)));
  }
  return rest.slice(data.length);
}

/* --- codewords -------------------------------------------------------------------------------- */

const room = (version: number): number => BLOCKS[version - 1]![1].reduce((sum, n) => sum + n, 0);

function dataOf(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const add = (value: number, n: number) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  add(4, 4); // bytes
  add(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) add(byte, 8);
  const most = room(version) * 8;
  add(0, Math.min(4, most - bits.length));
  while (bits.length % 8) bits.push(0);
  const words: number[] = [];
  for (let i = 0; i < bits.length; i += 8) words.push(bits.slice(i, i + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  for (let pad = 0xec; words.length < most / 8; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/* Blocks beside each other: their first codewords, their second, … */
function woven(data: number[], version: number): number[] {
  const [ec, sizes] = BLOCKS[version - 1]!;
  let at = 0;
  const blocks = sizes.map((n) => data.slice(at, (at += n)));
  const checks = blocks.map((block) => correction(block, ec));
  const weave = (lists: number[][]) => Array.from({ length: Math.max(...lists.map((one) => one.length)) }, (_, i) => lists.flatMap((one) => (i < one.length ? [one[i]!] : []))).flat();
  return [...weave(blocks), ...weave(checks)];
}

/* --- where they stand ------------------------------------------------------------------------- */

type Grid = boolean[][];

interface Sheet {
  dark: Grid;
  fixed: Grid; // no data stands there
}

/* BCH codes of the format and of the version (annexes C and D). */
function bch(value: number, bits: number, generator: number): number {
  let rest = value << bits;
  for (let i = 31 - Math.clz32(rest); i >= bits; i = 31 - Math.clz32(rest)) rest ^= generator << (i - bits);
  return (value << bits) | rest;
}

function frame(version: number): Sheet {
  const n = 17 + 4 * version;
  const empty = (): Grid => Array.from({ length: n }, () => Array<boolean>(n).fill(false));
  const sheet = { dark: empty(), fixed: empty() };
  const set = (x: number, y: number, dark: boolean) => {
    if (x < 0 || y < 0 || x >= n || y >= n) return;
    sheet.dark[y]![x] = dark;
    sheet.fixed[y]![x] = true;
  };
  const square = (cx: number, cy: number, radius: number, isDark: (distance: number) => boolean) => {
    for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) set(cx + dx, cy + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  for (let i = 0; i < n; i++) (set(6, i, i % 2 === 0), set(i, 6, i % 2 === 0)); // timing
  for (const [x, y] of [[3, 3], [n - 4, 3], [3, n - 4]] as const) square(x, y, 4, (d) => d !== 2 && d !== 4);
  const places = ALIGNED[version - 1]!;
  const last = places[places.length - 1];
  for (const x of places) for (const y of places) if (!((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6))) square(x, y, 2, (d) => d !== 1);
  if (version >= 7) {
    const code = bch(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const [a, b] = [n - 11 + (i % 3), Math.floor(i / 3)];
      (set(a, b, ((code >> i) & 1) === 1), set(b, a, ((code >> i) & 1) === 1));
    }
  }
  setFormat(sheet, 0); // its place is taken; what stands there follows from the mask
  return sheet;
}

/* Error correction M is 00. */
function setFormat(sheet: Sheet, mask: number): void {
  const n = sheet.dark.length;
  const code = bch(mask, 10, 0x537) ^ 0x5412;
  const set = (x: number, y: number, i: number) => ((sheet.dark[y]![x] = ((code >> i) & 1) === 1), (sheet.fixed[y]![x] = true));
  for (let i = 0; i < 15; i++) {
    if (i < 6) set(8, i, i);
    else if (i < 8) set(8, i + 1, i);
    else if (i === 8) set(7, 8, i);
    else set(14 - i, 8, i);
    if (i < 8) set(n - 1 - i, 8, i);
    else set(8, n - 15 + i, i);
  }
  sheet.dark[n - 8]![8] = sheet.fixed[n - 8]![8] = true;
}

const MASKS: ReadonlyArray<(x: number, y: number) => boolean> = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/* In pairs of columns from the right, upwards and downwards by turns; column 6 is the timing's. */
function lay(sheet: Sheet, words: number[]): void {
  const n = sheet.dark.length;
  let at = 0;
  for (let right = n - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let k = 0; k < n; k++) {
      for (const x of [right, right - 1]) {
        const y = up ? n - 1 - k : k;
        if (sheet.fixed[y]![x]) continue;
        sheet.dark[y]![x] = (((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1;
        at++;
      }
    }
  }
}

function masked(sheet: Sheet, mask: number): Sheet {
  const next = { fixed: sheet.fixed, dark: sheet.dark.map((row, y) => row.map((dark, x) => (sheet.fixed[y]![x] ? dark : dark !== MASKS[mask]!(x, y)))) };
  setFormat(next, mask);
  return next;
}

const FINDERS = ['10111010000', '00001011101'];

function penalty(dark: Grid): number {
  const n = dark.length;
  let sum = 0;
  for (const rows of [dark, dark.map((_, x) => dark.map((row) => row[x]!))]) {
    for (const row of rows) {
      const text = row.map((one) => (one ? '1' : '0')).join('');
      for (const run of text.match(/1+|0+/g)!) if (run.length >= 5) sum += run.length - 2;
      for (let i = 0; i + 11 <= n; i++) if (FINDERS.includes(text.slice(i, i + 11))) sum += 40;
    }
  }
  for (let y = 0; y + 1 < n; y++) for (let x = 0; x + 1 < n; x++) if (new Set([dark[y]![x], dark[y]![x + 1], dark[y + 1]![x], dark[y + 1]![x + 1]]).size === 1) sum += 3;
  const share = dark.flat().filter(Boolean).length / (n * n);
  return sum + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}

/* Undefined: it is too long. */
export function qrOf(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, i) => bytes.length + (i < 9 ? 2 : 3) <= room(i + 1)) + 1;
  if (version === 0) return undefined;
  const sheet = frame(version);
  lay(sheet, woven(dataOf(bytes, version), version));
  const all = MASKS.map((_, mask) => masked(sheet, mask).dark);
  return all.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}
