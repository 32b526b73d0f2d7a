/*
 * The QR codes that the app draws, of every length that they hold: as zbar read all of them back when this digest
 * was taken.
 */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, test } from 'node:test';
import { loadQr } from './lib/camera.mjs';

const qrOf = await loadQr();

const LONG = `https://tram.camau.gov.vn/v1/public/dossiers/H12.32025-261128-0001?check=XF3622${'aB3-xyz0123456789'.repeat(20)}`;

describe('a QR code', () => {
  test('of every length is as a reader read it', () => {
    const digest = crypto.createHash('sha256');
    for (let n = 1; n <= 213; n++) digest.update(qrOf(LONG.slice(0, n)).map((row) => row.map(Number).join('')).join('\n'));
    assert.equal(digest.digest('hex'), 'ae2172a809f9dfe13baffb4f788c9af79642763f63465566ddfda28a1ebf1635');
  });

  test('has the side that its length wants, and says when there is none', () => {
    for (const [bytes, side] of [[14, 21], [15, 25], [106, 41], [107, 45], [213, 57]]) assert.equal(qrOf('x'.repeat(bytes)).length, side, `${bytes} bytes`);
    assert.equal(qrOf('x'.repeat(214)), undefined);
    assert.equal(qrOf('ạ'.repeat(71)).length, 57, 'what counts are bytes');
    assert.equal(qrOf('ạ'.repeat(72)), undefined);
  });
});
