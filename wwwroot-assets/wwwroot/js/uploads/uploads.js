// Uploads of this page: dropped on a folder or picked, asked about once, sent by the queue, shown in the panel. One of it a page;
// it outlives every view, because it hangs on none.

import { Queue } from './queue.js';
import { Panel } from './panel.js';
import { ofDrop, ofInput } from './gather.js';
import { ask } from './conflicts.js';
import * as memory from './memory.js';
import * as sets from './sets.js';
import { discard } from './tus.js';
import { files, make, nameOf, number } from './words.js';

const CHECKED_AT_ONCE = 20_000;
const PREFIX = '/files/';

const queue = new Queue();
let panel;

/** Called by the layout, once. */
export async function attach(host) {
  if (panel) return;
  panel = new Panel(host, queue);
  panel.onContinue = goOn;
  panel.onDiscard = giveUp;
  sets.watch(queue);
  // Of the operations page; here, because a page may open the chooser only in the click itself.
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-upload-resume]');
    if (button) choose('folders' in button.dataset).then(chosen => goOnWith(button.dataset.uploadResume, ofInput(chosen)));
  });
  listenForDrops();
  // Whoever would load the page anew waits for the end (reconnect.js).
  queue.addEventListener('changed', () => document.documentElement.toggleAttribute('data-uploading', queue.isBusy));
  addEventListener('beforeunload', e => { if (queue.isBusy) e.preventDefault(); });
  panel.leftBehind(await left());
}

/** What earlier pages of this browser have left unfinished, and nobody has given up or finished elsewhere. */
async function left() {
  const there = [];
  for (const found of await memory.unfinished()) {
    if (!found.set.listed || await sets.isThere(found.set.id)) there.push(found);
    else await memory.forget(found.set.id, [], true);
  }
  return there;
}

/** Returns at once: a person may take their time. @param folders whole folders instead of files */
export function pick(folders) {
  const folder = folderHere();
  if (folder !== null) choose(folders).then(chosen => begin(folder, ofInput(chosen)));
}

function choose(folders) {
  return new Promise(ok => {
    const input = make('input', { type: 'file', multiple: true, webkitdirectory: folders, 'aria-label': 'Files to upload', class: 'visually-hidden', tabindex: '-1' });
    const end = chosen => { input.remove(); ok(chosen); };
    input.addEventListener('change', () => end([...input.files]));
    input.addEventListener('cancel', () => end([]));
    document.body.append(input);
    input.click();
  });
}

/** The percent-encoded path of the folder that the page shows, as its address has it. */
function folderHere() {
  const path = location.pathname + '/';
  return path.startsWith(PREFIX) ? path.slice(PREFIX.length).replace(/\/+$/, '') : null;
}

async function begin(folder, found) {
  if (found.length === 0) return;
  const label = nameOf(folder);
  panel.note(`Looking whether ${files(found.length)} ${found.length === 1 ? 'has its' : 'have their'} name free in “${label}”…`);
  try {
    const conflicts = await check(folder, found.filter(item => !item.error));
    panel.note(null);
    if (conflicts.length > 0 && !await ask(label, found.length, conflicts)) return;
  } catch (error) {
    panel.note(`Nothing was uploaded. ${error.message}`, true);
    return;
  }
  panel.say(`Uploading ${files(found.length)} to ${label}.`);
  await queue.add({ id: sets.newId(), folder, label, rule: 'ask' }, found);
}

async function check(folder, items) {
  const conflicts = [];
  for (let from = 0; from < items.length; from += CHECKED_AT_ONCE) {
    const some = items.slice(from, from + CHECKED_AT_ONCE);
    const answer = await fetch(`/uploads/check/${folder}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(some.map(item => item.path)) })
      .catch(() => { throw new Error('The server cannot be reached. Try again when it can.'); });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    for (const there of await answer.json()) conflicts.push({ item: some[there.at], there });
  }
  return conflicts;
}

/** Goes on with what an earlier page has left: its files are chosen again, and known by name, size and time. */
async function goOn({ set, items }) {
  const chosen = ofInput(await choose(items.some(item => !item.folder && item.path.includes('/'))));
  if (chosen.length === 0 && items.some(item => !item.folder)) return;
  if (set.listed) {
    const folders = items.filter(item => item.folder).map(({ path, name }) => ({ path, name, file: null }));
    await goOnWith(set.id, [...folders, ...chosen]);
    return;
  }
  const byName = new Map(chosen.map(found => [`${found.path}\n${found.file.size}\n${found.file.lastModified}`, found.file]));
  const matched = items.map(item => ({ ...item, file: item.folder ? null : byName.get(`${item.path}\n${item.size}\n${item.mtime}`) })).filter(item => item.folder || item.file);
  if (matched.length === 0) {
    panel.note('None of these is a file that was begun: they are known by name, size and time of last change.', true);
    return;
  }
  panel.note(null);
  try {
    // What had arrived whole when the page was left is there as it is here.
    const there = new Map((await check(set.folder, matched.filter(item => item.file && !item.url))).map(found => [found.item, found.there]));
    const isDone = item => there.has(item) && there.get(item).size === item.size && there.get(item).mtimeMs === item.mtime;
    await memory.forget(set.id, matched.filter(isDone).map(item => item.path), false);
    const rest = matched.filter(item => !isDone(item));
    const partial = matched.length < items.length;
    const left = (await memory.unfinished()).filter(found => found.set.id !== set.id);
    if (rest.length > 0) await queue.add({ ...set, partial }, rest);
    else if (!partial) await memory.forget(set.id, [], true);
    panel.leftBehind(left);
    panel.say(`Going on with ${files(rest.length)} to ${set.label}.`);
    if (partial) panel.note(`${number(items.length - matched.length)} more of “${set.label}” are still to be chosen; they are offered again when the page is loaded.`);
  } catch (error) {
    panel.note(`Nothing was uploaded. ${error.message}`, true);
  }
}

/** Goes on with a set that the server knows, from whatever device: what has arrived is not sent again. */
async function goOnWith(id, found) {
  if (found.length === 0 || [...queue.works].some(work => work.set.id === id && !work.isSettled)) return;
  try {
    const known = await sets.match(id, found);
    if (!known) {
      panel.note('Nothing was uploaded. This upload was cancelled, or nobody continued it for a week.', true);
      await memory.forget(id, [], true);
      return;
    }
    const all = known.files.map(file => ({ ...found[file.index], at: file.at, url: file.url, rule: file.conflict, isDone: Boolean(file.ended) }));
    const begun = all.filter(item => !item.isDone), unlisted = await listRest(id, known, found);
    if (!unlisted) return;
    const rest = [...begun, ...unlisted];
    const more = known.left - begun.length + Math.max(0, known.announced - known.listed - unlisted.length);
    if (rest.length === 0) {
      panel.note(all.length > 0 ? 'These have arrived already; others of this upload are still to be chosen.' : 'None of these is a file that was begun: they are known by name, size and time of last change.', true);
      return;
    }
    panel.note(more > 0 ? `${files(more)} of this upload ${more === 1 ? 'is' : 'are'} still to be chosen.` : null);
    const others = (await memory.unfinished()).filter(other => other.set.id !== id);
    const label = nameOf(known.folder);
    await queue.add({ id, folder: known.folder, label, rule: 'ask', listed: true, partial: more > 0 }, rest);
    panel.leftBehind(others);
    panel.say(`Going on with ${files(rest.length)} to ${label}.`);
  } catch (error) {
    panel.note(`Nothing was uploaded. ${error.message}`, true);
  }
}

/** What its list does not have, because the page that began it was left while it was sent: it is asked about as at the beginning, and listed now. @returns null when it was called off */
async function listRest(id, known, found) {
  if (known.listed >= known.announced) return [];
  const listed = new Set(known.files.map(file => file.index));
  const rest = found.filter((item, index) => !listed.has(index) && !item.error).sort((a, b) => Number(Boolean(a.file)) - Number(Boolean(b.file)));
  if (rest.length === 0) return [];
  const conflicts = await check(known.folder, rest);
  if (conflicts.length > 0 && !await ask(nameOf(known.folder), rest.length, conflicts)) return null;
  if (!await sets.list({ id, folder: known.folder }, rest, known.listed, Math.max(known.announced, known.listed + rest.length))) throw new Error('The rest of its list could not be sent. Try again.');
  return rest;
}

async function giveUp({ set, items }) {
  if (set.listed) await sets.discard(set.id);
  else for (const item of items) if (item.url) discard(item.url);
  await memory.forget(set.id, [], true);
  panel.leftBehind(await memory.unfinished());
}

// ---- drops

function listenForDrops() {
  const hint = make('div', { class: 'drop-hint', hidden: true, 'aria-hidden': 'true' });
  document.body.append(hint);
  let ours = false, marked = null, timer = 0;

  const clear = () => {
    clearTimeout(timer);
    marked?.removeAttribute('data-drop');
    marked = null;
    hint.hidden = true;
  };

  const isFiles = e => !ours && e.dataTransfer?.types.includes('Files');

  /** The folder under the pointer: a row of one, a branch of the tree, or the list itself. */
  function target(e) {
    const here = folderHere();
    const list = document.querySelector('.files');
    if (here === null || !list || document.querySelector('dialog[open], .rz-dialog')) return null;
    const branch = e.target.closest?.('.tree-row[data-folder]');
    if (branch) return { node: branch, folder: branch.dataset.folder };
    const row = e.target.closest?.('[data-n][data-folder]:not([aria-busy=true])');
    if (row) return { node: row, folder: (here ? `${here}/` : '') + row.dataset.n };
    return { node: list, folder: here };
  }

  // What is dragged within the page (an image, a link, rows) is no upload.
  addEventListener('dragstart', () => { ours = true; }, true);
  addEventListener('dragend', () => { ours = false; }, true);

  addEventListener('dragover', e => {
    if (!isFiles(e)) return;
    e.preventDefault(); // a file that is dropped beside a target must not replace the page
    const to = target(e);
    e.dataTransfer.dropEffect = to ? 'copy' : 'none';
    if (marked !== (to?.node ?? null)) {
      clear();
      marked = to?.node ?? null;
      marked?.setAttribute('data-drop', '');
      hint.hidden = !to;
      hint.textContent = to ? `Drop to upload to “${nameOf(to.folder)}”` : '';
    }
    clearTimeout(timer);
    timer = setTimeout(clear, 400); // browsers do not say reliably that it has left
  });

  addEventListener('drop', async e => {
    if (!isFiles(e)) return;
    e.preventDefault();
    const to = target(e);
    clear();
    if (!to) return;
    const found = ofDrop(e.dataTransfer); // before anything is awaited
    panel.note('Looking through what was dropped…');
    await begin(to.folder, await found);
  });
}
