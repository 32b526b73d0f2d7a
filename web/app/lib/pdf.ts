/* Pages as one PDF (ISO 32000-1): each a JPEG that fills an A4 sheet, upright or across. */
import type { Page } from './scan';

const A4 = [595.28, 841.89] as const;

export async function pdfOf(pages: Page[]): Promise<Blob> {
  const parts: Array<Uint8Array> = [];
  const offsets: number[] = [];
  const encoder = new TextEncoder();
  let length = 0;
  const add = (bytes: Uint8Array | string) => {
    const chunk = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
    parts.push(chunk);
    length += chunk.length;
  };
  const object = (number: number, body: () => void) => {
    offsets[number] = length;
    add(`${number} 0 obj\n`);
    body();
    add('\nendobj\n');
  };

  add('%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n');
  object(1, () => add('<< /Type /Catalog /Pages 2 0 R >>'));
  object(2, () => add(`<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${3 + 3 * i} 0 R`).join(' ')}] >>`));
  for (const [i, page] of pages.entries()) {
    const [wide, tall] = page.width > page.height ? [A4[1], A4[0]] : A4;
    const scale = Math.min(wide / page.width, tall / page.height);
    const [w, h] = [page.width * scale, page.height * scale];
    const drawing = `q ${w.toFixed(2)} 0 0 ${h.toFixed(2)} ${((wide - w) / 2).toFixed(2)} ${((tall - h) / 2).toFixed(2)} cm /P Do Q`;
    const jpeg = new Uint8Array(await page.jpeg.arrayBuffer());
    object(3 + 3 * i, () => add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${tall}] /Resources << /XObject << /P ${5 + 3 * i} 0 R >> >> /Contents ${4 + 3 * i} 0 R >>`));
    object(4 + 3 * i, () => add(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`));
    object(5 + 3 * i, () => {
      add(`<< /Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`);
      add(jpeg);
      add('\nendstream');
    });
  }
  const at = length;
  add(`xref\n0 ${offsets.length}\n0000000000 65535 f \n`);
  for (const offset of offsets.slice(1)) add(`${String(offset).padStart(10, '0')} 00000 n \n`);
  add(`trailer\n<< /Size ${offsets.length} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`);
  return new Blob(parts as BlobPart[], { type: 'application/pdf' });
}
