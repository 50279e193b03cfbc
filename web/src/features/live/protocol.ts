// What goes over the live WebSockets, as contracts/live.schema.json has it.

export interface Quality {
  size_px: number | null;
  brightness: number | null;
  contrast: number | null;
  sharpness: number | null;
  inside: number | null;
  presence: number | null;
}

export type Reason = '' | 'no_face' | 'too_small' | 'blurred' | 'turned_away' | 'too_dark' | 'too_bright' | 'occluded' | 'outside_frame' | 'lost';

/** Without a face: face_id is -1, and only valid and reason are there. */
export interface Face {
  face_id: number;
  valid: boolean;
  reason: Reason;
  p?: (number | null)[];
  eye_openness?: number | null;
  mouth_openness?: number | null;
  perclos?: number | null;
  blink_rate_per_min?: number | null;
  yawning?: boolean;
  yaw_deg?: number | null;
  pitch_deg?: number | null;
  score?: number | null;
  index?: number | null;
  index_per_min?: number | null;
  confidence?: number | null;
  quality?: Quality;
  /** x and y in turn, in 1/10,000 of the picture's width and height. */
  mesh?: number[];
  /** x, y, width, height in pixels of the picture. */
  box?: [number, number, number, number];
}

export interface Band {
  ahead_s: number;
  mean: number;
  low_95: number;
  low_80: number;
  high_80: number;
  high_95: number;
}

export interface Observed {
  type: 'observations';
  frame: number;
  time_s: number;
  utc: string;
  width: number;
  height: number;
  faces: Face[];
}

export interface MeshShape {
  type: 'mesh';
  kind: 'none' | 'contours' | 'all';
  points: number[];
  lines: number[][];
}

export interface Forecast {
  type: 'forecast';
  frame: number;
  time_s: number;
  model: string;
  trained_on: string;
  simulated: boolean;
  faces: {face_id: number; present: Band; ahead: Band[]}[];
}

export type EndReason = 'consent-withdrawn' | 'ended' | 'server-stops' | 'camera-ended' | 'camera-removed' | 'camera-lost' | (string & {});

export type Down =
  | {type: 'hello'; session: string; next_frame: number; notice: string}
  | Observed
  | MeshShape
  | Forecast
  | {type: 'kept'; frame: number}
  | {type: 'rate'; fps: number}
  | {type: 'problem'; slug: string; frame?: number}
  | {type: 'camera'; state: 'opening' | 'there' | 'lost'}
  | {type: 'gap'; after: number; before: number}
  | {type: 'ended'; reason: EndReason};

const kTypes = new Set<string>(['hello', 'observations', 'mesh', 'forecast', 'kept', 'rate', 'problem', 'camera', 'gap', 'ended'] satisfies Down['type'][]);

/** Null for what a later server may say and this page does not know. */
export function parseDown(text: string): Down | null {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof told !== 'object' || told === null || !('type' in told) || !kTypes.has(String(told.type))) return null;
  return told as Down;
}

/** A picture as it goes up: frame number and capture time (8 bytes each, little endian), then the JPEG. */
export function pictureMessage(frame: number, capturedUs: number, jpeg: ArrayBuffer): ArrayBuffer {
  const out = new ArrayBuffer(16 + jpeg.byteLength);
  const head = new DataView(out);
  head.setBigUint64(0, BigInt(frame), true);
  head.setBigUint64(8, BigInt(Math.round(capturedUs)), true);
  new Uint8Array(out, 16).set(new Uint8Array(jpeg));
  return out;
}

/** Where the conversation of a session is; with the last frame that was heard, it goes on after it. */
export function liveAddress(origin: string, session: string, as: 'stream' | 'watch', lastHeard: number): string {
  const base = `${origin.replace(/^http/, 'ws')}/api/v1/sessions/${session}/${as}`;
  return lastHeard >= 0 ? `${base}?after=${lastHeard}` : base;
}
