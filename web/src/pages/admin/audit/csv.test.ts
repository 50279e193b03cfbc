import {expect, test} from 'vitest';
import {csvOf} from './csv';

test('quotes, commas and what would be a formula', () => {
  const entry = {number: 7, at: '2026-11-01T00:00:00Z', actor: 'a', actor_name: null, role: 'clinician', action: 'people.read', resource: 'x, "y"', subject: '', outcome: 'allowed', request_id: 'r', detail: '=1+1', hash: 'h'};
  expect(csvOf([entry], () => '@clara').split('\r\n')[1]).toBe("7,2026-11-01T00:00:00Z,'@clara,a,clinician,people.read,\"x, \"\"y\"\"\",,allowed,r,'=1+1,h");
});
