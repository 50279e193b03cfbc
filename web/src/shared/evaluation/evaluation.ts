// What evaluation.json of a job tells: a model's figures on a labelled set.
import type {Emotion} from '@/app/theme';

export type Interval = [number, number];

export interface Figures {
  n: number;
  accuracy: number;
  balanced_accuracy: number;
  macro_f1: number;
  /** A row a true class, a column a predicted one. */
  confusion: number[][];
}
export interface ClassFigures {
  class: Emotion;
  support: number;
  predicted: number;
  precision: number | null;
  recall: number | null;
  recall_95: Interval;
  f1: number | null;
}
export interface Bin {
  n: number;
  confidence: number;
  accuracy: number;
}
export interface JudgedItem {
  name: string;
  /** Of the site's own data set; null for one that was uploaded. */
  item: string | null;
  label: Emotion;
  /** Null where no face could be read. */
  predicted: Emotion | null;
  p: number[] | null;
}
export interface Against {
  name: string;
  figures: Figures;
  only_this_right: number;
  only_other_right: number;
  test: string;
  p: number;
  accuracy_difference: number;
  accuracy_difference_95: Interval;
}
export interface Evaluation extends Figures {
  accuracy_95: Interval;
  balanced_accuracy_95: Interval;
  macro_f1_95: Interval;
  classes: ClassFigures[];
  faces_missed: number;
  missed_because: Record<string, number>;
  dataset: string;
  model: string;
  calibration?: {n: number; ece: number; brier: number; confidence: number; bins: Bin[]};
  against?: Against;
  warnings: string[];
  items?: JudgedItem[];
}

export const readEvaluation = (text: string) => JSON.parse(text) as Evaluation;

/** The pictures of one cell, the surest first. */
export function ofCell(items: readonly JudgedItem[], label: Emotion, predicted: Emotion | null): JudgedItem[] {
  const sure = (item: JudgedItem) => Math.max(...(item.p ?? [0]));
  return items.filter((item) => item.label === label && item.predicted === predicted).sort((a, b) => sure(b) - sure(a));
}

/** The largest mistakes: which class is taken for which, as shares of the true class. */
export function confusions(confusion: readonly (readonly number[])[], most = 3): {truth: number; said: number; share: number; count: number}[] {
  return confusion
    .flatMap((row, truth) => {
      const all = row.reduce((sum, each) => sum + each, 0);
      return row.map((count, said) => ({truth, said, count, share: all > 0 ? count / all : 0}));
    })
    .filter(({truth, said, count}) => truth !== said && count > 0)
    .sort((a, b) => b.share - a.share || b.count - a.count)
    .slice(0, most);
}

/** A table for a spreadsheet. */
export function classesAsCsv(evaluation: Evaluation): string {
  const cell = (value: number | null) => (value === null ? '' : String(value));
  const rows = evaluation.classes.map((each) => [each.class, each.support, each.predicted, cell(each.precision), cell(each.recall), cell(each.recall_95[0]), cell(each.recall_95[1]), cell(each.f1)].join(','));
  return ['class,support,predicted,precision,recall,recall_95_low,recall_95_high,f1', ...rows, ''].join('\n');
}

export function confusionAsCsv(evaluation: Evaluation): string {
  const names = evaluation.classes.map((each) => each.class);
  return [['true\\predicted', ...names].join(','), ...evaluation.confusion.map((row, at) => [names[at], ...row].join(',')), ''].join('\n');
}
