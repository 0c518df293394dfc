/* «Copiar» puts the exact text of a block on the clipboard. Without it there is no button: the text can be selected. */
'use strict';
{
    const SAY_MS = 2000;
    const show = () => document.querySelectorAll('button[data-copy]').forEach((button) => { button.hidden = false; });
    show();
    // Parts of a page come later, when someone opens them.
    new MutationObserver(show).observe(document.body, {childList: true, subtree: true});
    document.addEventListener('click', async (event) => {
        const button = event.target.closest('button[data-copy]');
        if (!button) {
            return;
        }
        const said = button.textContent;
        try {
            await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
            button.textContent = '✓ Copiado';
        } catch {
            button.textContent = 'No se pudo copiar';
        }
        window.setTimeout(() => { button.textContent = said; }, SAY_MS);
    });
}
