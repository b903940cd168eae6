// Figures of uploads, by a browser that does what a person does: drops a folder of 10,000 files of 1 KB on the page, then one file of 2 GiB, and
// watches the panel. Prints a line of JSON for each. The driver is the one that the browser tests bring.
//
//   dotnet build tests/Browser.Tests -c Release
//   node tests/Browser.Tests/peer/upload-figures.mjs http://127.0.0.1:5080 [--files 10000] [--size 2147483648] [--pid PID of the server, for its memory]

import { createRequire } from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { chromium } = createRequire(import.meta.url)('../bin/Release/net10.0/.playwright/package/index.js');

const [url, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => { const at = rest.indexOf(`--${name}`); return at < 0 ? otherwise : Number(rest[at + 1]); };
const files = option('files', 10_000), size = option('size', 2 ** 31), pid = option('pid', 0);

const local = fs.mkdtempSync(path.join(os.tmpdir(), 'capstan-figures-'));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${url}/files/`);
  await page.waitForSelector('.uploads', { state: 'attached' }); // uploads.js listens
  if (files > 0) {
    const folder = path.join(local, `many-${Date.now()}`);
    fs.mkdirSync(folder);
    for (let i = 0; i < files; i++) fs.writeFileSync(path.join(folder, `file-${String(i).padStart(5, '0')}.txt`), `${i}`.padEnd(1024, '.'));
    const seconds = await upload(page, folder, `${files.toLocaleString('en-US')} files uploaded`);
    console.log(JSON.stringify({ files, seconds, filesASecond: Math.round(files / seconds) }));
  }
  if (size > 0) {
    const large = path.join(local, `large-${Date.now()}.bin`);
    fs.truncateSync(fs.openSync(large, 'w') && large, size);
    const before = memory();
    let most = before;
    const watch = setInterval(() => { most = Math.max(most, memory()); }, 200);
    const seconds = await upload(page, large, '1 file uploaded');
    clearInterval(watch);
    console.log(JSON.stringify({ bytes: size, seconds, mebibytesASecond: Math.round(size / seconds / 2 ** 20), serverMiBBefore: before, serverMiBMost: most }));
  }
} finally {
  await browser.close();
  fs.rmSync(local, { recursive: true });
}
async function upload(page, dropped, words) {
  const close = page.locator('.uploads').getByRole('button', { name: 'Close' });
  if (await close.isVisible()) await close.click();
  const session = await page.context().newCDPSession(page);
  const begin = performance.now();
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 600, data: { items: [], files: [dropped], dragOperationsMask: 1 } });
  await page.getByText(words).first().waitFor({ timeout: 600_000 });
  return Math.round(performance.now() - begin) / 1000;
}

/** Resident MiB of the server. */
function memory() {
  if (!pid) return 0;
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
}
