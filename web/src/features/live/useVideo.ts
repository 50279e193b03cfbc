// The camera's pictures kept as a video while a session runs: only where somebody agreed to it and asked for it.
import {useEffect, useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {Pieces} from './pieces';

const kPieceMs = 2000;
const kBitsPerSecond = 1_500_000;
const kKinds = ['video/webm;codecs=vp8', 'video/webm', 'video/mp4'];

export type Video = 'off' | 'on' | 'failed';

/** Records while `wanted`; each time it begins anew is a video of its own. */
export function useVideo(session: string, stream: MediaStream | null, wanted: boolean, onFailure: (error: unknown) => void): Video {
  const [state, setState] = useState<Video>('off');
  useEffect(() => {
    if (!wanted || !stream) {
      setState('off');
      return;
    }
    const mimeType = typeof MediaRecorder === 'function' ? kKinds.find((each) => MediaRecorder.isTypeSupported(each)) : undefined;
    if (!mimeType) {
      setState('failed');
      return;
    }
    const fail = (error: unknown) => {
      setState('failed');
      onFailure(error);
    };
    const recorder = new MediaRecorder(stream, {mimeType, videoBitsPerSecond: kBitsPerSecond});
    const key = idempotencyKey();
    let video: Promise<string> | null = null;
    const pieces = new Pieces({
      send: async (number, piece) => {
        video ??= body(api.POST('/api/v1/sessions/{session}/videos', {params: {path: {session}, header: {'Idempotency-Key': key}}, body: {at}})).then(({id}) => id);
        // Asked for anew where it could not be begun.
        const id = await video.catch((error) => { video = null; throw error as Error; });
        return api.PUT('/api/v1/videos/{video}/pieces/{number}', {
          params: {path: {video: id, number}}, body: piece as unknown as string, bodySerializer: (bytes) => bytes as unknown as Blob, headers: {'Content-Type': 'application/octet-stream'},
        });
      },
      later: (then, ms) => void setTimeout(then, ms),
    }, fail);
    let at = new Date().toISOString();
    recorder.onstart = () => { at = new Date().toISOString(); setState('on'); };
    recorder.ondataavailable = ({data}) => pieces.push(data);
    recorder.onerror = fail;
    recorder.start(kPieceMs);
    return () => { if (recorder.state !== 'inactive') recorder.stop(); };
  }, [session, stream, wanted, onFailure]);
  return state;
}
