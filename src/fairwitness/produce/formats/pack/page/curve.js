// Ed25519 signatures, checked as RFC 8032, section 5.1.7 says, strictly: one spelling of each signature, no cofactor,
// and no key under which anything can be signed. The same steps as the verifier's `ed25519` module.
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (n) => { const rest = n % P; return rest < 0n ? rest + P : rest; };
const power = (base, exponent) => {
  let total = 1n, square = mod(base);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) total = (total * square) % P;
    square = (square * square) % P;
  }
  return total;
};
const D = mod(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n);

const little = (bytes) => {
  let total = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) total = (total << 8n) | BigInt(bytes[i]);
  return total;
};
const sum = (one, two) => {
  const a = mod((one[1] - one[0]) * (two[1] - two[0])), b = mod((one[1] + one[0]) * (two[1] + two[0]));
  const c = mod(2n * one[3] * two[3] * D), d = mod(2n * one[2] * two[2]);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
};
const times = (scalar, point) => {
  let total = [0n, 1n, 1n, 0n];
  for (const bit of scalar.toString(2)) {
    total = sum(total, total);
    if (bit === '1') total = sum(total, point);
  }
  return total;
};
const pointOf = (bytes) => {
  const value = little(bytes), sign = value >> 255n, y = value & (2n ** 255n - 1n);
  if (y >= P) throw new Broken('a point is not in its one encoding');
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT);
  if (mod(x * x) !== square || (x === 0n && sign)) throw new Broken('not a point of the curve');
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
};
const encoded = (point) => {
  const inverse = power(point[2], P - 2n);
  return mod(point[1] * inverse) | ((mod(point[0] * inverse) & 1n) << 255n);
};
const BASE = (() => {
  const y = mod(4n * power(5n, P - 2n)), bytes = new Uint8Array(32);
  for (let i = 0, left = y; i < 32; i++, left >>= 8n) bytes[i] = Number(left & 255n);
  return pointOf(bytes);
})();

const checkPublic = (key) => {
  if (key.length !== 32) throw new Broken('a key is 32 bytes');
  const point = pointOf(key), eight = times(8n, point);
  if (mod(eight[0]) === 0n && mod(eight[1] - eight[2]) === 0n) throw new Broken('under this key anything can be signed');
  return point;
};
const checkSignature = (key, message, signature) => {
  const point = checkPublic(key);
  if (signature.length !== 64) throw new Broken('a signature is 64 bytes');
  const scalar = little(signature.subarray(32));
  if (scalar >= ORDER) throw new Broken('a signature is not in its one form');
  const k = little(sha512(signature.subarray(0, 32), key, message)) % ORDER;
  const negative = [mod(-point[0]), point[1], point[2], mod(-point[3])];
  if (encoded(sum(times(scalar, BASE), times(k, negative))) !== little(signature.subarray(0, 32)))
    throw new Broken('a signature does not hold');
};
