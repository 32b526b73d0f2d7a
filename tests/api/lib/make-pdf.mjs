/*
 * PDFs by hand. pages: how many; catalog and page: more entries of theirs; extra: more objects (text),
 * numbered from 4 + pages; content: the object that all pages draw; pad: so many random bytes in a stream that nothing refers to.
 */
import crypto from 'node:crypto';

export function makePdf({ pages = 1, catalog = '', page = '', extra = [], pad = 0, trailer = '', content } = {}) {
  content ??= streamOf('', Buffer.from('1 0 0 rg 20 421 555 400 re f 0 0 1 rg 20 20 555 400 re f\n'));
  const kids = Array.from({ length: pages }, (_, i) => `${3 + i} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /MediaBox [0 0 595 842] /Count ${pages} /Kids [${kids}] >>`,
    ...Array.from({ length: pages }, () => `<< /Type /Page /Parent 2 0 R /Contents ${3 + pages} 0 R ${page} >>`),
    content,
    ...extra,
    ...(pad ? [streamOf('', crypto.randomBytes(pad))] : []),
  ];
  const parts = [Buffer.from('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', 'latin1')];
  const offsets = [];
  let at = parts[0].length;
  objects.forEach((object, i) => {
    const bytes = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.isBuffer(object) ? object : Buffer.from(object), Buffer.from('\nendobj\n')]);
    offsets.push(at);
    at += bytes.length;
    parts.push(bytes);
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(Buffer.from(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`,
  ));
  return Buffer.concat(parts);
}

export function streamOf(entries, bytes) {
  return Buffer.concat([Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream')]);
}
