// Keys, signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), read strictly.
const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const EMPTY_ROOT = sha256(new Uint8Array(0));
const sameBytes = (one, two) => one.length === two.length && one.every((byte, i) => byte === two[i]);
const checkName = (name) => {
  if (!name || name.includes('+') || SPACE.test(name) || /[\x00-\x1f]/.test(name)) throw new Broken('not the name of a key');
};

const readKey = (line) => {
  const one = line.indexOf('+'), two = line.indexOf('+', one + 1);
  if (one < 0 || two < 0) throw new Broken('not a verifier key');
  const name = line.slice(0, one), id = line.slice(one + 1, two);
  if (!/^[0-9a-f]{8}$/.test(id)) throw new Broken('not a verifier key');
  checkName(name);
  const data = fromBase64(line.slice(two + 1));
  if (data[0] !== 1) throw new Broken('a key of another type');
  const digest = sha256(bytesOf(`${name}\n`), data);
  if (hex(digest.subarray(0, 4)) !== id) throw new Broken('not its own id');
  checkPublic(data.subarray(1));
  return { name, id: digest.subarray(0, 4), key: data.subarray(1), line };
};
const readKeys = (bytes) => {
  const text = utf8(bytes);
  if (!text.endsWith('\n')) throw new Broken('no line of its own at the end');
  const keys = text.slice(0, -1).split('\n').map(readKey);
  if (new Set(keys.map((key) => key.name)).size !== keys.length) throw new Broken('two keys for one log');
  return keys;
};
const readNote = (bytes) => {
  if (bytes.length > 1000000) throw new Broken('too large for a note');
  const note = utf8(bytes);
  if (/[\x00-\x09\x0b-\x1f]/.test(note)) throw new Broken('a control character');
  const at = note.lastIndexOf('\n\n');
  const tail = note.slice(at + 2);
  if (at < 0 || !tail.endsWith('\n')) throw new Broken('not a text, a blank line and signatures');
  const signatures = tail.slice(0, -1).split('\n').map((line) => {
    const rest = line.slice(2), space = rest.indexOf(' ');
    if (!line.startsWith('\u2014 ') || space < 0) throw new Broken('not a signature');
    const blob = fromBase64(rest.slice(space + 1));
    if (blob.length < 5) throw new Broken('a signature that is too short');
    checkName(rest.slice(0, space));
    return { name: rest.slice(0, space), blob };
  });
  return { text: `${note.slice(0, at)}\n`, signatures };
};
const readCheckpoint = (bytes, key) => {
  const { text, signatures } = readNote(bytes);
  const ours = signatures.filter(({ name, blob }) => name === key.name && sameBytes(blob.subarray(0, 4), key.id));
  if (ours.length !== 1) throw new Broken('not signed once by this key');
  checkSignature(key.key, bytesOf(text), ours[0].blob.subarray(4));
  const fields = text.split('\n');
  if (fields.length !== 4 || !fields[0]) throw new Broken('not three lines');
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(fields[1]) || Number(fields[1]) >= LIMIT) throw new Broken('not a size');
  const size = Number(fields[1]), root = fromBase64(fields[2]);
  if (root.length !== 32 || (size === 0 && !sameBytes(root, EMPTY_ROOT))) throw new Broken('not a root');
  if (fields[0] !== key.name) throw new Broken('of another log');
  return { origin: fields[0], size, root, signedBy: signatures.map(({ name }) => name) };
};
