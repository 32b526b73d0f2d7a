/*
 * A photograph of a sheet of paper made into a page: its four corners found or dragged, straightened, grey, and
 * small enough for a weak line. A blurred one is told.
 */
import { canvasOf, jpegOf } from '../../shared/photo';

export interface Corner {
  x: number; // of the picture's width and height, 0 to 1
  y: number;
}
export type Corners = [Corner, Corner, Corner, Corner]; // upper left, upper right, lower right, lower left

export interface Page {
  jpeg: Blob;
  width: number;
  height: number;
}

const LONG_SIDE = 1650; // of a page, px: A4 at 140 dpi, read well on a screen and in print
const PAGE_BYTES = 200_000;
const SAMPLE = 240; // px of the small picture that edges and blur are looked for in
const SHARP_LEAST = 60; // variance of the Laplacian of a sample, below which letters are not readable

function greyOf(bitmap: ImageBitmap, longSide: number): { grey: Uint8ClampedArray; width: number; height: number } {
  const scale = longSide / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  const { draw } = canvasOf(width, height);
  draw.drawImage(bitmap, 0, 0, width, height);
  const { data } = draw.getImageData(0, 0, width, height);
  const grey = new Uint8ClampedArray(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!;
  return { grey, width, height };
}

/* How sharp: the variance of the Laplacian. */
export function isBlurred(bitmap: ImageBitmap): boolean {
  const { grey, width, height } = greyOf(bitmap, SAMPLE * 3);
  let sum = 0;
  let squares = 0;
  let n = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const value = 4 * grey[i]! - grey[i - 1]! - grey[i + 1]! - grey[i - width]! - grey[i + width]!;
      sum += value;
      squares += value * value;
      n++;
    }
  return squares / n - (sum / n) ** 2 < SHARP_LEAST;
}

/* Otsu's threshold: what parts a bright sheet from a darker table best. */
function threshold(grey: Uint8ClampedArray): number {
  const counts = new Float64Array(256);
  for (const value of grey) counts[value]!++;
  let total = 0;
  for (let i = 0; i < 256; i++) total += i * counts[i]!;
  let [best, at, weight, sum] = [0, 128, 0, 0];
  for (let i = 0; i < 256; i++) {
    weight += counts[i]!;
    sum += i * counts[i]!;
    const rest = grey.length - weight;
    if (weight === 0 || rest === 0) continue;
    const between = weight * rest * (sum / weight - (total - sum) / rest) ** 2;
    if (between > best) [best, at] = [between, i];
  }
  return at;
}

const WHOLE: Corners = [
  { x: 0.02, y: 0.02 },
  { x: 0.98, y: 0.02 },
  { x: 0.98, y: 0.98 },
  { x: 0.02, y: 0.98 },
];

/* The corners of the bright sheet: its points that lie farthest along the diagonals. The whole picture if there is none. */
export function findCorners(bitmap: ImageBitmap): Corners {
  const { grey, width, height } = greyOf(bitmap, SAMPLE);
  const limit = threshold(grey);
  const ends: Array<{ value: number; x: number; y: number }> = Array.from({ length: 4 }, () => ({ value: -Infinity, x: 0, y: 0 }));
  let bright = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (grey[i]! <= limit || grey[i - 1]! <= limit || grey[i + 1]! <= limit || grey[i - width]! <= limit || grey[i + width]! <= limit) continue;
      bright++;
      [-x - y, x - y, x + y, y - x].forEach((value, k) => {
        if (value > ends[k]!.value) ends[k] = { value, x, y };
      });
    }
  const share = bright / (width * height);
  if (share < 0.15 || share > 0.95) return WHOLE;
  return ends.map(({ x, y }) => ({ x: x / width, y: y / height })) as Corners;
}

/* The projective map of the unit square to four corners: coefficients a…h. */
function projection(c: Corners, width: number, height: number): number[] {
  const [p0, p1, p2, p3] = c.map(({ x, y }) => ({ x: x * width, y: y * height })) as [Corner, Corner, Corner, Corner];
  const dx1 = p1.x - p2.x;
  const dx2 = p3.x - p2.x;
  const dy1 = p1.y - p2.y;
  const dy2 = p3.y - p2.y;
  const sx = p0.x - p1.x + p2.x - p3.x;
  const sy = p0.y - p1.y + p2.y - p3.y;
  const det = dx1 * dy2 - dx2 * dy1 || 1e-9;
  const g = (sx * dy2 - dx2 * sy) / det;
  const h = (dx1 * sy - sx * dy1) / det;
  return [p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x, p0.x, p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y, p0.y, g, h];
}

const away = (a: Corner, b: Corner, width: number, height: number): number => Math.hypot((a.x - b.x) * width, (a.y - b.y) * height);

/* The sheet between the corners, upright and grey. */
function straighten(bitmap: ImageBitmap, corners: Corners): HTMLCanvasElement {
  const { width, height } = bitmap;
  const { draw: from } = canvasOf(width, height);
  from.drawImage(bitmap, 0, 0);
  const source = from.getImageData(0, 0, width, height).data;
  const across = Math.max(away(corners[0], corners[1], width, height), away(corners[3], corners[2], width, height));
  const down = Math.max(away(corners[0], corners[3], width, height), away(corners[1], corners[2], width, height));
  const scale = Math.min(1, LONG_SIDE / Math.max(across, down));
  const [w, h] = [Math.max(8, Math.round(across * scale)), Math.max(8, Math.round(down * scale))];
  const { canvas, draw } = canvasOf(w, h);
  const target = draw.createImageData(w, h);
  const [a, b, c, d, e, f, g, k] = projection(corners, width, height) as [number, number, number, number, number, number, number, number];
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [u, v] = [x / w, y / h];
      const over = g * u + k * v + 1;
      const sx = Math.min(width - 1, Math.max(0, Math.round((a * u + b * v + c) / over)));
      const sy = Math.min(height - 1, Math.max(0, Math.round((d * u + e * v + f) / over)));
      const i = 4 * (sy * width + sx);
      const o = 4 * (y * w + x);
      target.data[o] = target.data[o + 1] = target.data[o + 2] = 0.299 * source[i]! + 0.587 * source[i + 1]! + 0.114 * source[i + 2]!;
      target.data[o + 3] = 255;
    }
  draw.putImageData(target, 0, 0);
  return canvas;
}

/* At the best quality that fits about 200 KB. */
export async function makePage(bitmap: ImageBitmap, corners: Corners): Promise<Page> {
  const canvas = straighten(bitmap, corners);
  let jpeg = await jpegOf(canvas, 0.8);
  for (let quality = 0.65; jpeg.size > PAGE_BYTES && quality > 0.2; quality -= 0.15) jpeg = await jpegOf(canvas, quality);
  return { jpeg, width: canvas.width, height: canvas.height };
}
