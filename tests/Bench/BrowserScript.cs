namespace Capstan.Bench;

/// <summary>What the measured page has besides its own: keys, clicks and the wait for what they lead to.</summary>
internal static class BrowserScript
{
    public const string Text = """
        window.bench = {
          list: () => document.querySelector('.vp'),
          row: name => { const row = document.querySelector(`.vp [data-n="${name}"]`); if (!row) return false; const box = row.getBoundingClientRect(), sight = document.querySelector('.vp-sight').getBoundingClientRect(); return box.top < sight.bottom && box.bottom > sight.top; },
          key(key, held = {}) { this.list().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held })); },
          open(name) { document.querySelector(`.vp [data-n="${name}"] .c-name`).dispatchEvent(new MouseEvent('dblclick', { bubbles: true, cancelable: true })); },
          async settled() { for (let i = 0; i < 3; i++) { await new Promise(done => requestIdleCallback(done)); await new Promise(done => setTimeout(done, 100)); } },
          frame: () => new Promise(done => requestAnimationFrame(done)),
          async until(test) { const limit = performance.now() + 60000; while (!test()) { if (performance.now() > limit) throw new Error('nothing came: ' + test); await this.frame(); } await this.frame(); await new Promise(done => setTimeout(done)); },
          async time(act, test) { const start = performance.now(); act(); await this.until(test); return performance.now() - start; },
          now: () => performance.timeOrigin + performance.now(),
          press() { this.pressed = this.now(); this.key('Delete'); },
          confirm() { this.pressed = this.now(); document.querySelector('.rz-dialog .button.danger').click(); },
          accepted() { return document.querySelector('.toast, .file-row[data-doing], .selection:not(.some)') || !document.querySelector('.vp [data-n]'); },
          async removal() {
            const seen = [];
            const test = [() => this.accepted(), () => !document.querySelector('.vp .file-row[data-n]:not([data-doing])'), () => !document.querySelector('.vp [data-n]')];
            if (!document.querySelector('.selection.some')) test[0] = test[1];
            for (const step of test) { await this.until(step); seen.push(this.now()); }
            return seen;
          },
          watch() {
            const w = this.watched = { frames: 0, blank: 0, samples: 0, rows: 0, start: performance.now(), on: true };
            const frame = () => { if (!w.on) return; w.frames++; w.rows = Math.max(w.rows, document.querySelectorAll('.file-row[data-n]').length); requestAnimationFrame(frame); };
            requestAnimationFrame(frame);
            w.timer = setInterval(() => {
              w.samples++;
              const box = document.querySelector('.vp-sight').getBoundingClientRect();
              for (let y = box.top + 4; y < box.bottom; y += 38)
                if (!document.elementFromPoint(box.left + 200, y)?.closest('[data-n]')) { w.blank++; break; }
            }, 50);
          },
          seen() { const w = this.watched; w.on = false; clearInterval(w.timer); return [w.frames / (performance.now() - w.start) * 1000, w.blank, w.samples, w.rows]; },
          /** Scrolls to a part of the list. Returns when its rows were in the page, and when they had been drawn. */
          async jump(share) {
            const vp = this.list(), spacer = vp.querySelector('.vp-spacer'), layer = vp.querySelector('.vp-layer');
            const y = share * (spacer.clientHeight - vp.clientHeight);
            const shows = () => {
              const box = document.querySelector('.vp-sight').getBoundingClientRect();
              return [4, box.height / 2, box.height - 6].every(dy => document.elementFromPoint(box.left + 200, box.top + dy)?.closest('[data-n]'));
            };
            let there = 0, scrolled = false;
            vp.addEventListener('scroll', () => { scrolled = true; }, { once: true }); // Until then the rows of before are in sight.
            const start = performance.now();
            const rows = new MutationObserver(() => { if (!there && scrolled && shows()) there = performance.now() - start; });
            rows.observe(layer, { childList: true, attributes: true });
            vp.scrollTop = y;
            await this.until(() => there);
            rows.disconnect();
            return [there, performance.now() - start];
          },
        };
        """;
}
