/*
 * Reads QR codes before a camera. Browsers of phones can by themselves; those of Windows and Linux, which stand at most
 * counters, cannot: for them a decoder is loaded when a camera is first opened.
 */
interface Detector {
  detect(image: HTMLVideoElement): Promise<Array<{ rawValue: string }>>;
}
interface DetectorMaker {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

export type Reader = (video: HTMLVideoElement) => Promise<string[]>; // what the codes say that are seen now

export const hasCamera = (): boolean => 'mediaDevices' in navigator;

/* The middle of the picture, as large as it comes: a card's code is small, and is held there. */
function middleOf(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData {
  const side = Math.min(video.videoWidth, video.videoHeight);
  canvas.width = canvas.height = side;
  const drawing = canvas.getContext('2d', { willReadFrequently: true })!;
  drawing.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, side, side);
  return drawing.getImageData(0, 0, side, side);
}

async function ownReader(): Promise<Reader> {
  const { default: decode } = await import('jsqr');
  const canvas = document.createElement('canvas');
  return async (video) => {
    if (video.videoWidth === 0) return []; // no picture yet
    const { data, width, height } = middleOf(video, canvas);
    const found = decode(data, width, height, { inversionAttempts: 'dontInvert' });
    return found ? [found.data] : [];
  };
}

export async function openReader(): Promise<Reader> {
  const maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  const able = maker && (await maker.getSupportedFormats().catch((): string[] => [])).includes('qr_code');
  if (!able) return ownReader();
  const detector = new maker({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video).catch(() => [])).map((one) => one.rawValue); // a picture that is not there yet
}
