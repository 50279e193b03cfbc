import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex} from '@noble/hashes/utils.js';

test('the sum is that of another implementation, however the bytes come', () => {
  const bytes = Uint8Array.from({length: 1000}, (_, i) => (i * 131) % 256);
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 128, 1000]) {
    const expected = createHash('sha256').update(bytes.subarray(0, length)).digest('hex');
    for (const step of [1, 7, 64, 100, 1000]) {
      const sum = sha256.create();
      for (let at = 0; at < length; at += step) sum.update(bytes.subarray(at, Math.min(at + step, length)));
      expect(bytesToHex(sum.digest()), `${length} bytes by ${step}`).toBe(expected);
    }
  }
});
