// The steps of the specification "Pack, version 1", section 5: the same as the verifier's `pack` module, and the same answer.
const WORDS = {
  container: 'the zip is not laid out as a pack is',
  manifest: 'the list of files is missing or is not one',
  missing: 'the file is missing',
  altered: 'the file is not the one that was listed',
  unlisted: 'the file is not listed: it was added',
  pack: 'the description of the pack can not be read',
  keys: 'the keys can not be read',
  checkpoint: 'the checkpoint is not what the log’s key signed',
  line: 'the line is not an entry',
  order: 'the entry is out of order, or there twice',
  header: 'the header is not one, or names decisions that were not taken',
  proof: 'the log did not sign for this entry at this place',
  commitment: 'the content is not what the entry commits to',
  count: 'the number of entries is not the one that the pack names',
};
const verdictOf = (faults) => {
  if (faults.some(({ code }) => code === 'container' || code === 'manifest')) return 'unreadable';
  return faults.length ? 'altered' : 'unaltered';
};
const stem = (log) => log.log.replace('/', '-');
const breathe = () => new Promise((done) => { setTimeout(done); });

// `files` has names and read(name); `listing` is text instead of manifest.json, of files of which not all are here.
const checkFiles = async (files, { listing = null, progress = () => {}, each = () => {} } = {}) => {
  const faults = [], logs = [], unreadable = new Set(), kept = new Map();
  const fault = (code, file, line = null, entry = null) => faults.push({ code, file, line, entry });
  const report = () => ({ faults, logs, verdict: verdictOf(faults) });
  const read = async (name, most = Infinity) => {
    if (unreadable.has(name)) throw new Broken('can not be read');
    const bytes = kept.get(name) ?? await files.read(name);
    if (bytes.length > most) throw new Broken('longer than it may be');
    return bytes;
  };

  let listed;
  try { listed = readListing(listing ?? narrow.decode(await read('manifest.json', 64 * 1024 * 1024))); }
  catch (error) { if (!(error instanceof Broken)) throw error; fault('manifest', 'manifest.json'); return report(); }
  const total = listed.reduce((sum, file) => sum + file.size, 0) * 2 || 1;
  let done = 0;
  for (const file of listed) {
    if (!files.names.has(file.name)) {
      unreadable.add(file.name);
      if (listing === null) fault('missing', file.name);
    } else {
      try {
        const bytes = await read(file.name);
        if (bytes.length !== file.size || hex(sha256(bytes)) !== file.sha256) fault('altered', file.name);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        unreadable.add(file.name);
        fault('altered', file.name);
      }
    }
    done += file.size;
    progress(done / total);
    await breathe();
  }
  const known = new Set(listed.map((file) => file.name)).add('manifest.json');
  [...files.names].filter((name) => !known.has(name)).sort().forEach((name) => fault('unlisted', name));

  let about;
  try { about = readPack(narrow.decode(await read('pack.json', 1000000))); }
  catch (error) { if (!(error instanceof Broken)) throw error; fault('pack', 'pack.json'); return report(); }
  let keys = [];
  try { keys = readKeys(await read('keys', 1000000)); }
  catch (error) { if (!(error instanceof Broken)) throw error; fault('keys', 'keys'); }
  const checkpoints = [];
  for (const log of about) checkpoints.push(await checkpointOf(log, keys, read, fault));
  for (const [i, log] of about.entries()) {
    const name = `entries/${stem(log)}.jsonl`;
    const bytes = unreadable.has(name) || !files.names.has(name) ? new Uint8Array(0) : await read(name);
    logs.push(await checkLog(log, checkpoints[i], checkpoints[0], bytes, fault, each, (share) => progress(0.5 + share / 2)));
  }
  return { ...report(), keys, checkpoints };
};

const checkpointOf = async (log, keys, read, fault) => {
  const name = `checkpoints/${stem(log)}`, key = keys.find((one) => one.name === log.origin);
  try {
    if (!key) throw new Broken('not signed by a key of the pack');
    return readCheckpoint(await read(name, 1000000), key);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    fault('checkpoint', name);
    return null;
  }
};

const checkLog = async (log, checkpoint, custody, bytes, fault, each, progress) => {
  const name = `entries/${stem(log)}.jsonl`;
  let lines = 0, opened = 0, destroyed = 0, before = -1, pause = Date.now();
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at), stop = end < 0 ? bytes.length : end;
    const text = narrow.decode(bytes.subarray(at, stop));
    lines += 1;
    let line = null, code = '';
    try {
      if (end < 0) throw new Broken('does not end');
      line = readLine(text);
      code = line.index <= before ? 'order' : whyNot(log, checkpoint, custody, line);
    } catch (error) { if (!(error instanceof Broken)) throw error; code = 'line'; }
    if (code) fault(code, name, lines, line ? line.index : claimedIndex(text));
    if (line && line.index > before) before = line.index;
    if (line && !code && checkpoint) { if (line.payload) opened += 1; else destroyed += 1; }
    if (line) each(log, line, code);
    at = stop + 1;
    if (Date.now() - pause > 40) { progress(at / bytes.length); await breathe(); pause = Date.now(); }
  }
  if (lines !== log.entries) fault('count', name);
  return { log: log.log, origin: log.origin, size: checkpoint ? checkpoint.size : 0, entries: lines, proven: opened + destroyed, opened, destroyed };
};

const whyNot = (log, checkpoint, custody, line) => {
  let header;
  try { header = readHeader(line.header); }
  catch (error) { if (!(error instanceof Broken)) throw error; return 'header'; }
  const own = log.log === 'custody';
  if (own ? header.custodySize !== line.index : custody && header.custodySize > custody.size) return 'header';
  if (checkpoint && !leads(line, checkpoint)) return 'proof';
  if (line.payload) {
    const digest = hex(sha256(line.salt, line.payload));
    if (digest !== header.commitment || line.payload.length !== header.payloadSize) return 'commitment';
  }
  return '';
};

const ZERO = Uint8Array.of(0), ONE = Uint8Array.of(1);
// Whether the path leads from the entry's leaf to the root (RFC 9162, section 2.1.3.2). Sizes may be above 2^32.
const leads = (line, checkpoint) => {
  if (line.index >= checkpoint.size) return false;
  let number = line.index, last = checkpoint.size - 1, seen = sha256(ZERO, bytesOf(line.header));
  for (const sibling of line.path) {
    if (last === 0) return false;
    if (number % 2 || number === last) {
      seen = sha256(ONE, sibling, seen);
      while (number % 2 === 0 && number) { number = Math.floor(number / 2); last = Math.floor(last / 2); }
    } else seen = sha256(ONE, seen, sibling);
    number = Math.floor(number / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(seen, checkpoint.root);
};

const checkZip = async (blob, given = {}) => {
  let files;
  try { files = await openZip(blob); }
  catch (error) {
    if (!(error instanceof BadContainer)) throw error;
    const faults = [{ code: 'container', file: error.file, line: null, entry: null }];
    return { faults, logs: [], verdict: verdictOf(faults) };
  }
  return checkFiles(files, given);
};
