import {describe, expect, it} from 'vitest';
import {rangeOf, scaleName, surveyName, withAnswers, withItem, withItemMoved, withoutItem, withoutLanguage, withScale, withScaleChanged, withWording} from './edit';
import type {Draft, DraftScale} from './queries';

const scale = (more: Partial<DraftScale> = {}): DraftScale => ({
  id: 'all', title: 'All', kind: 'total', items: [1, 2, 3], score: 'sum', minimum_answered: 3, higher_means: 'more strain',
  cutoffs: {bands: [{from: 3, category: 'low'}, {from: 8, category: 'high'}], source: 'x'}, ...more,
});
const draft: Draft = {
  title: 'T', unvalidated: true, items: 3, answers: {min: 1, max: 4, coding: ''}, reverse: [2],
  scales: [scale(), scale({id: 'some', title: 'Some', kind: 'subscale', items: [2, 3], minimum_answered: 2, cutoffs: {none: 'n'}})],
  keep_apart: false, missing: {rule: 'r', source: 's'}, licence: {status: 'own', holder: 'h', note: 'n'}, key_source: 'k',
  wording: {en: {items: ['a', 'b', 'c'], answers: ['never', '', '', 'always']}},
};

describe('questions', () => {
  it('a new one comes into the scales that have all', () => {
    const after = withItem(draft);
    expect([after.items, after.wording!.en!.items, after.scales[0]!.items, after.scales[0]!.minimum_answered, after.scales[1]!.items]).toEqual([4, ['a', 'b', 'c', ''], [1, 2, 3, 4], 4, [2, 3]]);
  });
  it('one goes, and the numbers behind it with it', () => {
    const after = withoutItem(draft, 2);
    expect([after.items, after.wording!.en!.items, after.reverse, after.scales[0]!.items, after.scales[1]!.items, after.scales[1]!.minimum_answered]).toEqual([2, ['a', 'c'], [], [1, 2], [2], 1]);
  });
  it('one takes along that it is turned and where it counts', () => {
    const after = withItemMoved(draft, 2, -1);
    expect([after.wording!.en!.items, after.reverse, after.scales[1]!.items]).toEqual([['b', 'a', 'c'], [1], [1, 3]]);
    expect(withItemMoved(draft, 1, -1)).toBe(draft);
  });
});

describe('answers', () => {
  it('the first level follows the least score', () => {
    const after = withAnswers(draft, 0, 3);
    expect(after.answers).toMatchObject({min: 0, max: 2});
    expect(after.wording!.en!.answers).toEqual(['never', '', '']);
    expect(after.scales[0]!.cutoffs).toMatchObject({bands: [{from: 0}, {from: 8}]});
    expect(rangeOf(after, after.scales[0]!)).toEqual([0, 6]);
    expect(rangeOf(after, {...after.scales[0]!, score: 'mean'})).toEqual([0, 2]);
    expect(rangeOf(after, {...after.scales[0]!, score: 'percent'})).toEqual([0, 100]);
  });
  it('the sentence on their ends follows the labels until it is written by hand', () => {
    const told = withWording(draft, 'en', {answers: ['never', '', '', 'daily']});
    expect(told.answers.coding).toBe('1 = never, 4 = daily');
    expect(withWording(told, 'en', {answers: ['no', '', '', 'yes']}).answers.coding).toBe('1 = no, 4 = yes');
    const own = {...told, answers: {...told.answers, coding: 'mine'}};
    expect(withWording(own, 'en', {answers: ['no', '', '', 'yes']}).answers.coding).toBe('mine');
  });
  it('a language comes and goes whole', () => {
    const two = withWording(draft, 'es', {instruction: ''});
    expect(two.wording!.es).toEqual({items: ['', '', ''], answers: ['', '', '', '']});
    expect(withoutLanguage(two, 'es').wording).toEqual(draft.wording);
    expect('wording' in withoutLanguage(draft, 'en')).toBe(false);
  });
});

describe('names', () => {
  it('are plain, and follow the title until they are their own', () => {
    expect(surveyName('Sueño y ánimo (2)')).toBe('own-sueno-y-animo-2');
    expect(scaleName('Körper 2', [])).toBe('korper');
    expect(scaleName('12', ['scale'])).toBe('scale_x');
    const added = withScale(draft, 'none');
    expect(added.scales[2]).toMatchObject({id: 'scale', items: [], cutoffs: {none: 'none'}});
    const named = withScaleChanged(added, 2, {title: 'Some'});
    expect(named.scales[2]!.id).toBe('some_x');
    expect(withScaleChanged({...named, scales: named.scales.map((each) => ({...each, id: `${each.id}_own`}))}, 2, {title: 'Other'}).scales[2]!.id).toBe('some_x_own');
  });
});
