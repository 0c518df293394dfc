/* Offers, below a box, what it may hold: asks as one types. Without it the box takes the same text. */
'use strict';
{
    const WAIT_MS = 200;
    let timer = 0;
    let asked = '';

    const company = () => {
        const chosen = document.querySelector('select[name=company]');
        const told = document.querySelector('[data-company]');
        return (chosen && chosen.value) || (told && told.dataset.company) || '';
    };
    const listOf = (address) => {
        const id = `sugerencias${address.replace(/\W+/g, '-')}`;
        let list = document.getElementById(id);
        if (!list) {
            list = document.createElement('datalist');
            list.id = id;
            document.body.append(list);
        }
        return list;
    };
    const option = (told) => {
        const made = document.createElement('option');
        made.value = told.valor;
        made.textContent = told.texto;
        return made;
    };
    const ask = async (box) => {
        const query = new URLSearchParams({q: box.value, empresa: company()});
        const address = `${box.dataset.suggest}?${query}`;
        if (address === asked) {
            return;
        }
        asked = address;
        const answer = await fetch(address, {credentials: 'same-origin'});
        if (answer.ok && !answer.redirected && address === asked) {
            const told = await answer.json();
            listOf(box.dataset.suggest).replaceChildren(...told.sugerencias.map(option));
        }
    };
    const heed = (event) => {
        const box = event.target;
        if (!box.dataset || !box.dataset.suggest || box.disabled) {
            return;
        }
        box.setAttribute('list', listOf(box.dataset.suggest).id);
        window.clearTimeout(timer);
        timer = window.setTimeout(() => ask(box).catch(() => { asked = ''; }), WAIT_MS);
    };
    document.addEventListener('focusin', heed);
    document.addEventListener('input', heed);
}
