/*
 * Photographs before they leave the phone: turned as they were taken, at most 12 megapixels, without what the
 * camera wrote into them (a place, a serial number), since they are drawn anew.
 */
const PIXELS_MAX = 12_000_000;
const QUALITY = 0.85;

export interface Prepared {
  blob: Blob;
  width: number;
  height: number;
}

export function canvasOf(width: number, height: number): { canvas: HTMLCanvasElement; draw: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return { canvas, draw: canvas.getContext('2d')! };
}

export const jpegOf = (canvas: HTMLCanvasElement, quality = QUALITY): Promise<Blob> => new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', quality));

export async function preparePhoto(file: Blob): Promise<Prepared> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, Math.sqrt(PIXELS_MAX / (bitmap.width * bitmap.height)));
  const width = Math.max(1, Math.floor(bitmap.width * scale));
  const height = Math.max(1, Math.floor(bitmap.height * scale));
  const { canvas, draw } = canvasOf(width, height);
  draw.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { blob: await jpegOf(canvas), width, height };
}

export interface Area {
  x: number; // of the picture's width and height, 0 to 1
  y: number;
  width: number;
  height: number;
}

/* What covered parts are filled with, here and by the server (media/cover.h): of what was there no bit is left. */
export const COVER_COLOUR = '#5b6470';

/* Fills areas with one colour: from means or a blur a plate can be computed back. */
export async function coverAreas(file: Blob, areas: Area[]): Promise<Prepared> {
  const bitmap = await createImageBitmap(file);
  const { canvas, draw } = canvasOf(bitmap.width, bitmap.height);
  draw.drawImage(bitmap, 0, 0);
  bitmap.close();
  draw.fillStyle = COVER_COLOUR;
  for (const area of areas) {
    const [left, top] = [Math.floor(area.x * canvas.width), Math.floor(area.y * canvas.height)];
    draw.fillRect(left, top, Math.ceil((area.x + area.width) * canvas.width) - left, Math.ceil((area.y + area.height) * canvas.height) - top);
  }
  return { blob: await jpegOf(canvas), width: canvas.width, height: canvas.height };
}
