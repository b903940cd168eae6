// One file by tus 1.0. A small one goes whole in its first request; a larger one in pieces that are checked one by one, so that
// what has arrived stays, whatever breaks: the connection, the page, the server.

const WHOLE = 8 * 1024 * 1024;   // as the server takes it without a file of its own
const PIECE = 8 * 1024 * 1024;
const SMALL = 64 * 1024;
const WAITS = [500, 1000, 2000, 4000, 8000, 15000, 30000];

/** Something that trying again will not mend; `status` 422 is a name that is taken. */
export class Refused extends Error {
  constructor(status, message, there) { super(message); this.status = status; this.there = there; }
}

/** Whoever aborted knows why. */
const stopped = () => new Error('Stopped.');

const TUS = { 'Tus-Resumable': '1.0.0' };
const BYTES = { ...TUS, 'Content-Type': 'application/offset+octet-stream' };

/**
 * @param item   { path, file, url, rule }: `url` of what was begun earlier; `rule` ask, replace, keep-both, skip
 * @param on     { sent(bytes), begun(url), storing() }
 * @returns the server's word for what it did: created, replaced, kept-both, skipped
 */
export async function send(folder, item, on, signal) {
  if (!item.file) return await whole(folder, item, on, signal);
  return item.url || item.file.size > WHOLE ? await inPieces(folder, item, on, signal) : await whole(folder, item, on, signal);
}

/** A small file, or an empty folder: many of them go in one request. */
export const isSmall = item => !item.url && (item.file?.size ?? 0) <= SMALL;

/** @returns for each item a result, or the error that it ended with */
export async function sendBundle(folder, items, signal) {
  const readable = [], outcomes = new Map();
  await Promise.all(items.map(async item => {
    try { readable.push({ item, bytes: item.file ? await read(item.file) : new ArrayBuffer(0) }); } catch (error) { outcomes.set(item, error); }
  }));
  if (readable.length > 0) {
    const list = new TextEncoder().encode(JSON.stringify(readable.map(({ item, bytes }) => ({ ...describe(item), size: bytes.byteLength, ...placeOf(item) }))));
    const body = new Uint8Array(await new Blob([new Uint32Array([list.length]), list, ...readable.map(one => one.bytes)]).arrayBuffer());
    const answer = await again(signal, async () => request('POST', `/uploads/bundle/${folder}`, { 'Content-Type': 'application/octet-stream', ...await checksum(body) }, body, null, signal));
    if (answer.status !== 200) throw refusal(answer);
    JSON.parse(answer.text).forEach((one, at) => outcomes.set(readable[at].item, one.status === 201 ? one.result : new Refused(one.status, one.error ?? 'The name is taken.', one.there)));
  }
  return items.map(item => outcomes.get(item));
}

/** As the server's lists have it. */
export const describe = item => ({ path: item.path.replace(/\/$/, ''), size: item.file?.size ?? 0, mtime: item.file?.lastModified ?? null, type: item.file ? null : 'folder', conflict: item.rule ?? 'ask' });

/** Of one that belongs to a set which the server keeps. */
const placeOf = item => item.work?.set.listed ? { set: item.work.set.id, at: item.at } : {};

export async function discard(url) {
  await fetch(url, { method: 'DELETE', headers: TUS }).catch(() => {});
}

async function whole(folder, item, on, signal) {
  const bytes = item.file ? await read(item.file) : new ArrayBuffer(0);
  return await again(signal, async () => {
    const headers = { ...BYTES, 'Upload-Length': String(bytes.byteLength), 'Upload-Metadata': metadata(item), ...await checksum(bytes) };
    const answer = await request('POST', `/uploads/to/${folder}`, headers, bytes, bytes.byteLength > 65536 ? on.sent : null, signal);
    return outcome(answer);
  });
}

async function inPieces(folder, item, on, signal) {
  const size = item.file.size;
  let offset = item.url ? await again(signal, () => offsetOf(item.url, signal)) : 0;
  if (offset === null || !item.url) {
    const answer = await again(signal, () => request('POST', `/uploads/to/${folder}`, { ...TUS, 'Upload-Length': String(size), 'Upload-Metadata': metadata(item) }, null, null, signal));
    if (answer.status !== 201) throw refusal(answer);
    // Stored already, by another device or by a request whose answer was lost.
    if (answer.header('Capstan-Result')) return answer.header('Capstan-Result');
    item.url = new URL(answer.header('Location'), location.href).pathname;
    on.begun(item.url);
    offset = Number(answer.header('Upload-Offset') ?? 0);
  }
  let next = piece(item.file, offset);
  for (;;) {
    on.sent(offset);
    const { part, sum, from } = await next;
    const end = from + part.size;
    next = end < size ? piece(item.file, end) : null; // read and summed while the one before is sent
    next?.catch(() => {});
    let last;
    try {
      const headers = { ...BYTES, 'Upload-Offset': String(from), 'Capstan-Conflict': item.rule, ...sum };
      last = await request('PATCH', item.url, headers, part, sent => {
        on.sent(from + sent);
        if (from + sent === size) on.storing();
      }, signal);
    } catch (error) {
      if (signal.aborted || error instanceof Refused) throw error;
      last = { status: 0 };
    }
    if (last.status === 204 && end < size) { offset = end; item.tries = 0; continue; }
    if (last.status === 204) return outcome(last);
    if (![0, 409, 423, 460, 502, 503, 504].includes(last.status)) throw refusal(last);
    // Where it is now, only the server knows. None of it: the last answer was lost, or it has been given up.
    await wait(item, last.status, signal);
    const at = await again(signal, () => offsetOf(item.url, signal));
    if (at === null) {
      if (end === size && await isThere(folder, item)) return 'created';
      throw new Refused(404, 'The server has given this upload up. Try it again.');
    }
    offset = at;
    next = piece(item.file, offset);
  }
}

/** The answer to the last piece was lost: it has been stored, if the file is there as it is here. */
async function isThere(folder, item) {
  const answer = await fetch(`/download/${folder ? `${folder}/` : ''}${item.path}`, { method: 'HEAD' });
  return answer.ok && Number(answer.headers.get('Content-Length')) === item.file.size
    && Math.floor(Date.parse(answer.headers.get('Last-Modified')) / 1000) === Math.floor(item.file.lastModified / 1000);
}

async function offsetOf(url, signal) {
  const answer = await request('HEAD', url, TUS, null, null, signal);
  return answer.status === 200 ? Number(answer.header('Upload-Offset')) : answer.status === 404 ? null : Promise.reject(refusal(answer));
}

/** Read once for its sum, and once more by the browser when it is sent: if the file is another by then, the server refuses it or the browser does. */
async function piece(file, from) {
  const part = file.slice(from, from + PIECE);
  return { from, part, sum: await checksum(await read(part)) };
}

async function read(blob) {
  try {
    return await blob.arrayBuffer();
  } catch (error) {
    throw new Refused(0, `It cannot be read from your computer any more (${error.name}): it was changed, moved or removed. Choose it again.`);
  }
}

/** Browsers sum only on safe origins (https, this machine): elsewhere it goes without. */
async function checksum(bytes) {
  if (!crypto.subtle || bytes.byteLength === 0) return {};
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { 'Upload-Checksum': `sha256 ${btoa(String.fromCharCode(...sum))}` };
}

function metadata(item) {
  const pairs = [['path', item.path.replace(/\/$/, '')], ['conflict', item.rule]];
  if (item.file) pairs.push(['mtime', String(item.file.lastModified)]);
  else pairs.push(['type', 'folder']);
  pairs.push(...Object.entries(placeOf(item)));
  return pairs.map(([key, value]) => `${key} ${btoa(value)}`).join(',');
}

function outcome(answer) {
  if (answer.status === 201 || answer.status === 204) return answer.header('Capstan-Result') ?? 'created';
  throw refusal(answer);
}

function refusal(answer) {
  if (answer.status === 422) return new Refused(422, 'The name is taken.', JSON.parse(answer.text));
  return new Refused(answer.status, answer.text?.trim() || `The server answered ${answer.status}.`);
}

/** Until it succeeds or is refused: a line that is down comes back, a server that restarts, too. */
export async function again(signal, act) {
  const state = { tries: 0 };
  for (;;) {
    let status = 0;
    try {
      const answer = await act();
      status = answer?.status ?? 200;
      if (![0, 460, 502, 503, 504].includes(status)) return answer;
    } catch (error) {
      if (signal.aborted || (error instanceof Refused && ![460, 502, 503, 504].includes(error.status))) throw error;
    }
    await wait(state, status, signal);
  }
}

/** A server that cannot be reached is waited for as long as the page is open; what it refuses again and again is not. */
async function wait(state, status, signal) {
  const tries = state.tries ?? 0, isAway = [0, 502, 503, 504].includes(status);
  if (tries >= WAITS.length && !isAway) throw new Refused(0, 'The server does not take it. What has arrived is kept: try again later.');
  state.tries = tries + 1;
  await new Promise((ok, bad) => {
    const end = act => () => { clearTimeout(timer); removeEventListener('online', go); signal.removeEventListener('abort', stop); act(); };
    const go = end(ok), stop = end(() => bad(stopped()));
    const timer = setTimeout(go, WAITS[Math.min(tries, WAITS.length - 1)]);
    addEventListener('online', go);
    signal.addEventListener('abort', stop);
  });
}

/**
 * fetch does not tell how much has been sent. Bytes go as a blob: Chromium takes one from where it is, and what is not one through a pipe that takes a second for a
 * piece, whatever the line could.
 */
export function request(method, url, headers, body, progress, signal) {
  return new Promise((ok, bad) => {
    if (signal.aborted) { bad(stopped()); return; }
    const call = new XMLHttpRequest();
    const stop = () => call.abort();
    call.open(method, url);
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value);
    if (progress) call.upload.onprogress = e => progress(e.loaded);
    call.onload = () => ok({ status: call.status, text: call.responseText, header: name => call.getResponseHeader(name) });
    call.onerror = () => bad(new TypeError('The connection broke.'));
    call.onabort = () => bad(stopped());
    call.onloadend = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop);
    call.send(body && !(body instanceof Blob) ? new Blob([body]) : body);
  });
}
