/* A photo or video as it was sent: with a reason, which the reporter is told. */
import type { StaffReport } from '../../api';
import { address, authorised, readProblem } from '../../shared/call';
import { sayFrom } from '../../shared/words';
import { AskWhy } from './ask-why';

const own = sayFrom({
  help: ['Lần xem này được ghi lại; người gửi được báo và đọc được câu này.', 'The look is recorded; the reporter is told and reads this.'],
});

interface OriginalProps {
  report: StaffReport;
  id: string;
  label: string;
  look: string;
  quiet?: boolean;
  onSeen: (file: Blob, name: string) => void;
}

/* The name that its sender gave a file, as the reply has it (RFC 8187). */
function nameIn(reply: Response): string {
  const disposition = reply.headers.get('content-disposition') ?? '';
  const named = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return named ? decodeURIComponent(named) : (/filename="([^"]+)"/.exec(disposition)?.[1] ?? '');
}

export function OriginalOf({ report, id, label, look, quiet = false, onSeen }: OriginalProps) {
  const ask = async (note: string) => {
    const reply = await authorised(address('/v1/reports/{id}/photos/{photo}/original', { id: report.id, photo: id }), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ note }),
    });
    if (!reply.ok) throw await readProblem(reply);
    onSeen(await reply.blob(), nameIn(reply));
  };
  return <AskWhy quiet={quiet} id={`original-note-${id}`} kept={`report.${report.id}.original.${id}`} label={label} help={own('help')} look={look} ask={ask} />;
}
