import {describe, expect, it} from 'vitest';
import {emotionColours, riskColours, theme} from './theme';

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!;
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

const paper = {light: '#ffffff', dark: '#1a2023'};

describe('colours that carry text', () => {
  it('knows the extremes', () => expect(contrast('#ffffff', '#000000')).toBeCloseTo(21));
  for (const scheme of ['light', 'dark'] as const) {
    for (const [name, colour] of Object.entries(emotionColours)) {
      it(`${name} on paper, ${scheme}`, () => expect(contrast(colour[scheme], paper[scheme])).toBeGreaterThanOrEqual(4.5));
    }
    for (const [name, colour] of Object.entries(riskColours)) {
      it(`${name} on its tint, ${scheme}`, () => expect(contrast(colour[scheme], colour.tint[scheme])).toBeGreaterThanOrEqual(4.5));
    }
  }
  for (const shade of [7, 6]) it(`the primary colour ${shade} under white`, () => expect(contrast(theme.colors!.petrol![shade]!, '#ffffff')).toBeGreaterThanOrEqual(4.5));
  it('the primary colour beside dark paper', () => expect(contrast(theme.colors!.petrol![6]!, paper.dark)).toBeGreaterThanOrEqual(3));
});
