// Files and whole folders that somebody drags here or chooses.
import type {Entry} from './zip';

export interface Chosen extends Entry {
  file: File;
}

async function within(entry: FileSystemEntry, path: string, into: Chosen[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    into.push({path: path + entry.name, file});
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A folder is told in portions, until a portion is empty.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await within(each, `${path}${entry.name}/`, into);
  }
}

const hidden = ({path}: Chosen) => path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');

const inOrder = (files: Chosen[]) =>
  files.filter((each) => !hidden(each)).sort((a, b) => a.path.localeCompare(b.path, undefined, {numeric: true}));

export async function dropped(transfer: DataTransfer): Promise<Chosen[]> {
  // The entries are gone after the first wait, so all of them first.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const files: Chosen[] = [];
  for (const entry of entries) await within(entry, '', files);
  return inOrder(files);
}

export function chosen(list: FileList): Chosen[] {
  return inOrder([...list].map((file) => ({path: file.webkitRelativePath || file.name, file})));
}

export type Media = 'picture' | 'video' | 'archive' | 'table' | 'other';

/** By its name; the server looks at the bytes. */
export function mediaOf(path: string): Media {
  const end = path.toLowerCase();
  if (/\.(jpe?g|png|webp|bmp)$/.test(end)) return 'picture';
  if (/\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|wmv)$/.test(end)) return 'video';
  if (/\.(zip|tar|tgz|tar\.gz)$/.test(end)) return 'archive';
  return end.endsWith('.csv') ? 'table' : 'other';
}
