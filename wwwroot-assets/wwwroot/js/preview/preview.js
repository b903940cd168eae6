// A look at a file without opening it: what is in it, over the list it is in, and on to the next by arrows. The server says which file
// is where in the list; the bytes come by HTTP, as much of them as is shown.

import { bytes, icon, make, moment, number } from '../uploads/words.js';
import * as media from './media.js';
import * as text from './text.js';
import * as hex from './hex.js';
import * as markdown from './markdown.js';

const KINDS = { Image: media.image, Audio: media.audio, Video: media.video, Pdf: media.pdf, Markdown: markdown.show, Text: text.show };

/**
 * @param server  { Move(by) }: the item that many places on, null at an end; { Closed() }
 * @param item    { name, path, files, kind, size, mtimeMs, mode, owner, position, count, isFolder, target, problem }
 */
export function open(server, item) {
  if (document.querySelector('dialog.preview')) return;
  const listening = new AbortController();
  const stage = make('div', { class: 'preview-stage' });
  const title = make('h2', { id: 'preview-title', class: 'preview-title' });
  const facts = make('span', { class: 'preview-facts dim' });
  const place = make('span', { class: 'preview-place dim', role: 'status', 'aria-live': 'polite' });
  const details = make('dl', { class: 'preview-details', hidden: true });
  const act = (label, symbol, go, more = {}) => make('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: go, ...more }, icon(symbol));
  const previous = act('Previous (←)', 'chevron_left', () => move(-1), { class: 'icon-button preview-previous' });
  const next = act('Next (→)', 'chevron_right', () => move(1), { class: 'icon-button preview-next' });
  const info = act('Details', 'info', () => { details.hidden = !details.hidden; info.setAttribute('aria-expanded', String(!details.hidden)); }, { 'aria-expanded': 'false' });
  const edit = make('a', { class: 'icon-button', 'aria-label': 'Edit', title: 'Edit' }, icon('edit'));
  const download = make('a', { class: 'icon-button', 'aria-label': 'Download', title: 'Download', download: '' }, icon('download'));
  const dialog = make('dialog', { class: 'preview', role: 'dialog', 'aria-labelledby': 'preview-title' },
    make('header', { class: 'preview-bar' }, title, facts, make('span', { class: 'grow' }), place, info, edit, download, act('Close (Esc)', 'close', () => dialog.close())),
    details, make('div', { class: 'preview-body' }, previous, stage, next));
  let moving = false, showing, leaves = false;

  async function move(by) {
    if (moving) return;
    moving = true;
    try {
      const found = await server.invokeMethodAsync('Move', by);
      if (found) show(found);
    } finally { moving = false; }
  }

  function show(item) {
    showing?.abort();
    showing = new AbortController();
    title.replaceChildren(make('bdi', {}, item.name));
    facts.textContent = item.isFolder ? 'Folder' : [bytes(item.size), moment(item.mtimeMs)].join(' · ');
    place.textContent = `${number(item.position + 1)} of ${number(item.count)}`;
    previous.disabled = item.position <= 0;
    next.disabled = item.position >= item.count - 1;
    edit.hidden = !item.canEdit;
    edit.href = `/edit/${item.path}`;
    download.hidden = item.isFolder || Boolean(item.problem);
    download.href = `/download/${item.path}`;
    details.replaceChildren(...[['Size', `${number(item.size)} bytes`], ['Modified', moment(item.mtimeMs)], ['Mode', item.mode], ['Owner', item.owner], item.target ? ['Leads to', item.target] : null]
      .filter(Boolean).flatMap(([term, value]) => [make('dt', {}, term), make('dd', {}, value)]));
    stage.replaceChildren();
    stage.dataset.kind = item.kind;
    if (item.problem) card(stage, 'link_off', item.problem);
    else if (item.isFolder) card(stage, 'folder', 'This is a folder.', make('a', { class: 'button primary', href: `/files/${item.path}` }, 'Open it'));
    else if (item.size === 0) card(stage, 'draft', 'This file is empty.');
    else (KINDS[item.kind] ?? unknown)(stage, item, showing.signal, () => { edit.hidden = true; }).catch(error => { if (error.name !== 'AbortError') card(stage, 'error', error.message, save(item)); });
  }

  // Of the document: a button that has the focus and is disabled, at an end, hands keys to nobody.
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('video, audio, input, select, textarea')) return;
    if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') { e.preventDefault(); move(e.key === 'ArrowRight' ? 1 : -1); }
    else if (e.key === ' ' && !e.target.closest('button, a')) { e.preventDefault(); dialog.close(); }
  }, { signal: listening.signal });
  // The content has the focus from the start; that is worth a ring only to who goes about with Tab.
  dialog.addEventListener('keydown', e => { if (e.key === 'Tab') dialog.dataset.tabs = ''; });
  dialog.addEventListener('click', e => {
    if (e.target === dialog) dialog.close();
    else if (e.target.closest('a:not([download])[href^="/"]')) { leaves = true; dialog.close(); } // goes somewhere else in the app
  });
  dialog.addEventListener('close', () => {
    showing?.abort();
    listening.abort();
    dialog.remove();
    if (!leaves) history.back();
    server.invokeMethodAsync('Closed').catch(() => {});
  });
  // Back closes it and stays in the folder: the address is the same, with the state that the page's own navigation reads.
  history.pushState(history.state, '', location.href);
  addEventListener('popstate', () => { leaves = true; dialog.close(); }, { signal: listening.signal });
  document.body.append(dialog);
  dialog.showModal();
  stage.tabIndex = 0;
  stage.setAttribute('role', 'region');
  stage.setAttribute('aria-label', 'Content');
  stage.focus({ preventScroll: true });
  show(item);
}

/** Its name says nothing: text, when its beginning is. */
async function unknown(stage, item, signal, isNoText) {
  const head = await range(item, 0, Math.min(item.size, 4096), signal);
  if (!head.includes(0)) return text.show(stage, item, signal);
  isNoText();
  return hex.show(stage, item, signal);
}

export function card(stage, symbol, words, ...more) {
  stage.replaceChildren(make('div', { class: 'preview-card' }, make('span', { class: 'rzi', 'aria-hidden': 'true' }, symbol), make('p', {}, words), make('div', { class: 'preview-ways' }, ...more)));
}

export const save = item => make('a', { class: 'button primary', href: `/download/${item.path}`, download: '' }, icon('download'), 'Download');

/** A part of the file; the version is held, so that no two parts are of different files. */
export async function range(item, from, length, signal) {
  const answer = await fetch(`/preview/${item.path}`, { headers: { Range: `bytes=${from}-${from + length - 1}` }, signal }).catch(error => { throw error.name === 'AbortError' ? error : new Error('The server cannot be reached. Close this and try again.'); });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `The server answered ${answer.status}.`);
  const tag = answer.headers.get('ETag');
  if (item.tag && tag !== item.tag) throw new Error('The file was changed meanwhile. Close this and open it again.');
  item.tag = tag;
  const whole = new Uint8Array(await answer.arrayBuffer());
  return answer.status === 200 && (from > 0 || whole.length > length) ? whole.subarray(from, from + length) : whole;
}
