import {defineConfig} from '@lingui/cli';
import {formatter} from '@lingui/format-po';

// A catalogue for what every page shows, and one for each page, which is loaded with it.
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'es'],
  catalogs: [
    {path: '<rootDir>/src/i18n/{locale}', include: ['<rootDir>/src'], exclude: ['<rootDir>/src/pages/**', '<rootDir>/src/shared/jobs/**', '<rootDir>/src/shared/evaluation/**', '<rootDir>/src/shared/surveys/**', '**/*.test.*']},
    // What the pages of data and models share, and the first page does not need.
    {path: '<rootDir>/src/shared/jobs/i18n/{locale}', include: ['<rootDir>/src/shared/jobs', '<rootDir>/src/shared/evaluation'], exclude: ['**/*.test.*']},
    {path: '<rootDir>/src/shared/surveys/i18n/{locale}', include: ['<rootDir>/src/shared/surveys'], exclude: ['**/*.test.*']},
    {path: '<rootDir>/src/pages/{name}/i18n/{locale}', include: ['<rootDir>/src/pages/{name}/'], exclude: ['**/*.test.*']},
  ],
  // Without line numbers and expressions: a catalogue changes only when a text does.
  format: formatter({lineNumbers: false, origins: false, printPlaceholdersInComments: false}),
});
