// What is not uploaded yet, kept by the browser over a reload: names, sizes, times and where the server keeps what has arrived. The
// files themselves a page may not keep: they are picked again and known by name, size and time.

const NAME = 'capstan-uploads';

let opening;

function database() {
  return opening ??= new Promise((ok, bad) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('sets', { keyPath: 'id' });
      request.result.createObjectStore('items', { keyPath: ['set', 'path'] });
    };
    request.onsuccess = () => ok(request.result);
    request.onerror = () => bad(request.error);
  });
}

async function change(act) {
  try {
    const work = (await database()).transaction(['sets', 'items'], 'readwrite');
    act(work.objectStore('sets'), work.objectStore('items'));
    await new Promise((ok, bad) => { work.oncomplete = ok; work.onerror = work.onabort = () => bad(work.error); });
  } catch {
    // A private window, or no room: uploads go on, and are forgotten with the page.
  }
}

const every = set => IDBKeyRange.bound([set], [set, []]);

export function remember(set, items) {
  return change((sets, all) => {
    sets.put(set);
    for (const item of items) all.put(record(set.id, item));
  });
}

export function began(set, item) {
  return change((_, items) => items.put(record(set, item)));
}

/** These have come to an end; with `whole` the set has. */
export function forget(set, paths, whole) {
  return change((sets, items) => {
    for (const path of paths) items.delete([set, path]);
    if (!whole) return;
    sets.delete(set);
    items.delete(every(set));
  });
}

/** Sets that no page is working on: [{ set, items }]. */
export async function unfinished() {
  try {
    const db = await database();
    const held = navigator.locks ? (await navigator.locks.query()).held.map(lock => lock.name) : [];
    const all = store => new Promise((ok, bad) => {
      const request = db.transaction(store).objectStore(store).getAll();
      request.onsuccess = () => ok(request.result);
      request.onerror = () => bad(request.error);
    });
    const sets = (await all('sets')).filter(set => !held.includes(lockOf(set.id)));
    const items = sets.length ? await all('items') : [];
    return sets.map(set => ({ set, items: items.filter(item => item.set === set.id) })).filter(found => found.items.length > 0);
  } catch {
    return [];
  }
}

/** Held while a page works on the set, so that another page does not offer it as left behind. */
export function hold(id) {
  return new Promise(ok => {
    if (!navigator.locks) { ok(() => {}); return; }
    // Taken by another page: both go on, and the server lets one at a time write to a file.
    navigator.locks.request(lockOf(id), { ifAvailable: true }, lock => lock ? new Promise(release => ok(release)) : ok(() => {}));
  });
}

const lockOf = id => `capstan-upload-${id}`;

const record = (set, item) => ({ set, path: item.path, name: item.name, size: item.file?.size ?? 0, mtime: item.file?.lastModified ?? 0, folder: !item.file, url: item.url ?? null, rule: item.rule, at: item.at });
