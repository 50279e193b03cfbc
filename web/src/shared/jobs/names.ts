// What uploads were called here: the server does not ask for their names.
const kKey = 'pyrometer.job-names';
const kMost = 300;

function all(): [string, string][] {
  try {
    return JSON.parse(localStorage.getItem(kKey) ?? '[]') as [string, string][];
  } catch {
    return [];
  }
}

export function nameJob(job: string, name: string) {
  localStorage.setItem(kKey, JSON.stringify([[job, name], ...all().filter(([id]) => id !== job)].slice(0, kMost)));
}

export const nameOfJob = (job: string): string | null => all().find(([id]) => id === job)?.[1] ?? null;
