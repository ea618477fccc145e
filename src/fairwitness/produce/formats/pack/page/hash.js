// SHA-256 and SHA-512 (FIPS 180-4). The browser's own are not there on every page that is opened from a disk.
const primes = (() => {
  const found = [];
  for (let n = 2; found.length < 80; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
})();
// The first bits of the fractional parts of roots, by whole numbers: nothing is lost in rounding.
const rootBits = (n, power, bits) => {
  const wanted = BigInt(n) << BigInt(power * bits);
  let low = 0n, high = 1n << BigInt(bits + 4);
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(power) <= wanted) low = middle; else high = middle - 1n;
  }
  return BigInt.asUintN(bits, low);
};
const K256 = Int32Array.from(primes.slice(0, 64), (p) => Number(rootBits(p, 3, 32)) | 0);
const H256 = Int32Array.from(primes.slice(0, 8), (p) => Number(rootBits(p, 2, 32)) | 0);
const K512 = primes.map((p) => rootBits(p, 3, 64));
const H512 = primes.slice(0, 8).map((p) => rootBits(p, 2, 64));

const padded = (parts, block, lengthBytes) => {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(Math.ceil((size + 1 + lengthBytes) / block) * block);
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  whole[at] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(size / 0x20000000));
  view.setUint32(whole.length - 4, (size << 3) >>> 0);
  return view;
};

const W256 = new Int32Array(64);
const round256 = (state, view, start) => {
  for (let i = 0; i < 16; i++) W256[i] = view.getInt32(start + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = W256[i - 15], y = W256[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W256[i] = (W256[i - 16] + s0 + W256[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[i] + W256[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
};

// The hash of parts one after another. Whole blocks of the first part are not copied: a file may be large.
const sha256 = (...parts) => {
  const state = Int32Array.from(H256);
  const [first, ...others] = parts;
  const direct = first.length - (first.length % 64);
  const view = new DataView(first.buffer, first.byteOffset, first.length);
  for (let at = 0; at < direct; at += 64) round256(state, view, at);
  const tail = padded([first.subarray(direct), ...others], 64, 8);
  const bits = parts.reduce((sum, part) => sum + part.length, 0);
  tail.setUint32(tail.byteLength - 8, Math.floor(bits / 0x20000000));
  tail.setUint32(tail.byteLength - 4, (bits << 3) >>> 0);
  for (let at = 0; at < tail.byteLength; at += 64) round256(state, tail, at);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return new Uint8Array(out.buffer);
};

const sha512 = (...parts) => {
  const view = padded(parts, 128, 16), state = H512.slice(), w = [];
  const u64 = (n) => BigInt.asUintN(64, n);
  const turn = (n, by) => (n >> BigInt(by)) | u64(n << BigInt(64 - by));
  for (let start = 0; start < view.byteLength; start += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(start + 8 * i);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = u64(w[i - 16] + (turn(x, 1) ^ turn(x, 8) ^ (x >> 7n)) + w[i - 7] + (turn(y, 19) ^ turn(y, 61) ^ (y >> 6n)));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const t1 = h + (turn(e, 14) ^ turn(e, 18) ^ turn(e, 41)) + ((e & f) ^ (u64(~e) & g)) + K512[i] + w[i];
      const t2 = (turn(a, 28) ^ turn(a, 34) ^ turn(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = u64(d + t1); d = c; c = b; b = a; a = u64(t1 + t2);
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = u64(state[i] + word); });
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(8 * i, word));
  return new Uint8Array(out.buffer);
};
