// One file to the server in pieces, with progress: where the network is cut, or the page was loaded anew, it goes on
// where it ended.
import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex} from '@noble/hashes/utils.js';
import {api, body, csrfHeader, idempotencyKey} from '@/api/client';
import {Problem, slugOf} from '@/api/problem';
import type {components} from '@/api/schema';

export type Upload = components['schemas']['Upload'];
type Partial = components['schemas']['PartialUpload'];

interface How {
  /** Whose it is, where it is somebody's. */
  person?: string | null | undefined;
  signal: AbortSignal;
  /** Of an upload of the same file that came to no end. */
  begun?: string | null | undefined;
  onBegun?: (id: string) => void;
  /** Bytes that are on their way or there. */
  onSent: (bytes: number) => void;
  /** Told before another try: where nothing goes through for now. */
  onWait: () => void;
}

const kTries = 6, kMostUploadBytes = 4 * 2 ** 30, kPieceBytes = 8 * 2 ** 20, kSilentMs = 60_000;

// By XMLHttpRequest: fetch does not tell how much of a body has been sent.
function sendPiece(id: string, offset: number, piece: Blob, {signal, onSent}: How): Promise<Partial> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silent = setTimeout(() => request.abort(), kSilentMs);
    const stop = () => request.abort();
    request.open('POST', `/api/v1/partial-uploads/${id}/pieces?offset=${offset}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      clearTimeout(silent);
      silent = setTimeout(() => request.abort(), kSilentMs);
      onSent(offset + Math.min(event.loaded, piece.size));
    };
    request.onloadend = () => { clearTimeout(silent); signal.removeEventListener('abort', stop); };
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(signal.aborted ? signal.reason : Problem.unreachable());
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as Partial);
      else void Problem.of(new Response(request.responseText, {status: request.status, statusText: request.statusText})).then(reject);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) request.abort();
    else request.send(piece);
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

const mayPass = (problem: unknown) =>
  problem instanceof Problem && [0, 429, 502, 503].includes(problem.status) && problem.slug !== 'too-many-uploads';

export async function sendUpload(file: Blob, how: How): Promise<Upload> {
  const {signal, person} = how;
  if (file.size > kMostUploadBytes) throw new Problem(413, 'too-large', '');
  if (file.size === 0) throw new Problem(422, 'empty', 'This file is empty.');

  // Again until it goes through; what goes through after a while gives it all its tries back.
  let failures = 0;
  async function through<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (problem) {
        failures += 1;
        if (!mayPass(problem) || failures === kTries) throw problem;
        how.onWait();
        await pause(Math.min(1000 * 2 ** (failures - 1), 15_000), signal);
      }
    }
  }
  const key = idempotencyKey();
  const begin = () => through(() => body(api.POST('/api/v1/partial-uploads', {
    params: {query: person ? {person} : {}, header: {'Idempotency-Key': key}}, body: {bytes: file.size}, signal,
  })));
  const look = (id: string) => through(() => body(api.GET('/api/v1/partial-uploads/{partial}', {params: {path: {partial: id}}, signal})));

  let known: Partial | null = null;
  if (how.begun) {
    known = await look(how.begun).catch((problem: unknown) => {
      if (problem instanceof Problem && problem.status === 404) return null;
      throw problem;
    });
  }
  if (known?.bytes !== file.size) known = await begin();
  const {id} = known;
  how.onBegun?.(id);

  // By a library: the browser's own takes only what is in memory whole.
  const sum = sha256.create();
  let added = 0, at = known.received;
  while (at < file.size || added < file.size) {
    // What is there counts into the sum; what is not yet is sent first.
    if (added < at) {
      const next = Math.min(added + kPieceBytes, at);
      sum.update(new Uint8Array(await file.slice(added, next).arrayBuffer()));
      added = next;
      continue;
    }
    how.onSent(at);
    let unsure = false;
    at = (await through(async () => {
      // Whether the last try counts, its answer did not tell.
      if (unsure) {
        const now = await body(api.GET('/api/v1/partial-uploads/{partial}', {params: {path: {partial: id}}, signal}));
        if (now.received !== at) return now;
      }
      unsure = true;
      return sendPiece(id, at, file.slice(at, at + kPieceBytes), how);
    })).received;
    failures = 0;
  }
  const told = {sha256: bytesToHex(sum.digest())};
  try {
    return await through(() => body(api.POST('/api/v1/partial-uploads/{partial}/end', {params: {path: {partial: id}}, body: told, signal})));
  } catch (problem) {
    // What was there before is of other content than this file: from its beginning.
    if (how.begun !== id || slugOf(problem) !== 'other-content') throw problem;
    return sendUpload(file, {...how, begun: null});
  }
}
