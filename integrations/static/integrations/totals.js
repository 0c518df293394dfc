/* Adds up debits and credits as one types. The server adds them up again when it saves. */
'use strict';
{
    const cents = (text) => {
        const said = text.replace(/[\s$]/g, '');
        const grouped = /^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(said);
        const plain = said.includes(',') || grouped ? said.replace(/\./g, '').replace(',', '.') : said;
        const value = Number(plain);
        return Number.isFinite(value) ? Math.round(value * 100) : 0;
    };
    const money = (value) => {
        const amount = Math.abs(value);
        const whole = String(Math.trunc(amount / 100)).replace(/\B(?=(\d{3})+(?!\d))/g, '.');
        const rest = amount % 100;
        const tail = rest ? `,${String(rest).padStart(2, '0')}` : '';
        return `${value < 0 ? '-' : ''}$ ${whole}${tail}`;
    };
    const isGone = (row) => {
        const box = row.querySelector('.delete input[type=checkbox]');
        return row.classList.contains('empty-form') || (box && box.checked);
    };
    const sum = (group, column) => {
        let total = 0;
        group.querySelectorAll('tr.form-row').forEach((row) => {
            const input = row.querySelector(`.field-${column} input`);
            if (input && !isGone(row)) {
                total += cents(input.value);
            }
        });
        return total;
    };
    document.querySelectorAll('[data-totals]').forEach((group) => {
        if (!group.querySelector('.field-debit input') || !group.querySelector('[data-total=box]')) {
            return;
        }
        const write = (name, text) => {
            group.querySelector(`[data-total=${name}]`).textContent = text;
        };
        const refresh = () => {
            const debit = sum(group, 'debit');
            const credit = sum(group, 'credit');
            write('debit', money(debit));
            write('credit', money(credit));
            write('difference', money(debit - credit));
            const box = group.querySelector('[data-total=box]');
            box.classList.toggle('cuadra', debit === credit);
            box.classList.toggle('descuadra', debit !== credit);
        };
        group.addEventListener('input', refresh);
        group.addEventListener('change', refresh);
        document.addEventListener('formset:added', refresh);
        document.addEventListener('formset:removed', refresh);
    });
}
