/* The papers of a draft or of a supplement: files chosen or photographed, with the server's own thumbnails. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, Problem } from '../../shared/call';
import { size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { useLoaded } from '../../shared/store';
import { sendFile } from '../../shared/tus';
import { Icon } from '../../shared/parts/icon';
import { Button, Field, Note } from '../../shared/parts/ui';
import { preparePhoto } from '../../shared/photo';
import { ScanDialog } from './scan-dialog';

const own = sayFrom({
  pick: ['Chọn tệp', 'Choose a file'],
  scan: ['Chụp giấy', 'Photograph it'],
  sending: ['Đang gửi {0}: {1}%', 'Sending {0}: {1}%'],
  page: ['Tờ {0}', 'Paper {0}'],
  pages: ['{0} trang', 'pages: {0}'],
  signed: ['có chữ ký số hợp lệ', 'with a valid digital signature'],
  drop: ['Bỏ tệp {0}', 'Remove file {0}'],
  open: ['Xem', 'Look at it'],
  issued: ['Ngày cấp ghi trên giấy', 'Day of issue, as the paper says'],
  issuedWhy: ['Có ngày cấp thì giấy dùng lại được cho hồ sơ sau.', 'With it, the paper can serve in your next dossier.'],
});

function OneFile({ id, n, onDrop }: { id: string; n: number; onDrop?: (() => void) | undefined }) {
  const media = useLoaded(() => get('/v1/media/{id}', { id }), id);
  return (
    <li>
      {media.data && (
        <a href={media.data.large} target="_blank" rel="noopener" aria-label={`${own('open')}: ${own('page', n)}`}>
          <img src={media.data.small} alt="" />
        </a>
      )}
      <span class="grow small">
        {own('page', n)}
        {media.data && media.data.pages > 0 && ` · ${own('pages', media.data.pages)}`}
        {media.data && ` · ${size(media.data.size)}`}
        {media.data?.signed === 'valid' && ` · ${own('signed')}`}
        {media.error instanceof Problem && <span class="error">{media.error.message}</span>}
      </span>
      {onDrop && (
        <button type="button" class="round" aria-label={own('drop', n)} onClick={onDrop}>
          <Icon name="trash" />
        </button>
      )}
    </li>
  );
}

export const FileList = ({ files, onDrop }: { files: string[]; onDrop?: (id: string) => void }) => (
  <ul class="paper-list">
    {files.map((id, i) => (
      <OneFile key={id} id={id} n={i + 1} onDrop={onDrop && (() => onDrop(id))} />
    ))}
  </ul>
);

interface Sent {
  name: string;
  share: number;
}

/* Photographs are made smaller first; PDFs go as they are. */
const ready = async (file: Blob): Promise<Blob> => (file.type.startsWith('image/') ? (await preparePhoto(file)).blob : file);

interface PapersProps {
  code: string;
  files: string[];
  change: (next: (files: string[]) => string[]) => void; // from the files that are there by then: an upload may last
  during: (work: Promise<void>) => Promise<void>; // what is sent is not complete so long
  shown?: boolean; // a dialog that nobody sees would hold the whole page
  error?: string | undefined;
}

export function Papers({ code, files, change, during, shown = true, error }: PapersProps) {
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState<Sent>();
  const [problem, setProblem] = useState<string>();
  const [scanning, scan] = useState(false);
  useEffect(() => void (shown || scan(false)), [shown]);

  const send = async (file: Blob, name: string) => {
    setProblem(undefined);
    setSending({ name, share: 0 });
    try {
      const blob = await ready(file);
      const id = await sendFile(blob, name, { upload: undefined, begun: async () => undefined, progress: async (sent) => setSending({ name, share: sent / blob.size }) });
      change((before) => [...before, id]);
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      setProblem(`${name}: ${thrown.message}`);
    }
    setSending(undefined);
  };
  const choose = async (chosen: HTMLInputElement) => {
    const list = [...(chosen.files ?? [])];
    chosen.value = '';
    await during((async () => {
      for (const file of list) await send(file, file.name);
    })());
  };
  return (
    <div class="stack tight">
      {files.length > 0 && <FileList files={files} onDrop={(id) => change((before) => before.filter((one) => one !== id))} />}
      {sending && (
        <div role="status" class="small">
          {own('sending', sending.name, Math.round(sending.share * 100))}
          <progress class="progress" max={1} value={sending.share} aria-label={sending.name} />
        </div>
      )}
      {(problem ?? error) && (
        <Note tone="bad" live>
          {problem ?? error}
        </Note>
      )}
      <input ref={input} class="sr" type="file" accept="application/pdf,image/*" multiple tabIndex={-1} aria-hidden="true" data-papers={code} onChange={(event) => void choose(event.currentTarget)} />
      <div class="row">
        <Button icon="camera" disabled={Boolean(sending)} onClick={() => scan(true)}>
          {own('scan')}
        </Button>
        <Button icon="paper" disabled={Boolean(sending)} onClick={() => input.current?.click()}>
          {own('pick')}
        </Button>
      </div>
      {scanning && shown && <ScanDialog onClose={() => scan(false)} onDone={(pdf) => (scan(false), void during(send(pdf, `${code}.pdf`)))} />}
    </div>
  );
}

/* When it was issued: what holds for a time only is held against it. */
export const Issued = ({ code, value, onChange, error }: { code: string; value: string | undefined; onChange: (day: string | undefined) => void; error?: string | undefined }) => (
  <Field id={`issued-${code}`} label={own('issued')} help={own('issuedWhy')} error={error} optional>
    {(described) => <input {...described} type="date" max={new Date().toISOString().slice(0, 10)} value={value ?? ''} onInput={(event) => onChange(event.currentTarget.value || undefined)} />}
  </Field>
);
