/*
 * Files that nobody should have sent, made anew in each run, and variants of each by chance with a seed.
 *   {name, bytes}, and what must come of it:
 *   taken: true       it is sound, and shown
 *   refused: words    it is refused in words that hold these (/./: in whatever words there are for it)
 *   neither           either is right, as long as it is said
 *   slow: true        a reader of it is ended, since it takes too long
 *   dropped           what the original that is kept must not hold any more
 */
import { papers, cutPapers } from './papers.mjs';
import { bombs, cameras, cuts, liars, odd, polyglots } from './pictures.mjs';

export const corpus = () => [...odd, ...polyglots, ...cameras, ...bombs, ...liars, ...cuts, ...papers, ...cutPapers];

/* xorshift32; the same seed, the same numbers below n. */
export function dice(seed) {
  let state = seed >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const EDITS = [
  (bytes, roll) => (bytes[roll(bytes.length)] ^= 1 << roll(8), bytes),
  (bytes, roll) => (bytes[roll(Math.min(bytes.length, 200))] ^= 1 << roll(8), bytes), // its head
  (bytes, roll) => (bytes[roll(bytes.length)] = [0, 1, 0x7f, 0x80, 0xff][roll(5)], bytes),
  (bytes, roll) => { // a number of 16 or 32 bits at its ends
    const at = roll(Math.max(1, bytes.length - 4));
    bytes.fill([0x00, 0xff][roll(2)], at, at + [2, 4][roll(2)]);
    return bytes;
  },
  (bytes, roll) => bytes.subarray(0, 1 + roll(bytes.length)),
  (bytes, roll) => { // a piece again, elsewhere
    const from = roll(bytes.length), n = 1 + roll(Math.min(400, bytes.length - from)), to = roll(bytes.length);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + n), bytes.subarray(to)]);
  },
  (bytes, roll) => { // a piece less
    const from = roll(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + roll(100))]);
  },
];

/* A file with one to four of these done to it. */
export function spoil(file, roll) {
  let bytes = Buffer.from(file.bytes);
  for (let i = 1 + roll(4); i > 0 && bytes.length > 4; i--) bytes = EDITS[roll(EDITS.length)](bytes, roll);
  return { name: `${file.name}, spoiled`, bytes: bytes.length ? bytes : Buffer.alloc(1) };
}
