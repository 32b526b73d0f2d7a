/* Photographs of what was done: drawn anew in the browser (no place, no serial number in them), sent while one writes. */
import { useRef, useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Icon } from '../../shared/parts/icon';
import { Button } from '../../shared/parts/ui';
import { preparePhoto } from '../../shared/photo';
import { sendFile } from '../../shared/tus';
import { sayFrom } from '../../shared/words';
import { say } from '../words';
import { MediaThumb } from '../parts/media';

const own = sayFrom({
  proof: ['Ảnh kết quả', 'Photos of the result'],
  add: ['Thêm ảnh', 'Add photos'],
  sending: ['Đang gửi ảnh {0}%', 'Sending a photo, {0}%'],
  remove: ['Bỏ ảnh {0}', 'Remove photo {0}'],
  noPicture: ['Tệp này không phải ảnh đọc được.', 'This file is no picture that can be read.'],
});
const MOST = 8;

export function Proof({ ids, set, error, needed }: { ids: string[]; set: (ids: string[]) => void; error: string | undefined; needed: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [sent, setSent] = useState<number>();
  const [fault, setFault] = useState<string>();

  async function take(files: File[]): Promise<void> {
    setFault(undefined);
    const all = [...ids];
    for (const file of files.slice(0, MOST - all.length)) {
      setSent(0);
      try {
        const photo = await preparePhoto(file);
        all.push(await sendFile(photo.blob, file.name, { upload: undefined, begun: async () => undefined, progress: async (bytes) => setSent(Math.round((100 * bytes) / photo.blob.size)) }));
        set([...all]);
      } catch (problem) {
        setFault(problem instanceof Problem ? problem.message : own('noPicture'));
      }
    }
    setSent(undefined);
  }
  return (
    <fieldset class="stack tight">
      <legend class="label">
        {own('proof')} {!needed && <span class="soft">({say('optional')})</span>}
      </legend>
      {ids.length > 0 && (
        <div class="photos small-photos">
          {ids.map((id, i) => (
            <div key={id} class="photo">
              <MediaThumb id={id} alt={say('photo', i + 1)} />
              <div class="photo-tools">
                <button type="button" class="round" aria-label={own('remove', i + 1)} onClick={() => set(ids.filter((one) => one !== id))}>
                  <Icon name="trash" size={20} />
                </button>
              </div>
            </div>
          ))}
        </div>
      )}
      <input ref={input} type="file" accept="image/*" multiple hidden onChange={(event) => void take([...(event.currentTarget.files ?? [])]).then(() => input.current && (input.current.value = ''))} />
      <Button look="second" icon="camera" busy={sent !== undefined} disabled={ids.length >= MOST} onClick={() => input.current?.click()}>
        {sent === undefined ? own('add') : own('sending', sent)}
      </Button>
      {(fault ?? error) && (
        <p class="error" role="alert">
          <Icon name="warn" size={16} /> {fault ?? error}
        </p>
      )}
    </fieldset>
  );
}
