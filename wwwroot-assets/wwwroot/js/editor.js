// The text editor. A save names the version that it replaces; a newer one there is never overwritten unasked.

import { card, save as download } from './preview/preview.js';
import { bytes, icon, make, moment } from './uploads/words.js';
import { send } from './uploads/tus.js';

/** @param server { Dirty(isDirty), MayWrite(), CopyElsewhere() } @param path names percent-encoded */
export function open(server, stage, path, name, largest) {
  const state = stage.parentElement.querySelector('[data-state]');
  const item = { path, name };
  const listening = new AbortController();
  const area = make('textarea', { class: 'editor-text', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off', 'aria-label': `Text of ${name}` });
  let tag, saved, ends = '\n', busy = false, dirty = false;

  const tell = words => { state.textContent = words; };
  const leave = make('a', { class: 'button', href: '/files/' + path.split('/').slice(0, -1).join('/') }, 'Back to the folder');
  const stop = (symbol, words, ...ways) => { stage.parentElement.dataset.stopped = ''; card(stage, symbol, words, ...ways); };
  const notice = make('div', { class: 'editor-notice', role: 'status' }, icon('edit_off'), make('span', {}, 'You may read this file but not change it.'),
    make('button', { type: 'button', class: 'button tiny', onclick: () => server.invokeMethodAsync('CopyElsewhere').catch(() => {}) }, 'Copy it elsewhere…'));
  const refuse = words => stop('edit_off', words, download(item), leave);
  const text = () => ends === '\n' ? area.value : area.value.replaceAll('\n', ends);

  function mark() {
    const now = saved !== undefined && area.value !== saved;
    if (now === dirty) return;
    dirty = now;
    tell(dirty ? 'Not saved' : '');
    server.invokeMethodAsync('Dirty', dirty).catch(() => {});
  }

  async function load() {
    tell('Loading…');
    const [answer, mayWrite] = await Promise.all([fetch(`/preview/${path}`, { cache: 'no-cache' }).catch(() => null), server.invokeMethodAsync('MayWrite').catch(() => true)]);
    tell('');
    const again = make('button', { type: 'button', class: 'button primary', onclick: load }, 'Try again');
    if (!answer) { stop('cloud_off', 'The server cannot be reached.', again); return; }
    if (!answer.ok) { stop('error', (await answer.text()).trim(), leave, again); return; }
    const size = Number(answer.headers.get('Content-Length'));
    if (size > largest) { answer.body.cancel(); refuse(`This file has ${bytes(size)}; the editor takes text up to ${bytes(largest)}.`); return; }
    const content = new Uint8Array(await answer.arrayBuffer());
    if (content.includes(0)) { refuse('This is not text: it has bytes that no text has.'); return; }
    let read;
    try {
      read = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    } catch {
      refuse('This text is not UTF-8. The editor would damage it, so it does not open it.');
      return;
    }
    const windows = read.split('\r\n').length - 1, all = read.split('\n').length - 1;
    if (read.replaceAll('\r\n', '').includes('\r') || (windows > 0 && windows !== all)) { refuse('Its lines end in different ways. The editor would make them all alike, so it does not open it.'); return; }
    ends = windows > 0 ? '\r\n' : '\n';
    tag = answer.headers.get('ETag');
    area.value = read;
    saved = area.value;
    delete stage.parentElement.dataset.stopped;
    area.readOnly = !mayWrite;
    stage.replaceChildren(...mayWrite ? [area] : [notice, area]);
    mark();
    area.focus({ preventScroll: true });
    area.setSelectionRange(0, 0);
  }

  async function save(over = tag) {
    if (busy || !tag || !dirty) return;
    busy = true;
    tell('Saving…');
    const written = area.value;
    try {
      const answer = await fetch(`/content/${path}`, { method: 'PUT', headers: { 'Content-Type': 'text/plain; charset=utf-8', 'If-Match': over }, body: new Blob([text()]) }).catch(() => null);
      if (answer?.status === 204) {
        tag = answer.headers.get('ETag');
        saved = written;
        mark();
        tell(dirty ? 'Not saved' : 'Saved');
      } else if (answer?.status === 412) {
        tell('Not saved');
        busy = false;
        await newer(await answer.json());
      } else {
        tell('Not saved');
        await say('It could not be saved.', answer ? (await answer.text()).trim() : 'The server cannot be reached. Your text is still here: save it again in a moment.');
      }
    } finally { busy = false; }
  }

  /** Somebody else has saved since this was opened. */
  async function newer(there) {
    const choice = await choose('This file has a newer version.',
      `Somebody has saved it since you opened it: ${bytes(there.size)}, ${moment(there.mtimeMs)}. Nothing of theirs or yours is lost yet.`,
      [['copy', 'Save mine as a copy', 'primary'], ['reload', 'Reload theirs, drop mine', ''], ['over', 'Overwrite theirs', 'danger']]);
    if (choice === 'over') await save(there.tag);
    else if (choice === 'reload') { saved = undefined; await load(); mark(); }
    else if (choice === 'copy') await copy();
    area.focus({ preventScroll: true });
  }

  async function copy() {
    const names = path.split('/');
    const file = new File([text()], name, { lastModified: Date.now() });
    try {
      await send(names.slice(0, -1).join('/'), { path: names.at(-1), file, rule: 'keep-both' }, { sent() {}, begun() {}, storing() {} }, listening.signal);
      await say('Your text is saved as a copy.', 'It is beside this file, with a number behind its name. This page shows the newer version now.');
      saved = undefined;
      await load();
    } catch (error) {
      await say('It could not be saved as a copy.', error.message);
    }
  }

  area.addEventListener('input', mark);
  document.addEventListener('keydown', e => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 's') { e.preventDefault(); if (!document.querySelector('dialog[open]')) save(); }
  }, { signal: listening.signal });
  load();

  return {
    save: () => save(),
    mayLeave: async () => await choose('Leave without saving?', 'What you have changed would be lost.', [['stay', 'Keep editing', 'primary'], ['leave', 'Leave', 'danger']]) === 'leave',
    dispose() { listening.abort(); },
  };
}

const say = (title, detail) => choose(title, detail, [['', 'Close', 'primary']]);

/** @returns what was chosen; '' when it was dismissed */
function choose(title, detail, choices) {
  return new Promise(ok => {
    const dialog = make('dialog', { class: 'sheet', role: 'alertdialog', 'aria-labelledby': 'sheet-title', 'aria-describedby': 'sheet-detail' },
      make('h2', { id: 'sheet-title' }, title), make('p', { id: 'sheet-detail' }, detail),
      make('div', { class: 'sheet-actions' }, ...choices.map(([value, label, tone]) => make('button', { type: 'button', class: `button ${tone}`, onclick: () => dialog.close(value) }, label))));
    dialog.addEventListener('close', () => { dialog.remove(); ok(dialog.returnValue); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
