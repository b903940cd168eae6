// Images, sound, films and PDFs: the browser shows them itself, from an address whose policy lets none of them run anything.

import { icon, make } from '../uploads/words.js';
import { card, save } from './preview.js';

const address = item => `/preview/${item.path}`;

export async function image(stage, item) {
  const picture = make('img', { src: address(item), alt: item.name, class: 'preview-image', draggable: 'false' });
  const frame = make('button', { type: 'button', class: 'preview-picture', 'aria-label': 'Actual size', 'aria-pressed': 'false', onclick: () => {
    frame.setAttribute('aria-pressed', String(stage.toggleAttribute('data-actual')));
  } }, picture);
  stage.removeAttribute('data-actual');
  stage.append(frame);
  await loaded(picture, 'load', stage, item, 'This image cannot be shown: it is damaged, or of a kind that this browser does not know.');
}

export async function audio(stage, item, signal) {
  await play('audio', stage, item, signal);
}

export async function video(stage, item, signal) {
  await play('video', stage, item, signal);
}

async function play(tag, stage, item, signal) {
  const player = make(tag, { src: address(item), controls: true, preload: 'metadata', 'aria-label': item.name, class: `preview-${tag}` });
  stage.append(tag === 'audio' ? make('div', { class: 'preview-sound' }, icon('music_note'), make('bdi', {}, item.name), player) : player);
  // A film that is left goes on sounding, otherwise.
  signal.addEventListener('abort', () => { player.pause(); player.removeAttribute('src'); player.load(); }, { once: true });
  await loaded(player, 'loadedmetadata', stage, item, 'This cannot be played: it is damaged, or in a format that this browser does not know.');
}

export async function pdf(stage, item) {
  if (!navigator.pdfViewerEnabled) { card(stage, 'picture_as_pdf', 'This browser shows no PDFs.', save(item)); return; }
  stage.append(make('iframe', { src: address(item), title: item.name, class: 'preview-pdf' }));
}

function loaded(node, event, stage, item, words) {
  return new Promise(ok => {
    node.addEventListener(event, ok, { once: true });
    node.addEventListener('error', () => {
      if (node.isConnected) card(stage, 'broken_image', words, save(item));
      ok();
    }, { once: true });
  });
}
