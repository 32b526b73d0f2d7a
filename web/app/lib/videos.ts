/* Videos before they leave the phone: what the server takes, how long one is, and whether to wait for a better network. */
import { recall, keep, type DraftPhoto } from './db';

export interface VideoLimits {
  bytes: number;
  seconds: number;
}

const USUAL: VideoLimits = { bytes: 100 * 1024 * 1024, seconds: 120 };
const TYPES = ['video/mp4', 'video/quicktime', 'video/webm'];
const SMALL = 10 * 1024 * 1024; // goes over mobile data without being asked for
const PATIENCE_MS = 10_000;

/* As the server said last; null: it takes none. Without a network what it said before, or what is usual. */
export async function videoLimits(): Promise<VideoLimits | null> {
  try {
    const { headers, ok } = await fetch('/v1/uploads', { method: 'OPTIONS' });
    if (!ok) throw new Error('no answer');
    const [bytes, seconds] = [Number(headers.get('tram-video-bytes')), Number(headers.get('tram-video-seconds'))];
    const limits = bytes > 0 ? { bytes, seconds } : null;
    await keep('video-limits', limits);
    return limits;
  } catch {
    const kept = await recall<VideoLimits | null>('video-limits').catch(() => undefined);
    return kept === undefined ? USUAL : kept;
  }
}

export const isVideo = (file: File): boolean => file.type.startsWith('video/');
export const isTaken = (file: File): boolean => TYPES.includes(file.type);

/* What the browser sees of it; 0 where it cannot play it: then the server decides. */
export function measureVideo(file: Blob): Promise<{ width: number; height: number; seconds: number }> {
  return new Promise((resolve) => {
    const video = document.createElement('video');
    const url = URL.createObjectURL(file);
    const end = () => {
      clearTimeout(late);
      URL.revokeObjectURL(url);
      resolve({ width: video.videoWidth, height: video.videoHeight, seconds: Number.isFinite(video.duration) ? video.duration : 0 });
    };
    const late = setTimeout(end, PATIENCE_MS);
    video.preload = 'metadata';
    video.muted = true;
    video.onloadedmetadata = end;
    video.onerror = end;
    video.src = url;
  });
}

interface Connection extends EventTarget {
  type?: string;
  saveData?: boolean;
}

export const connection = (): Connection | undefined => (navigator as Navigator & { connection?: Connection }).connection;

/* A large one waits for another network than mobile data, unless it was asked for. */
export function waitsForNetwork(photo: DraftPhoto): boolean {
  const now = connection();
  return Boolean(photo.video) && !photo.costs && photo.size > SMALL && (now?.type === 'cellular' || now?.saveData === true);
}
