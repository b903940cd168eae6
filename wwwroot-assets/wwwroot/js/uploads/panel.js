// What is being uploaded, whatever page is open. Ten thousand files are some dozen elements: only rows in sight are drawn.

import { CANCELLED, DONE, FAILED, SENDING, SKIPPED, STORING, TAKEN, WAITING } from './queue.js';
import { bytes, duration, files, icon, make, number, visible } from './words.js';

const PAUSED = 'paused'; // waits, of a set that stands still
const ROW = 52;          // px, as in uploads.css
const PERIOD = 250;      // ms
const RATE_OVER = 5000;  // ms

const button = (text, symbol, act, more = {}) => make('button', { type: 'button', class: 'icon-button small', 'aria-label': text, title: text, onclick: act, ...more }, icon(symbol));
const choice = (text, act) => make('button', { type: 'button', class: 'button tiny', onclick: act }, text);

const shownState = item => item.state === WAITING && item.work.paused ? PAUSED : item.state;

export class Panel {
  #queue; #root; #live; #parts = {}; #open = true; #only = false; #follow = true; #samples = []; #left = []; #note = null; #timer = 0;
  onContinue = () => {};
  onDiscard = () => {};

  constructor(host, queue) {
    this.#queue = queue;
    this.#live = make('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
    this.#root = make('section', { class: 'uploads', 'aria-label': 'Uploads', hidden: true });
    host.replaceChildren(this.#root, this.#live);
    this.#build();
    queue.addEventListener('changed', () => this.#schedule());
    queue.addEventListener('given-up', () => this.note('This upload was cancelled on the operations page, or by another of your devices. What is stored stays.', true));
    queue.addEventListener('finished', () => { this.say(this.#title()); this.#schedule(); });
  }

  /** To screen readers. */
  say(text) { this.#live.textContent = text; }

  /** One sentence in the panel: work before the upload, or why there is none. */
  note(text, isBad = false) {
    this.#note = text ? { text, isBad } : null;
    if (text && isBad) this.say(text);
    this.#draw();
  }

  /** Sets that an earlier page has left unfinished. */
  leftBehind(sets) {
    this.#left = sets;
    this.#draw();
  }

  #build() {
    const p = this.#parts;
    p.title = make('strong', { class: 'uploads-title' });
    p.pause = button('Pause', 'pause', () => this.#queue.paused ? this.#queue.resume() : this.#queue.pause());
    p.resume = button('Resume what is paused', 'play_arrow', () => this.#queue.resume());
    p.retry = make('button', { type: 'button', class: 'button quiet', onclick: () => this.#queue.retryAll() }, 'Retry all');
    p.cancel = button('Cancel all uploads', 'stop_circle', () => this.#queue.cancel());
    p.fold = button('Hide the list', 'expand_more', () => { this.#open = !this.#open; this.#draw(); });
    p.close = button('Close', 'close', () => { this.#queue.clear(); this.#note = null; this.#left = []; this.#draw(); });
    p.bar = make('progress', { max: '1', value: '0', 'aria-label': 'All uploads' });
    p.summary = make('div', { class: 'uploads-summary' });
    p.only = make('label', { class: 'uploads-only' }, make('input', { type: 'checkbox', onchange: e => { this.#only = e.target.checked; this.#draw(); } }), 'Only what needs you');
    p.note = make('p', { class: 'uploads-note' });
    p.left = make('div', { class: 'uploads-left' });
    p.rows = make('div', { class: 'uploads-rows', role: 'list' });
    p.list = make('div', { class: 'uploads-list', tabindex: '0', role: 'region', 'aria-label': 'Files', onscroll: () => this.#rows(), onwheel: () => { this.#follow = false; }, onpointerdown: () => { this.#follow = false; }, onkeydown: () => { this.#follow = false; } }, p.rows);
    p.now = make('div', {}, p.bar, p.summary);
    this.#root.append(make('div', { class: 'uploads-head' }, icon('upload'), p.title, make('span', { class: 'grow' }), p.retry, p.resume, p.pause, p.cancel, p.fold, p.close), p.note, p.left, p.now, p.only, p.list);
  }

  #schedule() {
    this.#timer ||= setTimeout(() => { this.#timer = 0; this.#draw(); if (this.#queue.isBusy && !this.#queue.paused) this.#schedule(); }, PERIOD);
  }

  #draw() {
    const q = this.#queue, p = this.#parts, any = q.total > 0;
    if (!q.isBusy && !any) { this.#follow = true; this.#samples = []; }
    this.#root.hidden = !any && !this.#note && this.#left.length === 0;
    p.title.textContent = any ? this.#title() : this.#note ? 'Upload' : 'Unfinished uploads';
    p.cancel.hidden = !q.isBusy;
    p.pause.hidden = !q.isBusy || q.questions > 0;
    this.#relabel(p.pause, q.paused ? 'Resume' : 'Pause', q.paused ? 'play_arrow' : 'pause');
    p.resume.hidden = !q.isBusy || !q.isPartlyPaused;
    p.retry.hidden = q.failed === 0;
    p.close.hidden = q.isBusy; // What is unfinished is offered again by the next page, and on the operations page until then.
    p.fold.hidden = !any;
    this.#relabel(p.fold, this.#open ? 'Hide the list' : 'Show the list', this.#open ? 'expand_more' : 'expand_less');
    p.fold.setAttribute('aria-expanded', String(this.#open));
    p.note.hidden = !this.#note;
    p.note.textContent = this.#note?.text ?? '';
    p.note.classList.toggle('bad', this.#note?.isBad ?? false);
    p.now.hidden = !any;
    p.bar.value = q.bytes > 0 ? Math.min(1, q.sentBytes / q.bytes) : q.total ? q.finished / q.total : 0;
    p.summary.textContent = any ? this.#summary() : '';
    p.list.hidden = !any || !this.#open;
    p.only.hidden = p.list.hidden || (!this.#only && q.failed === 0 && q.questions === 0);
    this.#drawLeft();
    if (any && this.#open) this.#rows();
  }

  #relabel(node, text, symbol) {
    if (node.title === text) return;
    node.title = text;
    node.setAttribute('aria-label', text);
    node.firstChild.textContent = symbol;
  }

  #title() {
    const q = this.#queue;
    if (q.isBusy && q.questions > 0) return `${q.questions === 1 ? 'One name has' : `${number(q.questions)} names have`} been taken meanwhile`;
    if (q.isBusy) return `${q.paused ? 'Paused' : 'Uploading'} · ${number(q.finished)} of ${number(q.total)}`;
    const rest = [q.failed && `${q.done ? number(q.failed) : files(q.failed)} failed`, q.skipped && `${number(q.skipped)} skipped`, q.cancelled && `${number(q.cancelled)} cancelled`].filter(Boolean);
    return [(q.done || !q.failed) && `${files(q.done)} uploaded`, ...rest].filter(Boolean).join(', ');
  }

  #summary() {
    const q = this.#queue, now = performance.now();
    if (!q.isBusy) {
      const took = `in ${duration(Math.max(1, (q.ended - q.began) / 1000))}`;
      return q.done === 0 ? '' : q.skipped + q.cancelled > 0 ? `Done ${took}` : `${bytes(q.sentBytes)} ${took}`; // The bar is full of what was left out, too.
    }
    const amount = `${bytes(Math.max(0, q.sentBytes))} of ${bytes(q.bytes)}`;
    if (q.paused) { this.#samples = []; return amount; }
    this.#samples.push({ at: now, bytes: q.sentBytes, files: q.finished });
    while (this.#samples.length > 2 && now - this.#samples[0].at > RATE_OVER) this.#samples.shift();
    const first = this.#samples[0], seconds = (now - first.at) / 1000;
    if (seconds < 1) return amount;
    const byteRate = (q.sentBytes - first.bytes) / seconds, fileRate = (q.finished - first.files) / seconds;
    const left = Math.max(byteRate > 0 ? (q.bytes - q.sentBytes) / byteRate : 0, fileRate > 0 && q.total - q.finished > 50 ? (q.total - q.finished) / fileRate : 0);
    const rate = fileRate >= 10 ? `${number(Math.round(fileRate))} files/s` : `${bytes(Math.max(0, byteRate))}/s`;
    const stands = q.isPartlyPaused ? 'some are paused' : null;
    return [amount, rate, stands, left > 0 && !stands ? `${duration(left)} left` : null].filter(Boolean).join(' · ');
  }

  #drawLeft() {
    this.#parts.left.hidden = this.#left.length === 0;
    const key = this.#left.map(found => `${found.set.id}:${found.items.length}`).join();
    if (this.#parts.left.dataset.key === key) return;
    this.#parts.left.dataset.key = key;
    this.#parts.left.replaceChildren(...this.#left.map(found => make('div', { class: 'uploads-unfinished' },
      make('div', {}, make('strong', {}, `${files(found.items.length)} to “${found.set.label}” ${found.items.length === 1 ? 'is' : 'are'} not finished.`),
        make('div', { class: 'dim' }, 'What has arrived is kept. Choose the same files again to go on.')),
      make('span', { class: 'grow' }),
      make('button', { type: 'button', class: 'button', onclick: () => this.onContinue(found) }, 'Continue…'),
      make('button', { type: 'button', class: 'button quiet', onclick: () => this.onDiscard(found) }, 'Discard'))));
  }

  #rows() {
    const p = this.#parts;
    const items = this.#only ? this.#queue.items.filter(item => item.state === FAILED || item.state === TAKEN) : this.#queue.items;
    p.rows.style.height = `${items.length * ROW}px`;
    if (this.#follow && !this.#only) {
      const at = items.findIndex(item => item.state < DONE);
      if (at >= 0) p.list.scrollTop = Math.max(0, (at - 1) * ROW);
    }
    const first = Math.max(0, Math.floor(p.list.scrollTop / ROW) - 2), last = Math.min(items.length, Math.ceil((p.list.scrollTop + p.list.clientHeight) / ROW) + 2);
    const old = new Map(Array.from(p.rows.children, node => [node.item, node]));
    const nodes = [];
    for (let at = first; at < last; at++) {
      const item = items[at], node = old.get(item) ?? this.#row(item);
      if (node.shown !== shownState(item) || item.state === SENDING) this.#fill(node, item);
      node.style.top = `${at * ROW}px`;
      node.setAttribute('aria-posinset', at + 1);
      node.setAttribute('aria-setsize', items.length);
      nodes.push(node);
    }
    // Nodes that stay are not moved: one of them may have the focus.
    for (const node of old.values()) if (!nodes.includes(node)) node.remove();
    for (const node of nodes) if (!node.isConnected) p.rows.append(node);
  }

  #row(item) {
    const node = make('div', { class: 'uploads-row', role: 'listitem' },
      make('div', { class: 'uploads-text' }, make('div', { class: 'uploads-name', title: visible(item.name) }, make('bdi', {}, visible(item.name))), make('div', { class: 'uploads-state' })),
      make('div', { class: 'uploads-acts' }));
    node.item = item;
    return node;
  }

  #fill(node, item) {
    const q = this.#queue, size = item.file?.size ?? 0;
    const state = node.querySelector('.uploads-state');
    if (item.state === SENDING && node.shown === SENDING) {
      state.textContent = size > 0 ? `${bytes(item.sent)} of ${bytes(size)}` : 'Sending';
      return;
    }
    node.shown = shownState(item);
    node.className = `uploads-row ${item.state === FAILED || item.state === TAKEN ? 'bad' : item.state === DONE ? 'good' : ''}`;
    state.textContent = {
      [WAITING]: 'Waiting', [PAUSED]: 'Paused', [SENDING]: 'Sending', [STORING]: 'Storing…', [SKIPPED]: 'Skipped', [CANCELLED]: 'Cancelled',
      [DONE]: { replaced: 'Replaced what was there', 'kept-both': 'Kept beside what was there' }[item.result] ?? 'Uploaded', [FAILED]: item.error, [TAKEN]: 'The name has been taken meanwhile.',
    }[node.shown];
    state.title = item.state === FAILED ? item.error : '';
    const acts = node.querySelector('.uploads-acts');
    if (item.state < DONE) acts.replaceChildren(button(`Cancel ${visible(item.name)}`, 'close', () => q.cancelOne(item)));
    else if (item.state === FAILED && !item.isLost) acts.replaceChildren(choice('Retry', () => q.retry(item)));
    else if (item.state === TAKEN) acts.replaceChildren(...(item.there?.isFolder ? [] : [choice('Replace', () => q.retry(item, 'replace'))]), choice('Keep both', () => q.retry(item, 'keep-both')), choice('Skip', () => q.retry(item, 'skip')));
    else acts.replaceChildren(...(item.state === DONE ? [icon('check')] : []));
  }
}
