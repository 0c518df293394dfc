/* Leaving a form in which something was written asks first, and buttons that save it say so. */
'use strict';
{
    const written = new Set();
    const isOfText = (box) => box.name && !['hidden', 'submit', 'button', 'search', 'file'].includes(box.type);
    const mark = (form) => {
        if (!written.has(form)) {
            written.add(form);
            document.querySelectorAll('button[data-saves]').forEach((button) => {
                if (button.form === form) {
                    button.textContent = button.dataset.saves;
                }
            });
        }
    };
    const note = (event) => {
        const box = event.target;
        const form = box.form;
        if (form && form.method === 'post' && form.closest('#content') && !form.matches('#changelist-form') && isOfText(box)) {
            mark(form);
        }
    };
    document.addEventListener('input', note);
    document.addEventListener('change', note);
    // A form that came back holds what is not saved yet.
    document.querySelectorAll('input[data-written]').forEach((box) => mark(box.form));
    document.addEventListener('submit', (event) => written.delete(event.target));
    window.addEventListener('beforeunload', (event) => {
        if (written.size) {
            event.preventDefault();
        }
    });
}
