/* The code of a card before the camera: looked at a few times a second, until one is read; no picture is kept. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Dialog, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { say } from '../words';
import { readCard } from './card';
import { openReader } from './reader';

const own = sayFrom({
  title: ['Quét thẻ bằng camera', 'Scan the card by camera'],
  lead: ['Đưa mã QR ở góc thẻ vào giữa khung, cách camera khoảng một gang tay.', 'Hold the QR code of the card into the middle, about 20 cm away.'],
  other: ['Đây không phải mã QR của thẻ căn cước.', 'This is not the QR code of a card.'],
  noCamera: ['Không mở được camera. Hãy cho phép trang dùng camera, hoặc nhập bằng tay.', 'The camera could not be opened. Let the page use it, or type instead.'],
});

const EVERY_MS = 200;

export function CameraDialog({ onDone }: { onDone: (text: string | undefined) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const stop = () => {
      wanted = false;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
      if (!wanted) return stop();
      video.current!.srcObject = stream;
      await video.current!.play();
      const read = await openReader();
      if (!wanted) return;
      const look = async () => {
        const found = await read(video.current!);
        const text = found.find(readCard);
        if (!wanted) return;
        if (text) return onDone(text);
        if (found.length > 0) setFault(own('other'));
        timer = setTimeout(() => void look(), EVERY_MS);
      };
      await look();
    };
    begin().catch(() => wanted && setFault(own('noCamera')));
    return stop;
  }, []);
  return (
    <Dialog title={own('title')} onClose={() => onDone(undefined)}>
      <p class="soft">{own('lead')}</p>
      <video ref={video} class="camera" muted playsInline aria-label={own('title')} />
      {fault && (
        <Note tone="warn" live>
          {fault}
        </Note>
      )}
      <div class="row end">
        <Button look="quiet" onClick={() => onDone(undefined)}>
          {say('leaveIt')}
        </Button>
      </div>
    </Dialog>
  );
}
