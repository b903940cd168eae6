// Text with numbered lines. It comes in parts of a megabyte, the next when it is asked for, so that a log of gigabytes opens at once.

import { bytes, icon, make } from '../uploads/words.js';
import { range } from './preview.js';
import { highlighter } from './highlight.js';

const PART = 1024 * 1024;
const BLOCK = 400;             // lines an element: browsers skip those that are out of sight
const COLOURED = 256 * 1024;   // characters: beyond, colours cost more than they tell
const LONGEST = 4000;          // characters a line that is drawn in one piece

export async function show(stage, item, signal) {
  const sheet = make('div', { class: 'preview-text' });
  const more = make('button', { type: 'button', class: 'button', onclick: () => next() }, 'Show more');
  const foot = make('div', { class: 'preview-more', hidden: true }, make('span', { class: 'dim' }), more);
  stage.append(sheet, foot);
  const colour = highlighter(item.name);
  let offset = 0, line = 1, rest = '', drawn = 0, decoder;

  async function next() {
    more.disabled = true;
    const part = await range(item, offset, Math.min(PART, item.size - offset), signal);
    if (!decoder) {
      decoder = decoderFor(part, item.size > part.length);
      if (decoder.note) stage.prepend(make('p', { class: 'notice preview-note' }, icon('info'), decoder.note));
    }
    offset += part.length;
    const end = offset >= item.size;
    const lines = (rest + decoder.decode(part, !end)).split(/\r\n|\n|\r(?!\n)/);
    rest = end ? '' : lines.pop();
    if (end && lines.at(-1) === '') lines.pop();
    for (let at = 0; at < lines.length; at += BLOCK) draw(lines.slice(at, at + BLOCK));
    foot.hidden = end;
    foot.firstChild.textContent = `${bytes(offset)} of ${bytes(item.size)} shown`;
    more.disabled = false;
  }

  function draw(lines) {
    const body = lines.map(cut).join('\n');
    const numbers = lines.map((text, at) => line + at + '\n'.repeat(Math.floor(text.length / LONGEST))).join('\n');
    line += lines.length;
    const code = make('code', {});
    if (colour && drawn < COLOURED) code.append(...colour(body));
    else code.textContent = body;
    drawn += body.length;
    sheet.append(make('div', { class: 'preview-block' }, make('pre', { class: 'preview-numbers', 'aria-hidden': 'true' }, numbers), make('pre', {}, code)));
  }

  await next();
}

const cut = text => text.length <= LONGEST ? text : text.match(new RegExp(`.{1,${LONGEST}}`, 'gs')).join('\n');

/** UTF-8 unless it says or shows otherwise. */
function decoderFor(bytes, isCut) {
  const make = (label, note) => {
    const decoder = new TextDecoder(label);
    return { note, decode: (part, more) => decoder.decode(part, { stream: more }) };
  };
  if (bytes[0] === 0xFF && bytes[1] === 0xFE) return make('utf-16le', null);
  if (bytes[0] === 0xFE && bytes[1] === 0xFF) return make('utf-16be', null);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return make('utf-8', null);
  } catch {
    return make('windows-1252', 'This is not UTF-8. It is shown as Western European text; some characters may be wrong.');
  }
}
