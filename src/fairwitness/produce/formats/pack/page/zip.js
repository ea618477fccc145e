// A pack's zip, read as strictly as it is written: no two readers can see two packs in one file.
class BadContainer extends Broken {
  constructor(file = '') { super('not laid out as a pack is'); this.file = file; }
}
const LARGEST_PACK = 2 ** 31 - 1;
const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
const crc32 = (bytes) => {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
};
const part = async (blob, start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer());

// What a deflated stream unpacks to; nothing is taken beyond `most` bytes.
const inflate = async (bytes, most) => {
  const parts = [];
  let size = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      parts.push(step.value);
      size += step.value.length;
      if (size > most) { await reader.cancel(); break; }
    }
  } catch { throw new Broken('does not unpack'); }
  if (size > most) throw new Broken('unpacks to too much');
  const whole = new Uint8Array(size);
  let at = 0;
  for (const one of parts) { whole.set(one, at); at += one.length; }
  return whole;
};

const readDirectory = async (blob) => {
  if (blob.size < 22 || blob.size > LARGEST_PACK) throw new BadContainer();
  const end = new DataView((await part(blob, blob.size - 22)).buffer);
  const count = end.getUint16(10, true), length = end.getUint32(12, true), start = end.getUint32(16, true);
  if (end.getUint32(0, true) !== 0x06054b50 || end.getUint16(4, true) || end.getUint16(6, true) ||
      end.getUint16(20, true) || end.getUint16(8, true) !== count) throw new BadContainer();
  if (start + length + 22 !== blob.size) throw new BadContainer();
  const bytes = await part(blob, start, start + length), view = new DataView(bytes.buffer);
  const members = new Map();
  let at = 0, place = 0;
  for (let i = 0; i < count; i++) {
    const [name, member, next] = readEntry(bytes, view, at, place);
    if (members.has(name)) throw new BadContainer(name);
    members.set(name, member);
    await checkLocal(blob, name, member, place);
    at = next;
    place = member.start + member.packed;
  }
  if (at !== length || place !== start) throw new BadContainer();
  return members;
};
const readEntry = (bytes, view, at, place) => {
  if (at + 46 > bytes.length) throw new BadContainer();
  const u16 = (offset) => view.getUint16(at + offset, true), u32 = (offset) => view.getUint32(at + offset, true);
  const length = u16(28), end = at + 46 + length;
  const name = String.fromCharCode(...bytes.subarray(at + 46, end));
  if (end > bytes.length || !PACK_NAME.test(name)) throw new BadContainer();
  const method = u16(10), crc = u32(16), packed = u32(20), size = u32(24);
  const fixed = u32(0) === 0x02014b50 && u16(4) === 0x0314 && u16(6) === 20 && u16(8) === 0 && u16(12) === 0 && u16(14) === 0x21 &&
    u16(30) === 0 && u16(32) === 0 && u16(34) === 0 && u16(36) === 0 && u32(38) === 0o100644 * 65536 && u32(42) === place;
  if (!fixed || (method !== 0 && method !== 8) || (method === 0 && packed !== size)) throw new BadContainer(name);
  return [name, { method, crc, packed, size, start: place + 30 + length }, end];
};
const checkLocal = async (blob, name, member, place) => {
  const expected = new Uint8Array(30 + name.length), view = new DataView(expected.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, 20, true);
  view.setUint16(8, member.method, true);
  view.setUint16(12, 0x21, true);
  [member.crc, member.packed, member.size].forEach((number, i) => view.setUint32(14 + 4 * i, number, true));
  view.setUint16(26, name.length, true);
  expected.set(bytesOf(name), 30);
  if (!sameBytes(await part(blob, place, place + expected.length), expected)) throw new BadContainer(name);
};

// The files of a zip, each unpacked when it is asked for.
const openZip = async (blob) => {
  const members = await readDirectory(blob);
  return {
    names: new Set(members.keys()),
    read: async (name) => {
      const member = members.get(name);
      if (!member) throw new Broken('is missing');
      const packed = await part(blob, member.start, member.start + member.packed);
      if (packed.length !== member.packed) throw new Broken('breaks off');
      const bytes = member.method ? await inflate(packed, member.size) : packed;
      if (bytes.length !== member.size || crc32(bytes) !== member.crc) throw new Broken('not what the zip says');
      return bytes;
    },
  };
};
