import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {shows} from './places';

const modes = ['personal', 'clinical', 'research', 'fatigue_and_surveys'] as const;

it('shows people where the mode lets a role see them', () => {
  const place = {roles: ['clinician', 'researcher'] as const, people: true};
  expect(modes.filter((mode) => shows(place, 'clinician', mode))).toEqual(['clinical', 'fatigue_and_surveys']);
  expect(modes.filter((mode) => shows(place, 'researcher', mode))).toEqual(['research']);
  expect(modes.filter((mode) => shows({...place, expressions: true}, 'clinician', mode))).toEqual(['clinical']);
  expect(shows(place, 'participant', 'clinical')).toBe(false);
});

it('as the table of access has it', () => {
  const rows = readFileSync(join(import.meta.dirname, '../../../../docs/access.md'), 'utf8').split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const roles = rows.find((row) => row[1] === 'action')!;
  for (const [role, action] of [['clinician', 'people.read'], ['researcher', 'people.read'], ['organisation_lead', 'aggregates.read']] as const) {
    const cell = rows.find((row) => row[1] === `\`${action}\``)![roles.indexOf(role)]!;
    const place = {roles: [role], people: true};
    for (const mode of modes) expect(shows(place, role, mode), `${role}, ${mode}`).toBe(new RegExp(`\\b${mode}\\b`).test(cell));
  }
});
