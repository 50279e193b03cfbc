// Which jobs come of what somebody chose.
import {mediaOf, type Chosen} from './drop';

export interface Part {
  /** What it is called in the list of jobs to come. */
  name: string;
  /** Uploaded each on its own, or as one zip. */
  files: Chosen[];
  zipped: boolean;
  kind: 'video' | 'archive' | 'pictures';
}

/** For analysis: each video and archive is a job; all pictures are one, in their order. */
export function analysisPlan(files: readonly Chosen[]): {parts: Part[]; left: Chosen[]} {
  const of = (...kinds: string[]) => files.filter(({path}) => kinds.includes(mediaOf(path)));
  const pictures = of('picture');
  const parts: Part[] = [
    ...of('video').map((each): Part => ({name: each.path, files: [each], zipped: false, kind: 'video'})),
    ...of('archive').map((each): Part => ({name: each.path, files: [each], zipped: false, kind: 'archive'})),
  ];
  if (pictures.length > 0) parts.push({name: pictures[0]!.path, files: pictures, zipped: pictures.length > 20, kind: 'pictures'});
  return {parts, left: of('table', 'other')};
}

export interface LabelledSet {
  part: Part | null;
  /** Pictures by class, where folders tell them. */
  counts: Partial<Record<string, number>>;
  problem: 'several' | 'no-classes' | 'unknown-class' | null;
  unknown: string[];
}

const classes = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];

/** For judging and training: one archive, or folders named as the classes (with a table beside them where it tells more). */
export function labelledSet(files: readonly Chosen[], needsClasses = true): LabelledSet {
  const none = {part: null, counts: {}, unknown: []};
  const archives = files.filter(({path}) => mediaOf(path) === 'archive');
  const pictures = files.filter(({path}) => mediaOf(path) === 'picture');
  const tables = files.filter(({path}) => mediaOf(path) === 'table');
  if (archives.length === 1 && pictures.length === 0) return {...none, part: {name: archives[0]!.path, files: archives, zipped: false, kind: 'archive'}, problem: null};
  if (archives.length > 0) return {...none, problem: 'several'};
  if (pictures.length === 0) return {...none, problem: files.length === 0 ? null : 'no-classes'};
  const counts: Record<string, number> = {}, unknown = new Set<string>();
  if (tables.length === 0 && needsClasses) {
    for (const {path} of pictures) {
      const folder = path.split('/').at(-2)?.toLowerCase();
      if (folder === undefined) return {...none, problem: 'no-classes'};
      if (classes.includes(folder)) counts[folder] = (counts[folder] ?? 0) + 1;
      else unknown.add(folder);
    }
    if (unknown.size > 0) return {...none, counts, problem: 'unknown-class', unknown: [...unknown].slice(0, 5)};
  }
  return {part: {name: pictures[0]!.path.split('/')[0] ?? '', files: [...pictures, ...tables], zipped: true, kind: 'archive'}, counts, problem: null, unknown: []};
}
