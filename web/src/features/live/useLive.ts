// One running session in a page: its conversation, what it told, and the camera's pictures on their way.
import {useCallback, useEffect, useRef, useState, type RefObject} from 'react';
import {api} from '@/api/client';
import {Problem} from '@/api/problem';
import {LiveFeed} from './feed';
import type {EndReason, MeshShape} from './protocol';
import {FrameSender} from './sender';
import {LiveSocket, browserSurroundings, type Link} from './socket';

interface Options {
  session: string | null;
  as: 'stream' | 'watch';
  mesh: MeshShape['kind'];
  /** Where the pictures come from, for `stream`. */
  video: RefObject<HTMLVideoElement | null>;
  camera: MediaStream | null;
  paused: boolean;
  /** Pixels of the longer side that is sent. */
  longest: number;
}

export interface Live {
  feed: LiveFeed;
  link: Link;
  ended: EndReason | null;
}

/** Why a conversation will not be taken up, in the word that ends one; null where it may yet be. */
async function whyNot(session: string, as: 'stream' | 'watch'): Promise<EndReason | null> {
  try {
    const {data} = await api.GET('/api/v1/sessions/{session}', {params: {path: {session}}});
    if (data?.state !== 'open') return 'ended';
    // Asked for plainly, a conversation that would be allowed is refused for that alone.
    await api.GET(as === 'stream' ? '/api/v1/sessions/{session}/stream' : '/api/v1/sessions/{session}/watch', {params: {path: {session}}});
    return null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.slug === 'consent-missing') return 'consent-withdrawn';
    return problem.status === 403 || problem.status === 404 ? problem.slug : null;
  }
}

export function useLive({session, as, mesh, video, camera, paused, longest}: Options): Live {
  const [feed, setFeed] = useState(() => new LiveFeed());
  const [link, setLink] = useState<Link>('connecting');
  const [ended, setEnded] = useState<EndReason | null>(null);
  const socket = useRef<LiveSocket | null>(null);
  const sender = useRef<FrameSender | null>(null);
  const [made, setMade] = useState<LiveSocket | null>(null);

  useEffect(() => {
    if (!session) return;
    const fresh = new LiveFeed();
    setFeed(fresh);
    setEnded(null);
    const one = new LiveSocket(session, as, mesh, {
      message: (message) => {
        fresh.take(message);
        if (message.type === 'rate') sender.current?.obey(message.fps);
      },
      link: (state, reason) => {
        setLink(state);
        if (reason) setEnded(reason);
      },
      whyNot: () => whyNot(session, as),
    }, browserSurroundings());
    socket.current = one;
    setMade(one);
    one.start();
    const gone = () => one.cut(), back = () => one.again();
    window.addEventListener('offline', gone);
    window.addEventListener('online', back);
    return () => {
      window.removeEventListener('offline', gone);
      window.removeEventListener('online', back);
      one.stop();
      socket.current = null;
    };
  }, [session, as, mesh]);

  useEffect(() => {
    if (!made || as !== 'stream' || !camera || !video.current) return;
    const one = new FrameSender(video.current, made, longest);
    sender.current = one;
    one.start();
    return () => { one.stop(); sender.current = null; };
  }, [made, as, camera, video, longest]);

  useEffect(() => sender.current?.pause(paused), [paused, made, camera]);

  return {feed, link, ended};
}

/** Keeps the screen lit while somebody sits before it. */
export function useLitScreen(wanted: boolean) {
  const ask = useCallback(async () => {
    try {
      return await navigator.wakeLock?.request('screen');
    } catch {
      return undefined; // a battery that is low; it is only a comfort
    }
  }, []);
  useEffect(() => {
    if (!wanted) return;
    let lock: Promise<WakeLockSentinel | undefined> = ask();
    const again = () => { if (document.visibilityState === 'visible') lock = ask(); };
    document.addEventListener('visibilitychange', again);
    return () => {
      document.removeEventListener('visibilitychange', again);
      void lock.then((one) => one?.release());
    };
  }, [wanted, ask]);
}
