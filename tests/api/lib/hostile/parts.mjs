/*
 * Picture files by hand, piece by piece, so that each piece may lie: JPEG (ITU-T T.81), PNG (ISO/IEC 15948),
 * WebP (RFC 9649), TIFF as Exif has it. What these make without being told to lie is sound.
 */
import zlib from 'node:zlib';

export const be16 = (n) => Buffer.from([n >> 8 & 255, n & 255]);
export const be32 = (n) => Buffer.concat([be16(n >>> 16), be16(n)]);
export const le32 = (n) => be32(n).reverse();
export const all = (...parts) => Buffer.concat(parts.flat().map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

/* --- PNG -------------------------------------------------------------------------------------- */

const CRCS = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc = (bytes) => ~bytes.reduce((sum, byte) => CRCS[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) >>> 0;

export const PNG_HEAD = Buffer.from('89504e470d0a1a0a', 'hex');
export function pngChunk(type, body = Buffer.alloc(0)) {
  const named = all(type, body);
  return all(be32(body.length), named, be32(crc(named)));
}
export const ihdr = (width, height, depth = 8, colour = 2, interlace = 0) => pngChunk('IHDR', all(be32(width), be32(height), Buffer.from([depth, colour, 0, 0, interlace])));
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/* pixel(x, y) → one sample a channel. before: chunks between the header and the pixels. */
export function png({ width = 40, height = 30, depth = 8, colour = 2, before = [], behind = [], filter = () => 0, pixel = () => [200, 30, 30, 255] } = {}) {
  const wide = depth === 16 ? 2 : 1, channels = CHANNELS[colour];
  const rows = Buffer.alloc(height * (1 + width * channels * wide));
  let at = 0;
  for (let y = 0; y < height; y++) {
    rows[at++] = filter(y);
    for (let x = 0; x < width; x++)
      for (const sample of pixel(x, y).slice(0, channels)) {
        if (wide === 2) rows[at++] = sample >> 8;
        rows[at++] = sample & 255;
      }
  }
  return all(PNG_HEAD, ihdr(width, height, depth, colour), before, pngChunk('IDAT', zlib.deflateSync(rows)), behind, pngChunk('IEND'));
}

/* Where its chunks begin, and the end of each head. */
export function pngEdges(bytes) {
  const edges = [4, 8];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) edges.push(at, at + 4, at + 8, at + 8 + bytes.readUInt32BE(at));
  return edges.filter((at) => at < bytes.length);
}

/* --- JPEG ------------------------------------------------------------------------------------- */

export const SOI = Buffer.from([0xff, 0xd8]), EOI = Buffer.from([0xff, 0xd9]);
export const segment = (marker, ...body) => all(Buffer.from([0xff, marker]), be16(2 + all(...body).length), ...body);
export const comment = (text) => segment(0xfe, text);
const ADOBE = segment(0xee, 'Adobe', Buffer.from([0, 100, 0, 0, 0, 0, 0]));

/* Bits as scan data, padded by ones, FF stuffed. */
function scanOf(bits) {
  const bytes = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2);
    bytes.push(byte, ...(byte === 255 ? [0] : []));
  }
  return Buffer.from(bytes);
}

const frame = (marker, width, height, parts, bits = 8) => segment(marker, Buffer.from([bits]), be16(height), be16(width), Buffer.from([parts]),
  ...Array.from({ length: parts }, (_, i) => Buffer.from([i + 1, 0x11, 0])));
const quants = segment(0xdb, Buffer.from([0, ...Array(64).fill(1)]));
/* Symbols, each by a code of `length` bits, in their order. */
const codes = (where, length, symbols) => segment(0xc4, Buffer.from([where, ...Array.from({ length: 16 }, (_, i) => (i + 1 === length ? symbols.length : 0)), ...symbols]));
const CATEGORIES = Array.from({ length: 12 }, (_, i) => i);
const scanHead = (parts, from, to, approx = 0) => segment(0xda, Buffer.from([parts, ...Array.from({ length: parts }, (_, i) => [i + 1, 0]).flat(), from, to, approx]));

/* The difference of two means: its category by four bits, then itself (T.81 §F.1.2.1). */
function dcBits(diff) {
  const size = diff === 0 ? 0 : 32 - Math.clz32(Math.abs(diff));
  const value = diff < 0 ? diff + (1 << size) - 1 : diff;
  return size.toString(2).padStart(4, '0') + (size ? value.toString(2).padStart(size, '0') : '');
}

/*
 * Squares of 8 × 8 pixels of one colour each: colour(column, row) → samples, one of each of `parts`
 * components. before: segments behind SOI; marker: of the frame (0xc0 baseline); adobe: says that inks are
 * inverted.
 */
export function flatJpeg({ columns = 8, rows = 6, parts = 3, colour = (x, y) => [x * 30, 90 + y * 20, 128, 0], before = [], adobe = false, marker = 0xc0, bits = 8, claim, behind = [] } = {}) {
  const last = Array(parts).fill(0);
  let out = '';
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let i = 0; i < parts; i++) {
        const mean = (colour(x, y)[i] - 128) * 8;
        out += dcBits(mean - last[i]) + '0';
        last[i] = mean;
      }
  const [width, height] = claim ?? [columns * 8, rows * 8];
  return all(SOI, before, adobe ? ADOBE : [], quants, frame(marker, width, height, parts, bits),
    codes(0x00, 4, CATEGORIES), codes(0x10, 1, [0]), scanHead(parts, 0, 63), scanOf(out), EOI, behind);
}

/* Grey and progressive: the mean, then `scans` more, each lawful, and empty but for a run of blocks that end. */
export function progressiveJpeg({ side = 512, scans = 5 } = {}) {
  const blocks = (side / 8) ** 2, run = Math.log2(blocks); // side: a power of two
  const first = all(codes(0x00, 4, CATEGORIES), scanHead(1, 0, 0, 0x0d), scanOf('0000'.repeat(blocks)));
  const ended = scanOf('0' + '0'.repeat(run));
  const rest = [codes(0x10, 1, [run << 4])];
  for (let i = 0; i < scans; i++) {
    const at = 1 + i % 63, low = 13 - Math.floor(i / 63);
    if (low < 0) break;
    rest.push(scanHead(1, at, at, (low < 13 ? (low + 1) << 4 : 0) | low), ended);
  }
  return all(SOI, quants, frame(0xc2, side, side, 1), first, rest, EOI);
}

export function jpegEdges(bytes) {
  const edges = [];
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xd9; at += 2 + bytes.readUInt16BE(at + 2)) {
    edges.push(at, at + 2, at + 4);
    if (bytes[at + 1] === 0xda) {
      const scan = at + 2 + bytes.readUInt16BE(at + 2);
      edges.push(scan, scan + 1, (scan + bytes.length) >> 1, bytes.length - 2, bytes.length - 1);
      break;
    }
  }
  return edges.filter((at) => at < bytes.length);
}

/* --- Exif ------------------------------------------------------------------------------------- */

/* entries: [tag, format, count, value or offset]. */
export const ifd = (entries, next = 0) => all(be16(entries.length), entries.map(([tag, format, count, value]) => all(be16(tag), be16(format), be32(count), be32(value))), be32(next));
export const tiff = (...rest) => all('MM\0*', ...rest);
export const exif = (...rest) => segment(0xe1, 'Exif\0\0', tiff(...rest));

/* --- WebP ------------------------------------------------------------------------------------- */

export const riffChunk = (name, body) => all(name, le32(body.length), body, Buffer.alloc(body.length & 1));
export const webp = (...chunks) => {
  const body = all('WEBP', ...chunks);
  return all('RIFF', le32(body.length), body);
};
/* One pixel, lossy and without loss. */
export const LOSSY = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64').subarray(12);
export const LOSSLESS = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64').subarray(12);
const le24 = (n) => le32(n).subarray(0, 3);
export const canvas = (width, height, flags) => riffChunk('VP8X', all(Buffer.from([flags, 0, 0, 0]), le24(width - 1), le24(height - 1)));
export const animation = riffChunk('ANIM', Buffer.from([255, 255, 255, 255, 0, 0]));
export const frameOf = (picture, { x = 0, y = 0, width = 1, height = 1, ms = 40 } = {}) => riffChunk('ANMF', all(le24(x / 2), le24(y / 2), le24(width - 1), le24(height - 1), le24(ms), Buffer.from([0]), picture));
