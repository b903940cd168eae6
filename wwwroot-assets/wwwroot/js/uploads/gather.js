// What was dropped or picked, as a flat list: { path, name, file } with the names of the path percent-encoded, folders without
// a file and with '/' at the end of their path. Nothing is read here but names, sizes and times.

const encode = name => encodeURIComponent(name.toWellFormed?.() ?? name);

/** Of <input type=file>, with or without webkitdirectory. */
export function ofInput(files) {
  return Array.from(files, file => {
    const names = (file.webkitRelativePath || file.name).split('/');
    return { path: names.map(encode).join('/'), name: names.join('/'), file };
  });
}

/** Must be called while the drop is being handled; the entries outlive it, the items do not. */
export function ofDrop(transfer) {
  const entries = [], plain = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.();
    if (entry) entries.push(entry);
    else if (item.getAsFile()) plain.push(item.getAsFile());
  }
  return walk(entries, ofInput(plain));
}

async function walk(entries, found) {
  const unreadable = [];
  const stack = entries.map(entry => ({ entry, path: '', name: '' })).reverse();
  while (stack.length) {
    const { entry, path, name } = stack.pop();
    const at = path + encode(entry.name), shown = name + entry.name;
    try {
      if (entry.isFile) {
        found.push({ path: at, name: shown, file: await new Promise((ok, bad) => entry.file(ok, bad)) });
        continue;
      }
      const children = await list(entry.createReader());
      if (children.length === 0) found.push({ path: at + '/', name: shown, file: null });
      for (const child of children.reverse()) stack.push({ entry: child, path: at + '/', name: shown + '/' });
    } catch (error) {
      unreadable.push({ path: at, name: shown, file: null, error: `Your computer does not let it be read (${error.name}).` });
    }
  }
  return [...found, ...unreadable];
}

/** Browsers give a hundred at a time, and an empty list at the end. */
async function list(reader) {
  const all = [];
  for (;;) {
    const some = await new Promise((ok, bad) => reader.readEntries(ok, bad));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
