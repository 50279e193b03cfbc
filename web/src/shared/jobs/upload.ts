// One file to the server, with progress; tried again where the network failed.
import {csrfHeader} from '@/api/client';
import {Problem} from '@/api/problem';
import type {components} from '@/api/schema';

export type Upload = components['schemas']['Upload'];

interface How {
  /** Whose it is, where it is somebody's. */
  person?: string | null | undefined;
  signal: AbortSignal;
  /** Bytes that are on their way or there. */
  onSent: (bytes: number) => void;
  /** Told before another try: where nothing goes through for now. */
  onWait: () => void;
}

const kTries = 6, kMostUploadBytes = 4 * 2 ** 30;

// By XMLHttpRequest: fetch does not tell how much of a body has been sent.
function once(file: Blob, {person, signal, onSent}: How): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/uploads${person ? `?person=${person}` : ''}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onSent(Math.min(event.loaded, file.size));
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(signal.reason);
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as Upload);
      else void Problem.of(new Response(request.responseText, {status: request.status, statusText: request.statusText})).then(reject);
    };
    signal.addEventListener('abort', () => request.abort(), {once: true});
    if (signal.aborted) reject(signal.reason);
    else request.send(file);
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => { clearTimeout(timer); window.removeEventListener('online', done); resolve(); };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', () => { done(); reject(signal.reason); }, {once: true});
  });
}

export async function sendUpload(file: Blob, how: How): Promise<Upload> {
  if (file.size > kMostUploadBytes) throw new Problem(413, 'too-large', '');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(file, how);
    } catch (problem) {
      const passing = problem instanceof Problem && [0, 429, 502, 503].includes(problem.status) && problem.slug !== 'too-many-uploads';
      if (!passing || attempt === kTries) throw problem;
      how.onSent(0);
      how.onWait();
      await pause(Math.min(1000 * 2 ** (attempt - 1), 15_000), how.signal);
    }
  }
}
