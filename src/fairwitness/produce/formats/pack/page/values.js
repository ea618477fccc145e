// Text, base64 and canonical JSON, each with one spelling; and what a pack's own files say.
class Broken extends Error {}
const LIMIT = 2 ** 53;
const PACK_NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;

const utf8 = (bytes) => {
  try { return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); }
  catch { throw new Broken('not UTF-8'); }
};
const bytesOf = (text) => new TextEncoder().encode(text);
const narrow = new TextDecoder('latin1');
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromBase64 = (text) => {
  let binary;
  try { binary = atob(text); } catch { throw new Broken('not base64'); }
  if (btoa(binary) !== text) throw new Broken('base64 that is not spelt the one way');
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
};
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Broken('a number that is none here');
  return JSON.stringify(value);
};
const readCanonical = (text) => {
  let value;
  try { value = JSON.parse(text); } catch { throw new Broken('not JSON'); }
  const odd = /[^ -~]|\\[^"\\]/.test(text.replace(/\\["\\]/g, ''));
  if (odd || !isObject(value) || canonical(value) !== text) throw new Broken('not in canonical form');
  return value;
};
const withMembers = (value, ...names) => {
  if (!isObject(value) || Object.keys(value).sort().join() !== names.join()) throw new Broken('other members than it should have');
  return value;
};

const readListing = (text) => {
  const { files, v } = withMembers(readCanonical(text), 'files', 'v');
  if (v !== 1 || !Array.isArray(files)) throw new Broken('not a manifest of version 1');
  let before = '';
  for (const file of files) {
    withMembers(file, 'name', 'sha256', 'size');
    if (typeof file.name !== 'string' || typeof file.sha256 !== 'string') throw new Broken('not a file');
    if (!/^[0-9a-f]{64}$/.test(file.sha256) || !isCount(file.size)) throw new Broken('not a file');
    if (!PACK_NAME.test(file.name) || file.name <= before) throw new Broken('a name twice, or out of order');
    before = file.name;
  }
  return files;
};
const readPack = (text) => {
  const about = withMembers(readCanonical(text), 'at', 'logs', 'selected', 'v');
  if (![about.at, about.selected, about.v].every(isCount) || about.v !== 1 || !Array.isArray(about.logs)) throw new Broken('not a pack');
  for (const log of about.logs) {
    withMembers(log, 'entries', 'log', 'origin');
    const named = typeof log.log === 'string' && /^(?:custody|messages\/(?:0|[1-9][0-9]{0,8}))$/.test(log.log);
    if (!named || typeof log.origin !== 'string' || !isCount(log.entries)) throw new Broken('not a log');
  }
  const names = about.logs.map((log) => log.log);
  if (names[0] !== 'custody' || new Set(names).size !== names.length) throw new Broken('logs twice, or custody not first');
  return about.logs;
};
const readLine = (text) => {
  const line = withMembers(readCanonical(text), 'header', 'index', 'path', 'payload', 'salt');
  const secret = (value) => {
    if (value !== null && typeof value !== 'string') throw new Broken('a member of the wrong type');
    return value === null ? null : fromBase64(value);
  };
  if (typeof line.header !== 'string' || !isCount(line.index) || !Array.isArray(line.path)) throw new Broken('a member of the wrong type');
  const path = line.path.map((one) => {
    if (typeof one !== 'string') throw new Broken('a member of the wrong type');
    return fromBase64(one);
  });
  const payload = secret(line.payload), salt = secret(line.salt);
  if (path.length > 64 || path.some((one) => one.length !== 32)) throw new Broken('a path that is none');
  if ((payload === null) !== (salt === null) || (salt !== null && salt.length !== 16)) throw new Broken('a payload without its salt');
  return { header: line.header, index: line.index, path, payload, salt };
};
const claimedIndex = (text) => {
  const match = /"index":(0|[1-9][0-9]{0,15}),"path"/.exec(text);
  return match && Number(match[1]) < LIMIT ? Number(match[1]) : null;
};
const HEADER = new RegExp('^\\{"commitment":"([0-9a-f]{64})","custody_size":(0|-?[1-9][0-9]{0,15}),' +
  '"kind":"((?:[ !#-\\[\\]-~]|\\\\["\\\\])*)","payload_size":(0|-?[1-9][0-9]{0,15}),"received_at":(0|-?[1-9][0-9]{0,15}),' +
  '(?:"ref":"([0-9a-f]{64})",)?"stream":"([0-9a-f]{32})","v":1\\}$');
const readHeader = (text) => {
  const match = HEADER.exec(text);
  if (!match) throw new Broken('not a header of version 1');
  const [custodySize, payloadSize, receivedAt] = [match[2], match[4], match[5]].map(Number);
  if (Math.max(custodySize, payloadSize, Math.abs(receivedAt)) >= LIMIT || Math.min(custodySize, payloadSize) < 0)
    throw new Broken('a number that a header can not have');
  return { commitment: match[1], custodySize, kind: match[3], payloadSize, receivedAt, stream: match[7] };
};
