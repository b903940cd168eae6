// Asked once, before the first byte: what to do with names that are taken, with both sides' size and time.

import { bytes, files, icon, make, moment, number, visible } from './words.js';

const SHOWN = 100;
const CHOICES = [['replace', 'Replace', 'What is there is replaced by yours.'], ['keep-both', 'Keep both', 'Yours gets a number behind its name.'], ['skip', 'Skip', 'Yours is not uploaded.']];

/** @returns true when every item has its rule, false when it was called off */
export function ask(label, count, conflicts) {
  const own = new Map();
  let rule = 'keep-both';

  const choice = ([value, text, detail]) => make('label', { class: 'choice' },
    make('input', { type: 'radio', name: 'upload-conflict', value, checked: value === rule, autofocus: value === rule, onchange: () => { rule = value; } }),
    make('span', {}, make('strong', {}, text), make('span', { class: 'dim' }, detail)));

  const row = ({ item, there }) => {
    const values = CHOICES.filter(([value]) => value !== 'replace' || !there.isFolder);
    return make('tr', {},
      make('th', { scope: 'row' }, make('bdi', {}, visible(item.name))),
      make('td', { 'data-side': 'There' }, there.isFolder ? 'a folder' : make('span', {}, bytes(there.size), make('br'), make('span', { class: 'dim' }, moment(there.mtimeMs)))),
      make('td', { 'data-side': 'Yours' }, item.file ? make('span', {}, bytes(item.file.size), make('br'), make('span', { class: 'dim' }, moment(item.file.lastModified))) : 'a folder'),
      make('td', {}, make('select', { 'aria-label': `What to do with ${visible(item.name)}`, onchange: e => e.target.value ? own.set(item, e.target.value) : own.delete(item) },
        make('option', { value: '' }, 'As for all'), ...values.map(([value, text]) => make('option', { value }, text)))));
  };

  return new Promise(answer => {
    const title = conflicts.length === 1 ? 'One name is taken' : `${number(conflicts.length)} of ${number(count)} names are taken`;
    const dialog = make('dialog', { class: 'sheet conflicts', 'aria-labelledby': 'conflicts-title', role: 'dialog' },
      make('h2', { id: 'conflicts-title' }, icon('file_copy'), `${title} in “${label}”`),
      make('fieldset', { class: 'choices' }, make('legend', {}, conflicts.length === 1 ? 'What shall be done with it?' : 'What shall be done with all of them?'), ...CHOICES.map(choice)),
      make('div', { class: 'conflict-rows', tabindex: '0', role: 'region', 'aria-label': 'Names that are taken' },
        make('table', {},
          make('thead', {}, make('tr', {}, ...['Name', 'There', 'Yours', 'This one'].map(head => make('th', { scope: 'col' }, head)))),
          make('tbody', {}, ...conflicts.slice(0, SHOWN).map(row)))),
      conflicts.length > SHOWN ? make('p', { class: 'dim' }, `… and ${number(conflicts.length - SHOWN)} more.`) : null,
      make('div', { class: 'sheet-actions' },
        make('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel'),
        make('button', { type: 'button', class: 'button primary', onclick: () => dialog.close('go') }, `Upload ${files(count)}`)));
    dialog.addEventListener('close', () => {
      const goes = dialog.returnValue === 'go';
      if (goes) for (const { item, there } of conflicts) item.rule = own.get(item) ?? (there.isFolder && rule === 'replace' ? 'keep-both' : rule);
      dialog.remove();
      answer(goes);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
