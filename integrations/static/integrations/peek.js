/* Loads «Ver lo que se enviará» when it is opened. Without it, the link inside opens the same page. */
'use strict';
{
    const load = async (details) => {
        if (!details.open || details.dataset.loaded) {
            return;
        }
        details.dataset.loaded = 'yes';
        const answer = await fetch(details.dataset.part, {credentials: 'same-origin'});
        if (!answer.ok) {
            delete details.dataset.loaded;
            return;
        }
        const place = document.createElement('div');
        place.innerHTML = await answer.text();
        details.querySelectorAll('.problemas').forEach((list) => list.remove());
        details.append(place);
    };
    document.querySelectorAll('details[data-part]').forEach((details) => {
        details.addEventListener('toggle', () => load(details).catch(() => delete details.dataset.loaded));
    });
}
