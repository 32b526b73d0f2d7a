/* Files that only who is signed in may have: fetched with the token, then shown or saved by the browser. */
import { Problem, authorised, readProblem } from '../../shared/call';
import { toast } from '../parts/toast';

const KEPT_MS = 60_000; // until the tab that shows it has read it

function addressOf(blob: Blob): string {
  const address = URL.createObjectURL(blob);
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
  return address;
}

export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = addressOf(blob);
  link.download = name;
  link.click();
}

export async function saveFrom(href: string, name: string, accept: string): Promise<void> {
  try {
    const reply = await authorised(href, { headers: { accept } });
    if (!reply.ok) throw await readProblem(reply);
    saveAs(await reply.blob(), name);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(error.message, 'bad');
  }
}
