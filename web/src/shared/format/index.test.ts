import {i18n} from '@lingui/core';
import {beforeEach, describe, expect, it} from 'vitest';
import {bytes, duration, number, percent, relative, signed} from '.';

describe('format', () => {
  beforeEach(() => i18n.loadAndActivate({locale: 'en', messages: {}}));

  it('writes durations', () => {
    expect(duration(0)).toBe('0:00');
    expect(duration(59.6)).toBe('1:00');
    expect(duration(3723)).toBe('1:02:03');
  });
  it('writes nothing known as a dash', () => {
    expect(number(null)).toBe('–');
    expect(percent(Number.NaN)).toBe('–');
  });
  it('follows the language', () => {
    expect(number(1234.5, 1)).toBe('1,234.5');
    expect(percent(0.125, 1)).toBe('12.5%');
    i18n.loadAndActivate({locale: 'es', messages: {}});
    expect(number(12345.5, 1)).toBe('12.345,5');
  });
  it('gives no sign to what rounds to 0', () => {
    expect([0.4, -0.4, 0, 0.6, -12.4].map((value) => signed(value))).toEqual(['0', '0', '0', '+1', '-12']);
    expect([signed(-0.0004, 3), signed(0.0006, 3), signed(null)]).toEqual(['0.000', '+0.001', '–']);
    expect([number(-0.3), number(-0.6)]).toEqual(['0', '-1']);
  });
  it('tells time from now', () => {
    expect(relative('2026-01-01T00:00:00Z', '2026-01-04T00:00:00Z')).toBe('3 days ago');
    expect(relative('2026-01-01T02:00:00Z', '2026-01-01T00:00:00Z')).toBe('in 2 hours');
  });
  it('counts bytes in thousands', () => {
    expect(bytes(1_500_000)).toBe('1.5 MB');
    expect(bytes(12)).toBe('12 byte');
  });
});
