// Small parts of the page. Whatever comes from a record is set as text; nothing here makes markup of it.
const byId = (id) => document.getElementById(id);
const el = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) if (value !== null && value !== false) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== ''));
  return node;
};
// Control characters and direction overrides are made visible, as on the printed pages.
const safe = (text) => String(text).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]/g, (char) =>
  char < ' ' ? String.fromCharCode(0x2400 + char.charCodeAt(0)) : char > '\u2000' ? `[U+${char.charCodeAt(0).toString(16).toUpperCase()}]` : '\ufffd');
const own = (text) => el('bdi', null, safe(text));
const number = (n) => n.toLocaleString('en');
const time = (ms) => (ms === null || ms === undefined || Math.abs(ms) > 8.6e15 ? '–' : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}`);
const day = (ms) => {
  if (ms === null || ms === undefined) return '–';
  return new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
};
const facts = (list, rows) => list.replaceChildren(...rows.filter((row) => row).flatMap(([name, ...values]) => [el('dt', null, name), el('dd', null, ...values)]));
const lined = (rows) => rows.map(([what, count]) => el('li', null, el('span', null, what), el('span', null, count)));

// The files that this page holds, unpacked.
const heldFiles = async () => {
  const found = new Map();
  for (const block of document.querySelectorAll('script.file')) {
    try {
      const { name, deflated } = JSON.parse(block.textContent);
      found.set(name, await inflate(fromBase64(deflated), 2 ** 31));
    } catch (error) { if (!(error instanceof Broken || error instanceof SyntaxError)) throw error; }
  }
  return {
    names: new Set(found.keys()),
    bytes: found,
    read: async (name) => { if (!found.has(name)) throw new Broken('is missing'); return found.get(name); },
  };
};
// A payload taken apart: its head and its slices, as `docs/spec/entry.md`, section 2, lays them out.
const unpackPayload = (payload) => {
  const length = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  const head = JSON.parse(utf8(payload.subarray(4, 4 + length)));
  let at = 4 + length;
  return { head, slices: head.slices.map((one) => ({ ...one, bytes: payload.subarray(at, at += one.length) })) };
};
const bodyOf = (line) => {
  try {
    const slice = unpackPayload(line.payload).slices.find(({ name }) => name === 'body');
    return JSON.parse(utf8(slice.bytes));
  } catch { return {}; }
};
