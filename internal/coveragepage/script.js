// The view: a grid of which only the rows near the scroll position are in the
// document, the controls above it, and the panel with a cell's details. All text
// goes in as text nodes.

const $ = (id) => document.getElementById(id);
const box = $('box');
const grid = $('grid');
const head = grid.tHead;
const sums = $('sums');
const body = $('body');

const HEAD = -2; // the row numbers of the header and of the counts, for moving
const SUMS = -1;
const SPARE = 12; // rows kept above and below what is in view
const WIDE = 8; // up to so many targets, cells show words

const live = new Map(); // rows in the document, by their place in model.shown
const above = spacer();
const below = spacer();
const active = { row: 0, col: 2 }; // where the arrow keys are
let rowHeight = 34;
let pattern = null; // a table row to copy

// make builds an element. A child that is a string becomes text.
function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

function number(n) {
  return n.toLocaleString('en');
}

// ---- the grid ----

function spacer() {
  return make('tr', { class: 'spacer', 'aria-hidden': 'true' }, make('td', {}));
}

function keyOf(col) {
  return col === 0 ? 'package' : col === 1 ? 'worst' : model.columns[col - 2];
}

// breakable lets a long name go to the next line after its punctuation.
function breakable(name) {
  return (name.match(/[^/:-]+[/:-]*|[/:-]+/g) || []).flatMap((part) => [part, make('wbr', {})]);
}

function headCell(col) {
  const key = keyOf(col);
  const name = col === 0 ? 'Package' : col === 1 ? 'Worst' : targets[key].name;
  const button = make('button', { type: 'button', tabindex: '-1', 'aria-label': name }, make('span', { class: 'name' }, ...breakable(name)),
    make('span', { class: 'mark', 'aria-hidden': 'true' }));
  button.title = col > 1 ? name + '\n' + targets[key].about : 'Sort';
  button.addEventListener('click', () => { sortBy(key); active.row = HEAD; active.col = col; refresh(); });
  return make('th', { scope: 'col', role: 'columnheader', class: col === 0 ? 'first' : '' }, button);
}

// sumCell lists how many packages have each state; states that none has are left out.
function sumCell(col) {
  const count = countsAt(keyOf(col));
  const lines = states.map((state, i) => count[i] && make('div', { class: 's' + i },
    make('b', { 'aria-hidden': 'true' }, state.letter), make('span', { class: 'word' }, state.name), make('span', {}, ' ' + count[i])));
  return make('td', { role: 'gridcell', tabindex: '-1' }, ...lines.filter(Boolean));
}

// build makes everything that depends on the shown columns.
function build() {
  const cols = [...Array(model.columns.length + 2).keys()];
  head.replaceChildren(make('tr', { 'aria-rowindex': '1' }, ...cols.map(headCell)));
  const all = make('th', { scope: 'row', role: 'rowheader', tabindex: '-1', class: 'first' }, 'All packages');
  sums.replaceChildren(make('tr', { 'aria-rowindex': '2' }, all, ...cols.slice(1).map(sumCell)));
  const cell = make('td', { role: 'gridcell', tabindex: '-1' }, make('b', { 'aria-hidden': 'true' }), make('span', { class: 'word' }));
  pattern = make('tr', {}, make('th', { scope: 'row', role: 'rowheader', tabindex: '-1', class: 'first' }),
    ...cols.slice(1).map(() => cell.cloneNode(true)));
  for (const pad of [above, below]) pad.firstChild.colSpan = cols.length;
  grid.style.setProperty('--digits', String(rows.length).length);
  grid.classList.toggle('wide', model.columns.length <= WIDE);
  active.col = Math.min(active.col, cols.length - 1);
}

function fillCell(td, n) {
  td.className = 's' + n;
  td.firstChild.textContent = states[n].letter;
  td.lastChild.textContent = states[n].name;
}

function makeRow(at) {
  const row = model.shown[at];
  const tr = pattern.cloneNode(true);
  tr.dataset.row = at;
  tr.setAttribute('aria-rowindex', at + 3);
  const [name, worst, ...cells] = tr.children;
  name.append(row.name, ' ', make('small', {}, row.version));
  name.title = row.name + ' ' + row.version;
  fillCell(worst, row.worst);
  cells.forEach((td, i) => fillCell(td, stateAt(row, model.columns[i])));
  return tr;
}

// span gives the places of the rows that must be in the document.
function span() {
  const top = box.scrollTop - sums.offsetHeight;
  const first = Math.floor(top / rowHeight) - SPARE;
  const last = Math.ceil((top + box.clientHeight) / rowHeight) + SPARE;
  const n = model.shown.length;
  return [Math.min(Math.max(0, first), n), Math.min(Math.max(0, last), n)];
}

// draw brings the rows in the document up to the scroll position.
function draw() {
  const [first, last] = span();
  for (const [at, tr] of live) {
    if (at >= first && at < last) continue;
    if (tr.contains(document.activeElement)) box.focus({ preventScroll: true }); // keys go on working
    tr.remove();
    live.delete(at);
  }
  let next = above.nextSibling;
  for (let at = first; at < last; at++) {
    if (live.has(at)) {
      next = live.get(at).nextSibling;
      continue;
    }
    const tr = makeRow(at);
    live.set(at, tr);
    body.insertBefore(tr, next);
  }
  above.firstChild.style.height = first * rowHeight + 'px';
  below.firstChild.style.height = (model.shown.length - last) * rowHeight + 'px';
  above.hidden = first === 0;
  below.hidden = last === model.shown.length;
  setTabStop();
}

// redraw starts over, after the rows or their order have changed.
function redraw() {
  live.clear();
  body.replaceChildren(above, below);
  draw();
  const some = live.values().next().value;
  const height = some ? some.getBoundingClientRect().height : rowHeight;
  if (height > 0 && Math.abs(height - rowHeight) > 0.01) {
    rowHeight = height;
    draw();
  }
}

// refresh shows what the model says.
function refresh() {
  choose();
  const focused = grid.contains(document.activeElement);
  active.row = Math.min(active.row, model.shown.length - 1);
  box.scrollTop = 0;
  redraw();
  markSorted();
  grid.setAttribute('aria-rowcount', model.shown.length + 2);
  $('empty').hidden = model.shown.length > 0;
  $('status').textContent = `${number(model.shown.length)} of ${number(rows.length)} packages, `
    + `${number(model.columns.length)} of ${number(targets.length)} targets`;
  if (focused) moveTo(active.row, active.col);
}

function markSorted() {
  [...head.rows[0].cells].forEach((th, col) => {
    if (keyOf(col) !== model.sort.by) th.removeAttribute('aria-sort');
    else th.setAttribute('aria-sort', model.sort.down ? 'descending' : 'ascending');
  });
}

// ---- moving ----

// cellAt gives the element that takes the focus, or undefined when the row is not
// in the document.
function cellAt(row, col) {
  if (row === HEAD) return head.rows[0].cells[col].firstChild;
  if (row === SUMS) return sums.rows[0].cells[col];
  return live.has(row) ? live.get(row).cells[col] : undefined;
}

// setTabStop keeps exactly one cell in the tab order, near the active one.
function setTabStop() {
  const places = [...live.keys()];
  const near = active.row < 0 ? active.row : Math.min(Math.max(active.row, Math.min(...places)), Math.max(...places));
  const cell = cellAt(near, active.col) || cellAt(HEAD, 0);
  for (const old of grid.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
  cell.tabIndex = 0;
}

// moveTo makes a cell active, scrolls it free of the sticky parts and focuses it.
function moveTo(row, col) {
  active.row = Math.min(Math.max(row, HEAD), model.shown.length - 1);
  active.col = Math.min(Math.max(col, 0), model.columns.length + 1);
  if (active.row >= 0) {
    const top = sums.offsetHeight + active.row * rowHeight;
    const room = box.clientHeight - head.offsetHeight - rowHeight;
    box.scrollTop = Math.max(Math.min(box.scrollTop, top), top - room);
    draw();
  } else if (active.row === SUMS) {
    box.scrollTop = 0;
    draw();
  }
  const cell = cellAt(active.row, active.col);
  if (!cell) return;
  const owner = cell.closest('th, td');
  if (active.col > 0) {
    const left = owner.offsetLeft - head.rows[0].cells[0].offsetWidth;
    const room = owner.offsetLeft + owner.offsetWidth - box.clientWidth;
    box.scrollLeft = Math.max(Math.min(box.scrollLeft, left), room);
  }
  setTabStop();
  cell.focus({ preventScroll: true });
}

function onKey(event) {
  if (event.altKey || event.metaKey) return;
  const page = Math.max(1, Math.floor((box.clientHeight - head.offsetHeight) / rowHeight) - 1);
  const { row, col } = active;
  const far = event.ctrlKey;
  const moves = {
    ArrowUp: [row - 1, col], ArrowDown: [row + 1, col], ArrowLeft: [row, col - 1], ArrowRight: [row, col + 1],
    PageUp: [Math.max(row - page, Math.min(row, 0)), col], PageDown: [row + page, col],
    Home: [far ? 0 : row, 0], End: [far ? Infinity : row, Infinity],
  };
  if (moves[event.key]) {
    event.preventDefault();
    moveTo(...moves[event.key]);
  } else if ((event.key === 'Enter' || event.key === ' ') && active.row !== HEAD) {
    event.preventDefault();
    open(active.row, active.col);
  }
}

// place finds the row and column of an element inside the grid.
function place(element) {
  const cell = element.closest('th, td');
  const tr = cell && cell.parentElement;
  if (!tr || tr === above || tr === below) return null;
  const row = tr.parentElement === head ? HEAD : tr.parentElement === sums ? SUMS : Number(tr.dataset.row);
  return { row, col: cell.cellIndex };
}

function onFocus(event) {
  const at = event.target === box ? null : place(event.target);
  if (!at) return;
  Object.assign(active, at);
  setTabStop();
}

function onClick(event) {
  const at = event.target === box ? null : place(event.target);
  if (!at || at.row === HEAD) return;
  moveTo(at.row, at.col);
  open(at.row, at.col);
}
