// What Chromium's fake camera shows: a real clip of the shared data where that is there, else (or if asked) one made from the demonstration photograph.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, renameSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const root = join(import.meta.dirname, '../..');
const clips = join(process.env.PYROMETER_SHARED ?? join(root, '../shared'), 'data/videos');
const kOne = 'pyfeat_wolfganglanger';
/** Two people who tilt their heads. */
export const kTwo = 'intel_head-pose-face-detection-female-and-male';

export const there = (clip: string) => existsSync(join(clips, `${clip}.mp4`));

/** A file of JPEGs, one after the other; null: of the photograph. */
export function camera(clip: string | null = there(kOne) ? kOne : null): string {
  const photograph = join(root, '.pyrometer/demo/astronaut.png');
  const out = join(tmpdir(), `pyrometer-camera-${clip ?? 'astronaut'}.mjpeg`);
  if (existsSync(out)) return out;
  const part = join(mkdtempSync(join(tmpdir(), 'pyrometer-camera-')), 'part.mjpeg');
  const from = clip ? ['-i', join(clips, `${clip}.mp4`), '-t', '20'] : ['-loop', '1', '-i', photograph, '-t', '8'];
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...from, '-r', '30', '-vf', `${clip ? '' : 'crop=iw:iw*3/4:0:0,'}scale=640:-2,format=yuvj420p`, '-q:v', '4', '-f', 'mjpeg', part]);
  renameSync(part, out);
  return out;
}
