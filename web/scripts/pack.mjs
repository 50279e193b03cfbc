// Packs the built pages into one file for the program: a length (8 bytes, little endian), a JSON list of what there is, then
// the files, each compressed by gzip.   node scripts/pack.mjs DIST OUT
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {extname, join, relative, sep} from 'node:path';
import {constants, gzipSync} from 'node:zlib';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.woff2': 'font/woff2', '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.txt': 'text/plain; charset=utf-8',
};
const [dist, out] = process.argv.slice(2);
const files = readdirSync(dist, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile() && !entry.parentPath.endsWith('.vite'))
  .map((entry) => join(entry.parentPath, entry.name)).sort();

const list = [], parts = [];
let at = 0;
for (const file of files) {
  const type = types[extname(file)];
  if (!type) throw new Error(`${file}: what kind of file is this? Add it to scripts/pack.mjs`);
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes, {level: constants.Z_BEST_COMPRESSION});
  const path = '/' + relative(dist, file).split(sep).join('/');
  // What the bundler names by its content never changes.
  list.push({path, type, at, size: packed.length, lasting: path.startsWith('/assets/'), etag: createHash('sha256').update(bytes).digest('hex').slice(0, 16)});
  parts.push(packed);
  at += packed.length;
}
const head = Buffer.from(JSON.stringify(list));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(head.length));
writeFileSync(out, Buffer.concat([length, head, ...parts]));
console.log(`${list.length} files, ${Math.round(at / 1024)} KiB packed`);
