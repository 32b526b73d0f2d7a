/* A file of this computer, chosen by a button that says so in the page's language. */
import { useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { size } from '../../shared/format';

const own = sayFrom({
  choose: ['Chọn tệp', 'Choose a file'],
  another: ['Chọn tệp khác', 'Choose another'],
});

export function FilePick({ accept, busy = false, onFile }: { accept: string; busy?: boolean; onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [chosen, set] = useState<File>();
  const take = (file: File | undefined) => {
    if (!file) return;
    set(file);
    onFile(file);
    input.current!.value = ''; // the same file again, mended
  };
  return (
    <div class="row">
      <input ref={input} type="file" class="sr" tabIndex={-1} aria-hidden="true" accept={accept} onChange={(event) => take(event.currentTarget.files?.[0])} />
      <Button icon="paper" busy={busy} onClick={() => input.current?.click()}>
        {own(chosen ? 'another' : 'choose')}
      </Button>
      {chosen && (
        <span class="small soft wrap-anywhere">
          {chosen.name} · {size(chosen.size)}
        </span>
      )}
    </div>
  );
}
