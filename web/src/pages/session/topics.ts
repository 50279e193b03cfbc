// What each keyword goes with, from the frames that are there: as the server ranks topics (|S_t - S| over the keyword's frames).
import type {Interval} from './intervals';
import {kEmotions, type Track} from './track';

export interface Topic {
  word: string;
  times: number;
  seconds: number;
  frames: number;
  /** Mean distance of the score from the session's own mean; null: nothing was seen then. */
  impact: number | null;
  /** Mean score less the session's. */
  shift: number | null;
  p: number[] | null;
  first: Interval;
}

export function topicsOf(track: Track, intervals: readonly Interval[]): Topic[] {
  const score = track.columns.score;
  const session = score.mean(0, track.length);
  const topics = new Map<string, Topic & {sum: number; away: number; p: number[]}>();
  for (const interval of intervals) {
    const word = interval.keyword.word;
    let topic = topics.get(word);
    if (!topic) topics.set(word, (topic = {word, times: 0, seconds: 0, frames: 0, impact: null, shift: null, p: kEmotions.map(() => 0), first: interval, sum: 0, away: 0}));
    topic.times += 1;
    topic.seconds += interval.until - interval.from;
    for (let at = track.indexAt(interval.from); at < track.length && (track.time[at] ?? 0) <= interval.until; ++at) {
      const value = score.at(at);
      if (Number.isNaN(value)) continue;
      topic.frames += 1;
      topic.sum += value;
      topic.away += Math.abs(value - session);
      for (const [which, emotion] of kEmotions.entries()) topic.p[which] = (topic.p[which] ?? 0) + track.columns[emotion].at(at);
    }
  }
  return [...topics.values()].map(({sum, away, p, ...topic}) => {
    const known = topic.frames > 0;
    return {...topic, impact: known ? away / topic.frames : null, shift: known ? sum / topic.frames - session : null, p: known ? p.map((each) => each / topic.frames) : null};
  }).sort((a, b) => (b.impact ?? -1) - (a.impact ?? -1));
}
