// Labelled pictures for tests of data, training and models: stripes whose direction is the class, in noise.
import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {crc32, deflateSync} from 'node:zlib';

export const CLASSES = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;
const kSide = 48;

// The same pictures every time: xorshift.
let state = 2463534242;
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind), body]);
  const length = Buffer.alloc(4), sum = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A grey PNG of 48 by 48. */
export function stripes(label: number): Buffer {
  const angle = (Math.PI * label) / CLASSES.length, phase = random() * 6;
  const rows = Buffer.alloc(kSide * (kSide + 1));
  for (let y = 0; y < kSide; y += 1) {
    for (let x = 0; x < kSide; x += 1) {
      const noise = (random() + random() + random() - 1.5) * 40;
      rows[y * (kSide + 1) + 1 + x] = Math.max(0, Math.min(255, 128 + 70 * Math.sin(0.7 * (x * Math.cos(angle) + y * Math.sin(angle)) + phase) + noise));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(kSide, 0);
  head.writeUInt32BE(kSide, 4);
  head[8] = 8;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A folder with a folder for each class. */
export function labelledFolder(each: number, classes: readonly string[] = CLASSES): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'pyrometer-set-')), 'set');
  for (const [label, name] of classes.entries()) {
    mkdirSync(join(folder, name), {recursive: true});
    for (let at = 0; at < each; at += 1) writeFileSync(join(folder, name, `${at}.png`), stripes(label));
  }
  return folder;
}
