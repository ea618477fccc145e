// The page: what was found, in plain words, and everything that the pack holds.
const SIGNS = { unaltered: 'm7.5 12.5 3 3 6-7', altered: 'M12 7v6m0 3.5v.1', unreadable: 'm8.5 8.5 7 7m0-7-7 7' };
const MISSING = {
  'refused.no_mandate': 'refused at the door: no mandate covered them',
  'refused.unknown_line': 'refused at the door: of a line that was not enrolled',
  'refused.unparsed': 'refused at the door: could not be read, and no mandate covered them',
  'refused.edit_of_refused': 'refused at the door: edits of refused messages',
  'refused.too_large': 'refused at the door: too large',
  destroyed: 'key destroyed: the entry is proven, its words are gone',
  unattributable: 'key destroyed, and whose they were can not be told',
  never_came: 'never came, though something speaks of them',
  not_delivered: 'came without their content, which WhatsApp did not deliver',
};
const UNREAD = {
  no_policy: 'no policy was in force when they came',
  file_only: 'only a file, which no detector opens',
  notice: 'calls and notices of WhatsApp’s own',
  not_understood: 'kept whole and not understood',
};
const KINDS = {
  'person.enrolled': 'Person enrolled', 'line.added': 'Line added', 'line.assigned': 'Line assigned', 'mandate.granted': 'Mandate granted',
  'mandate.withdrawn': 'Mandate withdrawn', 'role.granted': 'Role granted', 'role.revoked': 'Role revoked', 'policies.published': 'Policies in force from here',
  'alert.raised': 'Alert raised', 'alert.claimed': 'Alert claimed', 'alert.closed': 'Alert closed', 'alert.reopened': 'Alert reopened',
  'content.shown': 'Content was shown', 'hold.placed': 'Hold placed', 'hold.released': 'Hold released', 'import.finished': 'Import finished',
  'refused.counted': 'Refusals counted', 'production.selected': 'Pack ordered', 'production.made': 'Pack made',
};
const STEP = 100;
const states = new Map(), places = new Map(), trail = [];
let held, told = new Map(), lineNames = new Map();

const showVerdict = (report, whole) => {
  const { verdict, faults } = report;
  byId('progress').hidden = true;
  byId('verdict').dataset.verdict = verdict;
  byId('sign').setAttribute('d', SIGNS[verdict]);
  const scope = whole ? 'Every file of the zip was checked' : 'Everything that this page holds was checked';
  byId('verdict-word').textContent = { unaltered: 'Unaltered', altered: `Altered: ${number(faults.length)} fault${faults.length === 1 ? '' : 's'}`, unreadable: 'Not a pack that can be checked' }[verdict];
  byId('verdict-why').textContent = verdict === 'unaltered'
    ? `${scope}: hashes, proofs, signatures and contents agree.` : `${scope}. What follows names each place that does not agree.`;
  byId('faults').hidden = !faults.length;
  byId('faults').querySelector('ul').replaceChildren(...faults.slice(0, 1000).map((fault) => {
    const where = [fault.file || 'the zip', fault.line && `line ${fault.line}`, fault.entry !== null && `entry ${fault.entry}`].filter(Boolean).join(', ');
    return el('li', { 'data-code': fault.code }, el('strong', null, own(where)), `: ${WORDS[fault.code]}.`);
  }));
  showCounts(report);
};

const showCounts = ({ logs, verdict }) => {
  const proven = logs.reduce((sum, log) => sum + log.proven, 0), all = logs.reduce((sum, log) => sum + log.entries, 0);
  const card = byId('unaltered');
  card.querySelector('.count').textContent = number(proven);
  card.querySelector('h2').textContent = proven === all ? 'entries are unaltered' : `of ${number(all)} entries are unaltered`;
  card.querySelector('ul').replaceChildren(...lined([
    ...logs.map((log) => [`${log.log === 'custody' ? 'decisions, out of' : 'entries of messages, out of'} ${number(log.size)} in the log`, number(log.proven)]),
    ...(summary && verdict !== 'unreadable' ? [['messages that these make', number(summary.messages)]] : []),
  ]));
};

let summary = null;
const showSummary = () => {
  const { asked, sizes } = summary;
  byId('matter').textContent = safe(asked.matter);
  document.title = `${safe(asked.matter)} · Examiner's pack`;
  byId('produced').textContent = `Ordered ${time(summary.at)} UTC, as of ${Object.entries(sizes).map(([log, size]) => `${number(size)} entries of ${log}`).join(' and ')}.`;
  const missing = Object.entries(summary.missing), unread = Object.entries(summary.unread);
  const fill = (id, rows, words, extra) => {
    byId(id).querySelector('.count').textContent = number(rows.reduce((sum, [, count]) => sum + count, 0));
    byId(id).querySelector('ul').replaceChildren(...lined([...rows.map(([reason, count]) => [words[reason] ?? reason, number(count)]), ...extra]));
  };
  const lines = new Map(asked.lines.map((line) => [line.line, line]));
  lineNames = new Map(asked.lines.map((line) => [line.line, line.name]));
  fill('missing', missing, MISSING, [
    ...(summary.files ? [['files that are named and not held', number(summary.files)]] : []),
    ...summary.windows.slice(0, 20).map((one) => [el('span', null, 'no mandate for ', own(lines.get(one.line)?.name ?? one.line)), `${day(one.from_at)} – ${day(one.to_at)}`]),
    ...(summary.windows.length > 20 ? [['more times without a mandate', number(summary.windows.length - 20)]] : []),
  ]);
  fill('unread', unread, UNREAD, []);
  const many = (rows, name) => (rows.length ? rows.flatMap((row, i) => [i ? ', ' : '', own(name(row))]) : ['all']);
  facts(byId('asked'), [
    ['Matter', own(asked.matter)], ['People', ...many(asked.persons, (one) => one.name)],
    ['Lines', ...many(asked.lines, (one) => [one.name, ...one.aliases].join(' '))],
    ['Conversations', ...many(asked.conversations, (one) => one)],
    ['Sent', `${asked.from_at === null ? 'from the beginning' : `from ${time(asked.from_at)} UTC`} ${asked.to_at === null ? 'to the end' : `to before ${time(asked.to_at)} UTC`}`],
    asked.alerts && ['Only', 'conversations in which a policy raised an alert'],
    asked.reason && ['Reason', own(asked.reason)], ['Ordered by', own(asked.by)], ['Custody entry', `${summary.selected}`],
  ]);
  byId('chats').tBodies[0].replaceChildren(...summary.chats.map((chat) => {
    const open = el('button', { class: 'plain', type: 'button' }, own(chat.title || chat.conversation));
    open.addEventListener('click', () => showTalk(chat));
    return el('tr', null, el('td', null, open), el('td', null, own(lines.get(chat.line)?.name ?? chat.line)), el('td', { class: 'number' }, number(chat.messages)),
      el('td', null, day(chat.first_at)), el('td', null, day(chat.last_at)));
  }));
};

const showTalk = (chat) => {
  const talk = byId('talk'), lines = told.get(chat.conversation) ?? [], more = el('button', { type: 'button' }, 'Show more');
  const list = el('div');
  let at = 0;
  const add = () => {
    for (const text of lines.slice(at, at + STEP)) list.append(bubble(JSON.parse(utf8(text))));
    at += STEP;
    more.hidden = at >= lines.length;
  };
  more.addEventListener('click', add);
  const bare = chat.bare.length ? el('p', { class: 'absent' }, `Entries without a message that could be told: ${chat.bare.join(', ')}`) : null;
  talk.replaceChildren(el('h2', null, own(chat.title || chat.conversation)), list, more, ...(bare ? [bare] : []));
  talk.hidden = false;
  add();
  talk.scrollIntoView({ block: 'start' });
};

const bubble = (said) => {
  const words = (text, extra = '') => el('p', { class: `words${extra}`, dir: 'auto' }, safe(text));
  const revoked = said.happened.some(({ kind }) => kind === 'revoke');
  const bad = said.entries.filter((entry) => states.get(entry) !== '');
  const proof = bad.length ? el('span', { class: 'unproven' }, `not proven: entry ${bad.join(', ')}`) : el('span', { class: 'proven' }, 'proven');
  const came = el('details', { class: 'no-print' }, el('summary', null, 'As it came'));
  came.addEventListener('toggle', () => { if (came.open && came.children.length === 1) came.append(...said.entries.map(asItCame)); });
  return el('article', { class: `${said.direction}${said.alerts.length ? ' flagged' : ''}${said.held ? '' : ' absent'}${bad.length ? ' bad' : ''}` },
    el('p', { class: 'who' }, own(said.sender_name || (said.direction === 'out' && lineNames.get(said.line)) || said.sender || 'Line')),
    ...said.alerts.map((flag) => el('p', { class: 'flag' }, 'Alert: ', own(flag.policy))),
    revoked ? el('p', { class: 'mark' }, 'Deleted for everyone. What it said:') : '',
    ...said.versions.slice(0, -1).map((one) => el('div', { class: 'was' }, el('p', { class: 'mark' }, `Earlier text, entry ${one.entry}`), words(one.text))),
    said.held ? (said.text ? words(said.text, revoked ? ' struck' : '') : el('p', { class: 'absent-words' }, safe(said.media.length ? '' : `No words (${said.subtype || said.kind})`))) : el('p', { class: 'absent-words' }, 'A message that never came, though something speaks of it'),
    ...said.media.map((file) => el('p', { class: 'file' }, 'File, not held: ', own(file.filename || file.kind))),
    ...said.happened.filter(({ kind }) => kind === 'reaction').map((one) => el('p', { class: 'mark' }, own(one.emoji || '∅'), ' ', own(one.sender))),
    el('p', { class: 'foot' }, `${time(said.at ?? said.received_at)} UTC · entry ${said.entry} · `, proof), came);
};

const asItCame = (entry) => {
  const place = places.get(entry);
  if (!place) return el('p', { class: 'mark' }, `Entry ${entry} is not in the pack.`);
  try {
    const line = readLine(narrow.decode(held.bytes.get(place.file).subarray(place.at, place.end)));
    if (!line.payload) return el('p', { class: 'mark' }, `Entry ${entry}: its key was destroyed.`);
    const { head, slices } = unpackPayload(line.payload);
    return el('div', null, el('p', { class: 'mark' }, `Entry ${entry}, ${head.source}`), ...slices.map((one) =>
      el('pre', null, `${one.name} ${one.pointer}\n`, safe(new TextDecoder().decode(one.bytes)))));
  } catch { return el('p', { class: 'mark' }, `Entry ${entry} can not be taken apart.`); }
};

let shownTrail = 0;
const showTrail = () => {
  const rows = trail.slice(shownTrail, shownTrail += STEP).map(({ line, header, code }) => {
    const body = line.payload ? bodyOf(line) : {};
    const kind = body.kind ?? header?.kind ?? '';
    const more = el('details', null, el('summary', null, KINDS[kind] ?? safe(kind)), el('pre', null, safe(JSON.stringify(body, null, 1))));
    return el('tr', null, el('td', { class: 'number' }, `${line.index}`), el('td', null, time(header?.receivedAt)), el('td', null, more), el('td', null, own(body.by ?? '')),
      el('td', null, code ? el('span', { class: 'unproven' }, WORDS[code]) : el('span', { class: 'proven' }, 'proven')));
  });
  byId('trail').tBodies[0].append(...rows);
  byId('more-trail').hidden = shownTrail >= trail.length;
};

const noteLine = (log, line, code) => {
  if (log.log !== 'custody') { states.set(line.index, code); return; }
  let header = null;
  try { header = readHeader(line.header); } catch { /* named as a fault already */ }
  trail.push({ line, header, code });
};
const splitLines = (bytes, each) => {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at), stop = end < 0 ? bytes.length : end;
    each(at, stop);
    at = stop + 1;
  }
};
const indexHeld = () => {
  for (const [file, bytes] of held.bytes) {
    if (!/^entries\/messages/.test(file)) continue;
    splitLines(bytes, (at, end) => {
      const index = claimedIndex(narrow.decode(bytes.subarray(at, end)));
      if (index !== null) places.set(index, { file, at, end });
    });
  }
  const bytes = held.bytes.get('messages.jsonl') ?? new Uint8Array(0);
  splitLines(bytes, (at, end) => {
    const text = bytes.subarray(at, end);
    const match = /"conversation":"([0-9a-f]{32})"/.exec(narrow.decode(text));
    if (match) { if (!told.has(match[1])) told.set(match[1], []); told.get(match[1]).push(text); }
  });
};

const showSources = () => {
  const sheets = [...held.bytes].filter(([name]) => name.startsWith('sources/')).map(([, bytes]) => { try { return JSON.parse(utf8(bytes)); } catch { return {}; } });
  const list = (title, rows) => (Array.isArray(rows) ? [el('h3', null, title), el('ul', null, ...rows.map((row) => el('li', null, safe(row))))] : []);
  byId('sources').replaceChildren(...sheets.map((sheet) => el('div', { class: 'card' }, el('h2', null, safe(sheet.name ?? sheet.source ?? '')),
    ...list('Sees', sheet.sees), ...list('Does not see', sheet.does_not_see))));
};

const showHow = (report) => {
  facts(byId('logs'), [
    ...report.logs.map((log, i) => [log.log, `${number(log.proven)} proven of ${number(log.entries)}; root of ${number(log.size)} entries signed by `,
      ...(report.checkpoints?.[i]?.signedBy ?? ['nobody that is known']).flatMap((name, at) => [at ? ', ' : '', own(name)])]),
    ...(report.keys ?? []).map((key) => ['Key', el('code', null, safe(key.line))]),
  ]);
};

const progressTo = (share) => { byId('progress').value = share; };
const checkHeld = async () => {
  held = await heldFiles();
  try { summary = JSON.parse(utf8(held.bytes.get('summary.json'))); showSummary(); } catch { summary = null; }
  const listing = JSON.parse(byId('listing').textContent);
  const report = await checkFiles(held, { listing, progress: progressTo, each: noteLine });
  showVerdict(report, false);
  showHow(report);
  try {
    byId('files').tBodies[0].replaceChildren(...readListing(listing).map((file) => el('tr', null, el('td', null, el('a', { href: file.name }, file.name)), el('td', { class: 'number' }, number(file.size)), el('td', null, el('code', null, file.sha256)))));
  } catch { /* named as a fault already */ }
  indexHeld();
  showTrail();
  showSources();
  return report;
};
const checkDropped = async (file) => {
  byId('progress').hidden = false;
  delete byId('verdict').dataset.verdict;
  byId('sign').setAttribute('d', 'M12 7v5l3 2');
  byId('verdict-word').textContent = 'Checking the zip';
  const report = await checkZip(file, { progress: progressTo });
  showVerdict(report, true);
  showHow(report);
  return report;
};

const finished = (name, report) => document.dispatchEvent(new CustomEvent('checked', { detail: { name, report: { faults: report.faults, logs: report.logs, verdict: report.verdict } } }));
const failed = (error) => {
  byId('verdict').dataset.verdict = 'unreadable';
  byId('verdict-word').textContent = 'The check itself failed';
  byId('verdict-why').textContent = `${safe(error)}. Use verify.py instead.`;
};
const drop = byId('drop'), chosen = byId('zip');
const take = (file) => { if (file) checkDropped(file).then((report) => finished(file.name, report)).catch(failed); };
chosen.addEventListener('change', () => take(chosen.files[0]));
for (const name of ['dragenter', 'dragover']) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => { event.preventDefault(); drop.classList.remove('over'); take(event.dataTransfer.files[0]); });
byId('more-trail').addEventListener('click', showTrail);
checkHeld().then((report) => finished('', report)).catch(failed);
