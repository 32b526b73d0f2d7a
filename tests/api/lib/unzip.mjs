/* A ZIP of a test read whole: name -> bytes, by its directory, with sizes and CRCs checked. */
import assert from 'node:assert/strict';
import zlib from 'node:zlib';

export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  assert.ok(end >= 0, 'no end of a ZIP');
  let count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) {
    const wide = bytes.lastIndexOf(Buffer.from('PK\x06\x06', 'latin1'));
    count = Number(bytes.readBigUInt64LE(wide + 32));
    at = Number(bytes.readBigUInt64LE(wide + 48));
  }
  const files = new Map();
  for (; count > 0; count--) {
    assert.equal(bytes.toString('latin1', at, at + 4), 'PK\x01\x02');
    const [method, crc, packed, plain] = [10, 16, 20, 24].map((o) => (o === 10 ? bytes.readUInt16LE(at + o) : bytes.readUInt32LE(at + o)));
    const [name, extra, comment] = [28, 30, 32].map((o) => bytes.readUInt16LE(at + o));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const raw = bytes.subarray(from, from + packed);
    const content = method === 8 ? zlib.inflateRawSync(raw) : raw;
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    assert.equal(content.length, plain, path);
    assert.equal(zlib.crc32 ? zlib.crc32(content) : crc, crc, path);
    assert.ok(!files.has(path), `${path} twice`);
    files.set(path, content);
    at += 46 + name + extra + comment;
  }
  return files;
}
