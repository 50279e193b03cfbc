import {fileURLToPath} from 'node:url';
import babel from '@rolldown/plugin-babel';
import {lingui} from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import {defineConfig} from 'vitest/config';

export default defineConfig({
  plugins: [react(), babel({plugins: ['@lingui/babel-plugin-lingui-macro']}), lingui()],
  resolve: {alias: {'@': fileURLToPath(new URL('./src', import.meta.url))}},
  build: {
    target: 'es2023',
    outDir: process.env.PYROMETER_WEB_OUT ?? 'dist',
    emptyOutDir: true,
    manifest: true,  // for scripts/budget.mjs
    // A picture within a style sheet would need data: in the policy of content.
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  server: {proxy: {'/api': {target: process.env.PYROMETER_SERVER ?? 'https://localhost:8443', secure: false, ws: true, changeOrigin: true}}},
  test: {include: ['src/**/*.test.{ts,tsx}'], environment: 'node'},
});
