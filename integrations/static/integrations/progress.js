/* Keeps the page of a batch up to date: asks every second, less often while nothing moves. */
'use strict';
{
    const FIRST_MS = 1000;
    const LAST_MS = 15000;
    const SPEAK_MS = 5000;
    const page = document.querySelector('[data-poll]');
    const title = document.title;
    let wait = FIRST_MS;
    let before = '';
    let spokenAt = 0;

    const cell = (row, text) => {
        const made = row.insertCell();
        made.textContent = text;
        return made;
    };
    const addRow = (body, told) => {
        const row = body.insertRow();
        const link = document.createElement('a');
        link.href = told.url;
        link.textContent = told.label;
        row.insertCell().append(link);
        row.insertCell().innerHTML = told.badge;
        cell(row, told.reference || '–');
        cell(row, told.message).className = 'largo';
        cell(row, told.at);
    };
    const show = (told) => {
        Object.entries(told.counts).forEach(([name, count]) => {
            const place = page.querySelector(`[data-count=${name}]`);
            if (place) {
                place.textContent = count;
            }
        });
        const bar = page.querySelector('[data-bar]');
        bar.max = told.counts.total || 1;
        bar.value = told.counts.done;
        document.title = `(${told.counts.done}/${told.counts.total}) ${title}`;
        if (Date.now() - spokenAt > SPEAK_MS || told.over) {
            page.querySelector('[data-message]').textContent = told.message;
            spokenAt = Date.now();
        }
        if (told.rows.length) {
            const body = page.querySelector('[data-rows]');
            body.replaceChildren();
            told.rows.forEach((row) => addRow(body, row));
        }
    };
    const offline = (isOffline) => {
        const note = page.querySelector('[data-offline]');
        if (note) {
            note.hidden = !isOffline;
        }
    };
    const ask = async () => {
        const answer = await fetch(page.dataset.poll, {credentials: 'same-origin', cache: 'no-store'});
        if (!answer.ok || answer.redirected) {
            throw new Error(String(answer.status));
        }
        const told = await answer.json();
        offline(false);
        if (told.state !== page.dataset.state) {
            window.location.reload();
            return false;
        }
        if (told.counts) {
            show(told);
        }
        const now = JSON.stringify(told.counts || told.state);
        wait = now === before ? Math.min(wait * 1.5, LAST_MS) : FIRST_MS;
        before = now;
        return true;
    };
    const poll = () => {
        window.setTimeout(async () => {
            try {
                if (await ask()) {
                    poll();
                }
            } catch {
                offline(true);
                wait = Math.min(wait * 2, LAST_MS);
                poll();
            }
        }, wait);
    };
    if (page) {
        poll();
    }
}
