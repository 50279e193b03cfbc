import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {crc32, zipOf} from './zip';

test('the checksum is that of the standard, in pieces as well', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc32(bytes)).toBe(0xcbf43926);
  expect(crc32(bytes.slice(4), crc32(bytes.slice(0, 4)))).toBe(0xcbf43926);
});

test('another program unpacks it, names beyond ASCII too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pyrometer-zip-'));
  try {
    const files = {'set/happy/ä 1.txt': 'one', 'set/sad/2.txt': 'two'.repeat(2000), 'empty.txt': ''};
    const zip = await zipOf(Object.entries(files).map(([path, text]) => ({path, file: new Blob([text])})));
    writeFileSync(join(folder, 'a.zip'), new Uint8Array(await zip.arrayBuffer()));
    const read = 'import zipfile, sys, json; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))';
    expect(JSON.parse(execFileSync('python3', ['-c', read, join(folder, 'a.zip')]).toString())).toEqual(files);
  } finally {
    rmSync(folder, {recursive: true});
  }
});
