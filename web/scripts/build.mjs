// API types from the contract, a check of all types, the bundle, and the pack of it.   node scripts/build.mjs DIST PACK
import {execFileSync, spawn} from 'node:child_process';

const [dist, pack] = process.argv.slice(2);
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], {stdio: 'inherit'});
const start = (script, args, env = {}) => new Promise((resolve, reject) => {
  spawn(process.execPath, [script, ...args], {stdio: 'inherit', env: {...process.env, ...env}})
    .on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${script} failed`))));
});

run('node_modules/openapi-typescript/bin/cli.js', '../contracts/openapi.yaml', '--output', 'src/api/schema.d.ts', '--silent');
try {
  await Promise.all([
    start('node_modules/typescript/bin/tsc', ['--noEmit', '--pretty', 'false']),
    start('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn'], {PYROMETER_WEB_OUT: dist}),
  ]);
} catch (error) {
  console.error(String(error.message));
  process.exit(1);
}
run('scripts/pack.mjs', dist, pack);
