// All uploads of this page, sent a few at a time. It knows nothing of how they are shown.

import * as tus from './tus.js';
import * as memory from './memory.js';
import { list } from './sets.js';

const AT_ONCE = 5; // of the six connections that a browser opens to a host
const BUNDLE_FILES = 100, BUNDLE_BYTES = 1024 * 1024;

export const WAITING = 0, SENDING = 1, STORING = 2, DONE = 3, SKIPPED = 4, FAILED = 5, CANCELLED = 6, TAKEN = 7;

export class Queue extends EventTarget {
  items = [];
  done = 0; skipped = 0; failed = 0; cancelled = 0;
  bytes = 0; sentBytes = 0;
  began = 0; ended = 0;
  /** Sets of which something is left, or the server does not know their end yet: { set, paused, failed, questions, ended: { place: word }, isSettled }. */
  works = new Set();
  #next = 0;
  #active = new Map();
  #ends = new Map();
  #flush = 0;

  get total() { return this.items.length; }
  get finished() { return this.done + this.skipped + this.failed + this.cancelled; }
  get isBusy() { return this.finished < this.total; }

  /** Sets of which something is left that needs nobody's answer. */
  get #movable() { return [...this.works].filter(work => work.left > work.questions); }

  /** All that could go on stands still. */
  get paused() { return this.#movable.length > 0 && this.#movable.every(work => work.paused); }

  /** Some of it does, and the rest goes on. */
  get isPartlyPaused() { return !this.paused && this.#movable.some(work => work.paused); }

  /** Names that came to be taken while it went on: nothing else is left to do. */
  get questions() { return this.#movable.length === 0 ? this.items.filter(item => item.state === TAKEN).length : 0; }

  /** @param set { id, folder, label, rule, partial, listed }: `partial` when more of it is remembered than is given, `listed` when the server has its list (undefined: not yet asked) */
  async add(set, items) {
    if (!this.isBusy) this.clear();
    const release = await memory.hold(set.id);
    // Empty folders first: they cannot be chosen again.
    items.sort((a, b) => Number(Boolean(a.file)) - Number(Boolean(b.file)));
    for (const item of items) item.rule ??= set.rule;
    set.listed ??= await list(set, items.filter(item => !item.error));
    const work = { set, left: items.length, paths: items.map(item => item.path), release, paused: false, failed: 0, questions: 0, ended: {}, isSettled: false };
    this.works.add(work);
    for (const item of items) {
      Object.assign(item, { work, state: item.error ? FAILED : WAITING, sent: 0, isLost: Boolean(item.error) });
      this.bytes += item.file?.size ?? 0;
      this.items.push(item);
      if (item.error) { this.failed++; work.left--; } // none of the server's list
    }
    this.began ||= performance.now();
    this.ended = 0;
    await memory.remember({ ...set, begun: Date.now() }, items.filter(item => !item.error));
    this.#changed();
    this.#pump();
    this.#settle(work);
    this.dispatchEvent(new Event('began'));
  }

  clear() {
    // What has failed and is not tried again any more: it can be gone on with later.
    const left = [...this.works].filter(work => !work.isSettled);
    this.dispatchEvent(new CustomEvent('left', { detail: left }));
    for (const work of left) { this.works.delete(work); work.release(); }
    this.items = [];
    this.done = this.skipped = this.failed = this.cancelled = 0;
    this.bytes = this.sentBytes = this.began = this.ended = 0;
    this.#next = 0;
    this.#changed();
  }

  /** @param work a set; none: all of them */
  pause(work) {
    for (const one of work ? [work] : this.works) one.paused = true;
    // A bundle is on its way for a moment only.
    for (const [item, stop] of this.#active) if (item.state === SENDING && item.work.paused) stop.abort('pause');
    this.#changed();
    this.dispatchEvent(new Event('stood'));
  }

  /** @param work a set; none: all of them */
  resume(work) {
    for (const one of work ? [work] : this.works) one.paused = false;
    this.#next = 0;
    this.#changed();
    this.#pump();
    this.dispatchEvent(new Event('stood'));
  }

  /** It was cancelled elsewhere: the server takes nothing of it any more. */
  giveUp(work) {
    if (work.isSettled || work.isGivenUp) { this.works.delete(work); return; }
    work.isGivenUp = true;
    for (const [active, stop] of this.#active) if ((Array.isArray(active) ? active[0] : active).work === work) stop.abort('cancel');
    for (const item of this.items) {
      if (item.work !== work) continue;
      if (item.state === FAILED && !item.isLost) { this.failed--; work.failed--; work.left++; item.state = WAITING; }
      this.cancelOne(item);
    }
    this.works.delete(work);
    this.dispatchEvent(new Event('given-up'));
  }

  cancel() {
    for (const stop of this.#active.values()) stop.abort('cancel');
    for (const item of this.items) this.cancelOne(item);
  }

  cancelOne(item) {
    if (this.#active.has(item)) this.#active.get(item).abort('cancel');
    else if (item.state === WAITING || item.state === TAKEN) {
      if (item.state === TAKEN) item.work.questions--;
      this.#end(item, CANCELLED);
    }
  }

  /** @param rule what to do now if the name is taken; none: as before */
  retry(item, rule) {
    if (item.state !== FAILED && item.state !== TAKEN) return;
    if (item.isLost || item.work.isGivenUp) return;
    if (item.state === FAILED) { this.failed--; item.work.failed--; item.work.left++; }
    else item.work.questions--;
    this.sentBytes -= item.sent;
    Object.assign(item, { state: WAITING, sent: 0, error: null, tries: 0, rule: rule ?? item.rule });
    this.#next = 0;
    this.ended = 0;
    this.#changed();
    this.#pump();
  }

  retryAll() {
    for (const item of this.items) if (item.state === FAILED) this.retry(item);
  }

  #pump() {
    while (this.#active.size < AT_ONCE) {
      while (this.#next < this.items.length && (this.items[this.#next].state !== WAITING || this.items[this.#next].work.paused)) this.#next++;
      const item = this.items[this.#next];
      if (!item) return;
      if (tus.isSmall(item)) this.#runBundle(this.#bundle(item));
      else this.#run(item);
    }
  }

  /** The next small ones of the same set. */
  #bundle(first) {
    const bundle = [];
    let bytes = 0;
    for (let at = this.#next; at < this.items.length && bundle.length < BUNDLE_FILES && bytes < BUNDLE_BYTES; at++) {
      const item = this.items[at];
      if (item.state !== WAITING || item.work !== first.work || !tus.isSmall(item)) continue;
      bundle.push(item);
      bytes += item.file?.size ?? 0;
    }
    return bundle;
  }

  async #runBundle(items) {
    const stop = new AbortController();
    this.#active.set(items, stop);
    for (const item of items) item.state = SENDING;
    let outcomes;
    try {
      outcomes = await tus.sendBundle(items[0].work.set.folder, items, stop.signal);
    } catch (error) {
      outcomes = items.map(() => error);
    }
    this.#active.delete(items);
    items.forEach((item, at) => this.#came(item, outcomes[at], stop.signal));
    this.#changed();
    this.#pump();
  }

  async #run(item) {
    const stop = new AbortController();
    this.#active.set(item, stop);
    item.state = SENDING;
    const sent = bytes => {
      this.sentBytes += bytes - item.sent;
      item.sent = bytes;
    };
    try {
      const result = await tus.send(item.work.set.folder, item, {
        sent,
        begun: () => memory.began(item.work.set.id, item),
        storing: () => { item.state = STORING; },
      }, stop.signal);
      this.#active.delete(item);
      this.#came(item, result, stop.signal);
    } catch (error) {
      this.#active.delete(item);
      this.#came(item, error, stop.signal);
    }
    this.#changed();
    this.#pump();
  }

  /** @param outcome the server's word, or the error */
  #came(item, outcome, signal) {
    const there = outcome?.there, before = item.attempts ?? 0;
    item.attempts = before + 1;
    // Sent before, and the answer lost: what is there is this file.
    if (before > 0 && outcome?.status === 422 && there.size === item.file?.size && there.mtimeMs === item.file?.lastModified) {
      outcome = 'created';
      item.work.ended[item.at] = 'created';
    }
    if (outcome?.status === 410 && item.work.set.listed) {
      this.#end(item, CANCELLED);
      this.giveUp(item.work);
      return;
    }
    if (typeof outcome === 'string') {
      this.sentBytes += (item.file?.size ?? 0) - item.sent;
      item.sent = item.file?.size ?? 0;
      item.result = outcome;
      this.#end(item, outcome === 'skipped' ? SKIPPED : DONE);
    } else if (signal.aborted && signal.reason === 'pause') {
      item.state = WAITING;
      this.#next = 0;
    } else if (signal.aborted) {
      this.#end(item, CANCELLED);
    } else if (outcome.status === 422) {
      Object.assign(item, { state: TAKEN, there });
      item.work.questions++;
    } else {
      item.error = outcome.message;
      this.#end(item, FAILED);
    }
  }

  #end(item, state) {
    item.state = state;
    if (state === DONE) this.done++;
    else if (state === SKIPPED) this.skipped++;
    else if (state === CANCELLED) this.cancelled++;
    else { this.failed++; item.work.failed++; }
    item.work.left--;
    if (state === CANCELLED && !item.work.isGivenUp) item.work.ended[item.at] = 'cancelled';
    // What failed stays remembered: it can be continued after a reload, too.
    if (state !== FAILED) this.#forget(item);
    if (state === CANCELLED && item.url) tus.discard(item.url);
    if (state === CANCELLED || state === SKIPPED) this.sentBytes += (item.file?.size ?? 0) - item.sent;
    if (state === CANCELLED || state === SKIPPED) item.sent = item.file?.size ?? 0;
    this.#settle(item.work);
    this.#changed();
  }

  #settle(work) {
    if (work.left === 0 && !this.items.some(item => item.work === work && item.state === FAILED)) {
      this.#ends.delete(work.set.id);
      memory.forget(work.set.id, work.set.partial ? work.paths : [], !work.set.partial);
      work.release();
      work.isSettled = true;
      if (!work.set.listed) this.works.delete(work);
    }
    if (!this.isBusy && !this.ended && this.began) {
      this.ended = performance.now();
      this.dispatchEvent(new Event('finished'));
    }
  }

  /** In batches: ten thousand small files are not ten thousand transactions. */
  #forget(item) {
    const id = item.work.set.id;
    if (!this.#ends.has(id)) this.#ends.set(id, []);
    this.#ends.get(id).push(item.path);
    this.#flush ||= setTimeout(() => {
      this.#flush = 0;
      for (const [set, paths] of this.#ends) memory.forget(set, paths, false);
      this.#ends.clear();
    }, 500);
  }

  #changed() { this.dispatchEvent(new Event('changed')); }
}
