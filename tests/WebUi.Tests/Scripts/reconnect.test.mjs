// What a page does when Blazor has given up: it tries by itself, every 15 seconds, for as long as it takes.

import assert from 'node:assert/strict';

let changed, clicked, reloads = 0, tries = 0, answer = () => true;
const timers = [];
const classes = () => banner.className.split(' ');
const banner = {
  get className() { return this.value; },
  set className(value) { this.value = value; changed?.(); },
  value: 'reconnect',
  classList: { contains: name => classes().includes(name) },
  querySelector: selector => (assert.equal(selector, '[data-reconnect]'), { addEventListener: (_, act) => { clicked = act; } }),
};

let isUploading = false, uploadsChanged, isOffline = false;
globalThis.document = {
  getElementById: () => banner,
  documentElement: { hasAttribute: () => isUploading, toggleAttribute: (name, on) => (assert.equal(name, 'data-offline'), isOffline = on) },
};
globalThis.MutationObserver = class {
  constructor(act) { this.act = act; }
  observe(node) { if (node === banner) changed = this.act; else uploadsChanged = this.act; }
  disconnect() { uploadsChanged = null; }
};
globalThis.location = { reload: () => { reloads++; } };
globalThis.setTimeout = (act, wait) => timers.push({ act, wait });
globalThis.clearTimeout = id => { if (id) timers[id - 1] = null; };
globalThis.Blazor = { reconnect: async () => { tries++; return answer(); } };

await import('./reconnect.js');

const pass = async () => {
  const due = timers.findIndex(timer => timer);
  assert.ok(due >= 0, 'nothing is to be tried again');
  const { act, wait } = timers[due];
  assert.equal(wait, 15_000);
  timers[due] = null;
  await act();
};
const waiting = () => timers.filter(timer => timer).length;

// Blazor's own tries are left to it.
banner.className = 'reconnect components-reconnect-show';
assert.equal(waiting(), 0);
assert.ok(isOffline);

// It has given up: one try after 15 s, and one after each that finds no server.
banner.className = 'reconnect components-reconnect-failed';
banner.className = 'reconnect components-reconnect-failed components-reconnect-show';
assert.equal(waiting(), 1);
answer = () => { throw new Error('no server'); };
for (let i = 1; i <= 40; i++) {
  await pass();
  assert.equal(tries, i);
  assert.equal(waiting(), 1);
}

// Whoever does not want to wait: the timer goes, and comes back if nothing is there.
await clicked();
assert.equal(tries, 41);
assert.equal(waiting(), 1);

// The circuit is there again: nothing is loaded, nothing is tried any more.
answer = () => true;
await pass();
assert.deepEqual([tries, waiting(), reloads], [42, 0, 0]);

// A server that does not know this page: uploads end first.
banner.className = 'reconnect components-reconnect-failed';
answer = () => false;
isUploading = true;
await pass();
assert.deepEqual([banner.className, reloads], ['reconnect uploads-first', 0]);
uploadsChanged();
assert.equal(reloads, 0);
isUploading = false;
uploadsChanged();
assert.equal(reloads, 1);

// Without uploads, and when Blazor has found it out by itself, at once.
banner.className = 'reconnect components-reconnect-rejected';
assert.equal(reloads, 2);
