// What a browser loads before it shows the sign-in and the home page, compressed: over the budget is an error.   node scripts/budget.mjs DIST
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';

const kMost = 250 * 1024;
const [dist] = process.argv.slice(2);
const read = (path) => readFileSync(join(dist, path), 'utf8');
const loaded = new Map();

// A script with all that it imports from its first line on; what it imports later, by import(), is not counted.
function load(path) {
  if (loaded.has(path)) return;
  const text = read(path);
  loaded.set(path, gzipSync(text, {level: 9}).length);
  for (const [, name] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) load(`assets/${name}`);
}
const html = read('index.html');
loaded.set('index.html', gzipSync(html).length);
for (const [, path] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) load(path);
// Their bundles, and their texts in the larger language, by the bundler's own list.
const list = JSON.parse(read('.vite/manifest.json'));
for (const name of ['sign-in', 'home']) {
  for (const source of [`src/pages/${name}/index.tsx`, `src/pages/${name}/i18n/es.po`]) {
    if (!list[source]) throw new Error(`${source} is not in ${dist}/.vite/manifest.json`);
    load(list[source].file);
    for (const style of list[source].css ?? []) loaded.set(style, gzipSync(read(style), {level: 9}).length);
  }
}
load(list['src/i18n/es.po'].file);

const sum = [...loaded.values()].reduce((a, b) => a + b, 0);
for (const [path, size] of [...loaded].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`${(size / 1024).toFixed(1).padStart(7)} KiB  ${path}`);
console.log(`${(sum / 1024).toFixed(1)} KiB of ${kMost / 1024} KiB before the sign-in and the home page are shown`);
if (sum > kMost) {
  console.error('Over the budget: load what these pages do not need by import().');
  process.exit(1);
}
