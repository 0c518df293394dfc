/* A click outside, or Escape, closes the open chip; the date field of a filter needs nothing else. */
'use strict';
{
    const openChips = () => document.querySelectorAll('details.chip[open]');
    document.addEventListener('click', (event) => {
        openChips().forEach((chip) => {
            if (!chip.contains(event.target)) {
                chip.open = false;
            }
        });
    });
    document.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') {
            openChips().forEach((chip) => {
                chip.open = false;
                chip.querySelector('summary').focus();
            });
        }
    });
}
