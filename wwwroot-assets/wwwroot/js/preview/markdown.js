// Markdown as it is meant. Raw HTML in it is text; what comes out is cleaned once more before it is put into the page; links lead into
// the tree or to the web in a tab of their own, and pictures come from the tree alone.

import { bytes, icon, make } from '../uploads/words.js';
import { range } from './preview.js';
import * as text from './text.js';

const LARGEST = 1024 * 1024;

let parts;

function load() {
  return parts ??= Promise.all([import('/vendor/markdown-it.min.js'), import('/vendor/purify.min.js')]).then(() => {
    const { markdownit, DOMPurify } = globalThis;
    return { write: aligned(markdownit({ html: false, linkify: false })), clean: DOMPurify };
  });
}

/** The alignment of a column is an attribute: a style would be cleaned away. */
function aligned(write) {
  for (const cell of ['th_open', 'td_open']) {
    write.renderer.rules[cell] = (tokens, at) => {
      const side = /^text-align:(left|center|right)$/.exec(tokens[at].attrGet('style') ?? '')?.[1];
      return side ? `<${tokens[at].tag} align="${side}">` : `<${tokens[at].tag}>`;
    };
  }
  return write;
}

export async function show(stage, item, signal) {
  if (item.size > LARGEST) {
    stage.append(make('p', { class: 'notice preview-note' }, icon('info'), `Beyond ${bytes(LARGEST)} Markdown is shown as it is written.`));
    return await text.show(stage, item, signal);
  }
  const [{ write, clean }, content] = await Promise.all([load(), range(item, 0, item.size, signal)]);
  const page = clean.sanitize(write.render(new TextDecoder().decode(content)), { RETURN_DOM_FRAGMENT: true, FORBID_TAGS: ['style', 'form', 'input', 'svg', 'math', 'iframe', 'audio', 'video'], FORBID_ATTR: ['style', 'id', 'name', 'class'] });
  const folder = item.path.split('/').slice(0, -1).map(name => name + '/').join('');
  for (const link of page.querySelectorAll('a')) lead(link, folder);
  for (const picture of page.querySelectorAll('img')) place(picture, folder);
  stage.append(make('article', { class: 'preview-markdown' }, page));
}

function lead(link, folder) {
  const href = link.getAttribute('href') ?? '';
  if (/^(https?:|mailto:)/i.test(href)) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    return;
  }
  const inside = within(href, '/files/', folder);
  if (inside) link.href = inside;
  else link.removeAttribute('href');
}

function place(picture, folder) {
  const inside = within(picture.getAttribute('src') ?? '', '/preview/', folder);
  if (inside) { picture.src = inside; picture.loading = 'lazy'; }
  else picture.replaceWith(`[${picture.alt || 'picture'}]`);
}

/** A relative address, resolved below a prefix of ours that it must not leave. */
function within(address, prefix, folder) {
  if (!address || /^[a-z][a-z0-9+.-]*:|^\/\/|^#/i.test(address)) return null;
  try {
    const base = new URL(prefix + folder, location.origin);
    const to = new URL(address.startsWith('/') ? prefix + address.slice(1) : address, base);
    return to.origin === location.origin && to.pathname.startsWith(prefix) ? to.pathname : null;
  } catch {
    return null;
  }
}
