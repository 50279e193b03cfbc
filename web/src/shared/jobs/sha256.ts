// SHA-256 (FIPS 180-4) of what comes piece by piece: the browser's own takes only what is in memory whole.
const primes = (count: number) => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((each) => n % each !== 0)) found.push(n);
  return found;
};
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const kRound = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)));
const kStart = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));
const kBlock = 64;

export class Sha256 {
  private readonly state = kStart.slice();
  private readonly schedule = new Int32Array(64);
  private rest = new Uint8Array(0);
  private length = 0;

  add(bytes: Uint8Array): this {
    this.length += bytes.length;
    let at = 0;
    if (this.rest.length > 0) {
      at = Math.min(kBlock - this.rest.length, bytes.length);
      const joined = new Uint8Array(this.rest.length + at);
      joined.set(this.rest);
      joined.set(bytes.subarray(0, at), this.rest.length);
      this.rest = joined;
      if (joined.length < kBlock) return this;
      this.blocks(joined, 0, 1);
    }
    const whole = Math.floor((bytes.length - at) / kBlock);
    this.blocks(bytes, at, whole);
    this.rest = bytes.slice(at + whole * kBlock);
    return this;
  }

  /** 64 digits; nothing can be added afterwards. */
  hex(): string {
    const bits = this.length * 8;
    const end = new Uint8Array((this.rest.length < kBlock - 8 ? kBlock : 2 * kBlock) - this.rest.length);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(end.length - 4, bits >>> 0);
    this.add(end);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private blocks(bytes: Uint8Array, from: number, count: number) {
    const w = this.schedule, s = this.state;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let block = 0; block < count; block += 1) {
      for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(from + block * kBlock + 4 * i);
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15]!, y = w[i - 2]!;
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
      }
      let a = s[0]!, b = s[1]!, c = s[2]!, d = s[3]!, e = s[4]!, f = s[5]!, g = s[6]!, h = s[7]!;
      for (let i = 0; i < 64; i += 1) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const one = (h + s1 + ((e & f) ^ (~e & g)) + kRound[i]! + w[i]!) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      s[0] = s[0]! + a; s[1] = s[1]! + b; s[2] = s[2]! + c; s[3] = s[3]! + d;
      s[4] = s[4]! + e; s[5] = s[5]! + f; s[6] = s[6]! + g; s[7] = s[7]! + h;
    }
  }
}
