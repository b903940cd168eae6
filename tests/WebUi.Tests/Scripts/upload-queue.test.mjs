// Sets of one page are paused one by one: what else is under way goes on.

import assert from 'node:assert/strict';

// The server: it lists every set, holds each file until it is let go, and tells of sets what was asked for elsewhere.
const sending = new Map(), stored = [], wants = new Map(), told = new Map(), timers = [];
class Call {
  upload = {};
  open(method, url) { [this.method, this.url] = [method, url]; }
  setRequestHeader(name, value) { if (name === 'Upload-Metadata') this.path = atob(/path (\S+?)(,|$)/.exec(value)[1]); }
  getResponseHeader(name) { return name === 'Capstan-Result' ? 'created' : null; }
  end(status) { this.status = status; this.responseText = ''; sending.delete(this.path); this.onload?.(); this.onloadend?.(); }
  abort() { sending.delete(this.path); this.onabort?.(); this.onloadend?.(); }
  send() { if (this.method === 'PUT') this.end(204); else sending.set(this.path, this); }
}
globalThis.XMLHttpRequest = Call;
globalThis.fetch = async (url, { body }) => {
  const id = url.split('/').at(-1), report = JSON.parse(body);
  told.set(id, report.paused);
  const pause = wants.get(id) ?? null;
  if (pause === report.paused) wants.delete(id);
  return { ok: true, status: 200, json: async () => ({ pause: wants.get(id) ?? null }) };
};
const later = globalThis.setTimeout;
globalThis.setTimeout = (act, wait) => timers.push({ act, wait });
globalThis.clearTimeout = id => { if (id) timers[id - 1] = null; };
globalThis.addEventListener = globalThis.removeEventListener = () => {};
globalThis.location = { href: 'http://web/' };
Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });

const { Queue } = await import('./uploads/queue.js');
const { watch } = await import('./uploads/sets.js');

const until = async (truth, what) => {
  for (let i = 0; i < 15_000 && !truth(); i++) await new Promise(ok => later(ok, 1));
  assert.ok(truth(), `${what}; on the way: ${[...sending.keys()]}`);
};
const second = async () => { for (const timer of timers.splice(0, timers.length, ...timers.map(() => null))) if (timer) await timer.act(); };
const file = name => ({ path: name, name, file: new File([new Uint8Array(100_000)], name, { lastModified: 1 }) });
const many = (letter, count) => Array.from({ length: count }, (_, i) => file(`${letter}${i}`));
const onTheWay = letter => [...sending.keys()].filter(path => path.startsWith(letter)).length;
const letGo = letter => { for (const [path, call] of [...sending]) if (path.startsWith(letter)) { stored.push(path); call.end(201); } };
const workOf = id => [...queue.works].find(work => work.set.id === id);

const queue = new Queue();
watch(queue);
await queue.add({ id: 'first', folder: '', rule: 'ask' }, many('a', 8));
await queue.add({ id: 'other', folder: '', rule: 'ask' }, many('b', 8));
await until(() => onTheWay('a') === 5, 'five of the first set');

// The operations page pauses the first: it stands, the other has its places.
wants.set('first', true);
await second();
await until(() => workOf('first').paused, 'the wish');
await until(() => onTheWay('a') === 0 && onTheWay('b') === 5, 'the other set');
assert.deepEqual([queue.paused, queue.isPartlyPaused], [false, true]);
await second();
assert.deepEqual([told.get('first'), told.get('other')], [true, false]);
await until(() => { letGo('b'); return queue.done === 8; }, 'the end of the other set');
assert.equal(stored.every(path => path.startsWith('b')), true);
assert.deepEqual([queue.paused, queue.isPartlyPaused, queue.isBusy], [true, false, true]);

// It goes on when it is told so, from where it was.
wants.set('first', false);
await second();
await until(() => onTheWay('a') === 5, 'the first set again');
assert.equal(queue.paused, false);

// The panel's own button is for all of them.
queue.pause();
await until(() => onTheWay('a') === 0 && queue.paused, 'nothing');
queue.resume();
await until(() => { letGo('a'); return queue.done === 16; }, 'the end');
assert.deepEqual(stored.toSorted(), [...many('a', 8), ...many('b', 8)].map(one => one.path).toSorted());
