// What a browser loads before it shows the sign-in and the home page, compressed: over the budget is an error.   node scripts/budget.mjs DIST
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';

const kMost = 250 * 1024;
const [dist] = process.argv.slice(2);
const read = (path) => readFileSync(join(dist, path), 'utf8');
const names = readdirSync(join(dist, 'assets'));
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
const page = (name) => names.filter((each) => new RegExp(`^${name}-[\\w-]{8}\\.(js|css)$`).test(each));
const wanted = ['sign-in', 'home'].map((name) => {
  const found = page(name).filter((each) => each.endsWith('.js'));
  if (found.length === 0) throw new Error(`no bundle of the page ${name} in ${dist}`);
  return page(name);
}).flat();
// The texts of the larger language.
for (const path of wanted) load(`assets/${path}`);
const texts = names.filter((each) => /^es-/.test(each)).map((each) => gzipSync(read(`assets/${each}`), {level: 9}).length);
if (texts.length > 0) loaded.set('the largest texts, three times', 3 * Math.max(...texts));

const sum = [...loaded.values()].reduce((a, b) => a + b, 0);
for (const [path, size] of [...loaded].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`${(size / 1024).toFixed(1).padStart(7)} KiB  ${path}`);
console.log(`${(sum / 1024).toFixed(1)} KiB of ${kMost / 1024} KiB before the sign-in and the home page are shown`);
if (sum > kMost) {
  console.error('Over the budget: load what these pages do not need by import().');
  process.exit(1);
}
