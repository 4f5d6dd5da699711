// Sorting and filters for the tables of the page. Rows are moved and hidden; their text
// is never read as markup.

const search = document.getElementById('search');
const text = document.getElementById('text');
const order = new Intl.Collator('en', { numeric: true });
const tables = [...document.querySelectorAll('table')].map(ready);

// ready turns the headers of a table into buttons and notes its rows.
function ready(table) {
  const t = {
    table,
    body: table.tBodies[0],
    rows: [...table.tBodies[0].rows],
    heads: [...table.tHead.rows[0].cells],
    chips: document.querySelector(`fieldset[data-for="${table.id}"]`),
    status: document.querySelector(`.status[data-for="${table.id}"]`),
    words: new Map(), // the text of a row, once it was asked for
  };
  t.heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => sort(t, column));
  });
  t.chips.hidden = false;
  t.chips.addEventListener('change', () => filter(t));
  return t;
}

function key(row, column) {
  const cell = row.cells[column];
  return cell.dataset.rank ?? cell.textContent;
}

// sort orders the rows by a column, and the other way round when they already are.
function sort(t, column) {
  const up = t.heads[column].ariaSort !== 'ascending';
  for (const head of t.heads) head.removeAttribute('aria-sort');
  t.heads[column].setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const keys = new Map(t.rows.map((row) => [row, key(row, column)]));
  const sorted = t.rows.toSorted((a, b) => (up ? 1 : -1) * order.compare(keys.get(a), keys.get(b)));
  t.body.append(...sorted);
}

function wordsOf(t, row) {
  if (!t.words.has(row)) t.words.set(row, [...row.cells].map((cell) => cell.textContent).join('\n').toLowerCase());
  return t.words.get(row);
}

// filter shows the rows that have a checked word and the text that was searched for.
function filter(t) {
  const checked = new Set([...t.chips.querySelectorAll('input:checked')].map((input) => input.value));
  const part = text.value.trim().toLowerCase();
  let shown = 0;
  for (const row of t.rows) {
    const fits = checked.has(row.dataset.word) && (part === '' || wordsOf(t, row).includes(part));
    row.hidden = !fits;
    if (fits) shown++;
  }
  t.status.textContent = `${shown.toLocaleString('en')} of ${t.rows.length.toLocaleString('en')} shown`;
}

search.hidden = tables.length === 0;
text.addEventListener('input', () => tables.forEach(filter));
tables.forEach(filter);
