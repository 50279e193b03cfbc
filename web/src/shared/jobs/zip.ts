// A zip of files as they are (nothing is packed: pictures and videos are already), so that a folder travels as one upload.
export interface Entry {
  /** With folders, by "/". */
  path: string;
  file: Blob;
}

export const kMostEntries = 10_000;

const table = Uint32Array.from({length: 256}, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before >>> 0;
  for (let at = 0; at < bytes.length; at += 1) c = (table[(c ^ bytes[at]!) & 255]! ^ (c >>> 8)) >>> 0;
  return ~c >>> 0;
}

const kPiece = 4 << 20;

async function crcOf(file: Blob): Promise<number> {
  let crc = 0;
  for (let at = 0; at < file.size; at += kPiece) crc = crc32(new Uint8Array(await file.slice(at, at + kPiece).arrayBuffer()), crc);
  return crc;
}

// What the local and the central header have in common, from "version needed" to the length of the extra field.
function common(crc: number, size: number, name: Uint8Array): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, 20, true);
  view.setUint16(2, 0x0800, true); // names are UTF-8
  view.setUint16(8, 0x21, true); // 1980-01-01: what a zip is made of decides its bytes, not when
  view.setUint32(10, crc, true);
  view.setUint32(14, size, true);
  view.setUint32(18, size, true);
  view.setUint16(22, name.length, true);
  return view;
}

function signature(value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

/** Reads every file once, for its checksum; the zip itself refers to them and takes no memory. */
export async function zipOf(entries: readonly Entry[], progress?: (share: number) => void): Promise<Blob> {
  if (entries.length > kMostEntries) throw new RangeError('too many files');
  const parts: BlobPart[] = [], central: BlobPart[] = [];
  let at = 0, centralSize = 0, read = 0;
  const all = entries.reduce((sum, {file}) => sum + file.size, 0) || 1;
  for (const {path, file} of entries) {
    const name = new TextEncoder().encode(path);
    const shared = common(await crcOf(file), file.size, name).buffer;
    parts.push(signature(0x04034b50), shared, name, file);
    const tail = new DataView(new ArrayBuffer(14)); // comment, disk, attributes, where the local header stands
    tail.setUint32(10, at, true);
    const made = new Uint8Array([20, 0]);
    central.push(signature(0x02014b50), made, shared, tail.buffer, name);
    at += 30 + name.length + file.size;
    centralSize += 46 + name.length;
    read += file.size;
    progress?.(read / all);
  }
  if (at + centralSize > 0xffffffff) throw new RangeError('too large');
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, centralSize, true);
  end.setUint32(16, at, true);
  return new Blob([...parts, ...central, end.buffer], {type: 'application/zip'});
}
