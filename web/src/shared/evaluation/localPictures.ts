// Pictures of an uploaded set, as this browser has them: the server does not keep uploads beyond their job.
import type {Chosen} from '@/shared/jobs/drop';

const kept = new Map<string, Map<string, File>>();

// The server names pictures by their path within the archive; a folder chosen again may lie deeper or less deep.
const endings = (path: string) => path.split('/').map((_, at, all) => all.slice(at).join('/'));

export function keepPictures(job: string, files: readonly Chosen[]) {
  const byEnd = kept.get(job) ?? new Map<string, File>();
  for (const {path, file} of files) for (const end of endings(path)) if (end.includes('/') || !byEnd.has(end)) byEnd.set(end, file);
  kept.set(job, byEnd);
}

export function pictureOf(job: string, name: string): File | null {
  const byEnd = kept.get(job);
  if (!byEnd) return null;
  for (const end of endings(name)) {
    const file = byEnd.get(end);
    if (file) return file;
  }
  return null;
}

export const hasPictures = (job: string) => kept.has(job);
