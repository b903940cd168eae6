// Upload sets as the server keeps them: the list of their files before the first byte, how they stand once a second. So they are shown on
// the operations page on every device, can be paused and cancelled there, and gone on with by whoever chooses the same files again.

import { again, describe, request } from './tus.js';

const PERIOD = 1000; // ms
const AT_ONCE = 20_000;
const JSON_BODY = { 'Content-Type': 'application/json' };

export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('');

/**
 * Gives each item its place in the set. @param from how many are listed already @param of how many there are in all
 * @returns whether the server keeps the list; without it they are single uploads, and shown in this tab alone
 */
export async function list(set, items, from = 0, of = items.length) {
  const { signal } = new AbortController();
  // The list breaks off with the page: the server knows from `of` that it does.
  const leave = () => tellLeft(set.id, { paused: false, failed: 0, questions: 0, ended: {}, left: true });
  addEventListener('pagehide', leave);
  try {
    for (let at = 0; at < items.length; at += AT_ONCE) {
      const body = JSON.stringify(items.slice(at, at + AT_ONCE).map(item => describe(item)));
      const answer = await again(signal, () => request('PUT', `/uploads/sets/${set.id}/${set.folder}?from=${from + at}&of=${of}`, JSON_BODY, body, null, signal)).catch(() => null);
      if (answer?.status === 204) continue;
      if (from === 0 && at > 0) await discard(set.id); // half a list is no set
      return false;
    }
  } finally { removeEventListener('pagehide', leave); }
  items.forEach((item, at) => { item.at = from + at; });
  return true;
}

const tellLeft = (id, report) => navigator.sendBeacon(`/uploads/sets/${id}`, new Blob([JSON.stringify(report)], { type: 'application/json' }));

/** Which of the set's files these are: { folder, left, listed, announced, files: [{ index, at, ended, url, conflict }] }; null when it was given up. */
export async function match(id, items) {
  let all = null;
  for (let from = 0; from === 0 || from < items.length; from += AT_ONCE) {
    const answer = await fetch(`/uploads/sets/${id}/match`, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(items.slice(from, from + AT_ONCE).map(item => describe(item))) })
      .catch(() => { throw new Error('The server cannot be reached. Try again when it can.'); });
    if (answer.status === 410) return null;
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const some = await answer.json();
    for (const file of some.files) file.index += from;
    all = { ...some, files: [...all?.files ?? [], ...some.files] };
  }
  return all;
}

/** False when it was given up elsewhere; what cannot be asked is there. */
export async function isThere(id) {
  const answer = await fetch(`/uploads/sets/${id}`).catch(() => null);
  return answer?.status !== 410;
}

export const discard = id => fetch(`/uploads/sets/${id}`, { method: 'DELETE' }).catch(() => {});

/** Tells the server of the queue's sets, and the queue what was asked for elsewhere. */
export function watch(queue) {
  let timer = 0, isBusy = false;

  const state = (work, left) => ({ paused: work.paused, failed: work.failed, questions: work.questions, ended: work.ended, left });

  async function tell(work) {
    const told = state(work, false), isSettled = work.isSettled;
    work.ended = {};
    const answer = await fetch(`/uploads/sets/${work.set.id}`, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(told) }).catch(() => null);
    if (answer?.status === 410) { queue.giveUp(work); return; }
    if (!answer?.ok) { work.ended = { ...told.ended, ...work.ended }; return; }
    const { pause } = await answer.json();
    if (isSettled) queue.works.delete(work);
    if (pause === true) queue.pause(work);
    else if (pause === false) queue.resume(work);
  }

  async function tick() {
    if (isBusy) return;
    isBusy = true;
    clearTimeout(timer);
    for (const work of [...queue.works]) if (work.set.listed) await tell(work);
    isBusy = false;
    timer = queue.works.size > 0 ? setTimeout(tick, PERIOD) : 0;
  }

  const leave = works => {
    for (const work of works) if (work.set.listed) tellLeft(work.set.id, state(work, true));
  };

  queue.addEventListener('began', tick);
  queue.addEventListener('stood', tick);
  queue.addEventListener('finished', tick);
  queue.addEventListener('left', e => leave(e.detail));
  addEventListener('pagehide', () => leave(queue.works));
  addEventListener('pageshow', e => { if (e.persisted) tick(); });
}
