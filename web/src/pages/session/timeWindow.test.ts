import {describe, expect, it} from 'vitest';
import {kShortest, TimeWindow} from './timeWindow';

function at(min: number, max: number) {
  const waiting: (() => void)[] = [];
  const window = new TimeWindow((then) => waiting.push(then));
  window.extend(0, 600);
  window.set(min, max);
  return {window, draw: () => waiting.splice(0).forEach((then) => then())};
}

describe('TimeWindow', () => {
  it('stays within what there is and keeps its length when it is moved', () => {
    const {window} = at(100, 160);
    window.pan(-500);
    expect([window.min, window.max]).toEqual([0, 60]);
    window.pan(5000);
    expect([window.min, window.max]).toEqual([540, 600]);
  });
  it('zooms about a time', () => {
    const {window} = at(100, 200);
    window.zoom(0.5, 125);
    expect([window.min, window.max]).toEqual([112.5, 162.5]);
    window.zoom(1e-6);
    expect(window.max - window.min).toBeCloseTo(kShortest, 9);
    window.zoom(1e9);
    expect([window.min, window.max]).toEqual([0, 600]);
  });
  it('tells once a picture, and grows with what comes until somebody chooses', () => {
    const {window, draw} = at(0, 600);
    let told = 0;
    window.listen(() => { told += 1; });
    window.extend(0, 700);
    window.extend(0, 800);
    draw();
    expect(told).toBe(1);
    expect(window.max).toBe(800);
    window.set(10, 20);
    window.extend(0, 900);
    expect([window.min, window.max]).toEqual([10, 20]);
  });
  it('shows what is not in sight', () => {
    const {window} = at(0, 60);
    window.show(300, 320);
    expect(window.min).toBeLessThan(300);
    expect(window.max).toBeGreaterThan(320);
  });
});
