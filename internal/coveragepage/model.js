// The model: what the data says, and which rows and columns are shown in which
// order. Nothing here touches the document, except to read the data out of it.

const source = document.getElementById('data');
const data = JSON.parse(source.textContent);
source.remove(); // its text is as large as the page

const states = data.states.map(([name, letter, about]) => ({ name, letter, about }));
const targets = data.targets.map(([name, about]) => ({ name, about, find: fold(name + ' ' + about) }));
const texts = ['']; // reasons by number; every row brings its own new ones
const rows = data.rows.map(readRow);
data.rows = null;
rankByName(rows);

// model is all that the controls change. sort.by is 'package', 'worst' or the
// number of a target; sort.down means worst first, or Z first.
const model = {
  name: '',
  states: new Set(states.keys()),
  columns: [...targets.keys()], // shown targets
  sort: { by: 'worst', down: true },
  shown: [], // rows that pass the filters, in order
};

function fold(s) {
  return s.toLowerCase();
}

function readRow([name, version, digits, fresh, files, details, cells]) {
  for (const text of fresh) texts.push(text);
  return { name, version, digits, files, details, cells, find: fold(name), rank: 0, worst: 0, most: 0, mask: 0 };
}

// rankByName numbers the rows by name, so that sorting compares numbers only.
function rankByName(list) {
  const less = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...list].sort((a, b) => less(a.find, b.find) || less(a.version, b.version));
  sorted.forEach((row, i) => { row.rank = i; });
}

function stateAt(row, target) {
  return row.digits.charCodeAt(target) - 48;
}

// expand reads a run list; see the Go side. step is 1 for lists that count on.
function expand(runs, step) {
  const out = [];
  for (const n of runs) {
    if (n >= 0) out.push(n);
    else for (let i = n; i < 0; i++) out.push(out[out.length - 1] + step);
  }
  return out;
}

// detailsOf decodes the details of one cell, only when somebody asks.
function detailsOf(row, target) {
  const [file, text, order = [], verdicts = []] = row.details[expand(row.cells, 0)[target]];
  const fileName = (n) => (n ? row.files[n - 1] : '');
  const verdict = expand(verdicts, 0);
  return {
    state: states[stateAt(row, target)],
    file: fileName(file),
    reason: texts[text],
    candidates: expand(order, 1).map((n, i) => (
      { file: fileName(n), taken: verdict[i] % 2 === 1, reason: texts[verdict[i] >> 1] })),
  };
}

// weigh finds each row's worst state among the shown targets, how many targets
// have it, and the set of its states as bits.
function weigh() {
  for (const row of rows) {
    const count = states.map(() => 0);
    for (const target of model.columns) count[stateAt(row, target)]++;
    row.worst = Math.max(0, count.findIndex((n) => n > 0));
    row.most = count[row.worst];
    row.mask = count.reduce((mask, n, i) => (n > 0 ? mask | (1 << i) : mask), 0);
  }
}

// setColumns shows the targets whose name or description has the text.
function setColumns(text) {
  const part = fold(text.trim());
  model.columns = [...targets.keys()].filter((i) => targets[i].find.includes(part));
  if (typeof model.sort.by === 'number' && !model.columns.includes(model.sort.by)) {
    model.sort = { by: 'worst', down: true };
  }
  weigh();
}

// sortBy sorts by a column, or turns the order when it is the sorted one. States
// begin with the worst, names with A.
function sortBy(by) {
  const again = model.sort.by === by;
  model.sort = { by, down: again ? !model.sort.down : by !== 'package' };
}

// comparison gives the order of the rows; rows that are equal come by name.
function comparison() {
  const { by, down } = model.sort;
  if (by === 'package') return (a, b) => (down ? b.rank - a.rank : a.rank - b.rank);
  const key = by === 'worst'
    ? (a, b) => a.worst - b.worst || b.most - a.most
    : (a, b) => stateAt(a, by) - stateAt(b, by);
  return (a, b) => (down ? key(a, b) : key(b, a)) || a.rank - b.rank;
}

// choose fills model.shown.
function choose() {
  const part = fold(model.name.trim());
  const mask = [...model.states].reduce((bits, i) => bits | (1 << i), 0);
  model.shown = rows.filter((row) => (row.mask & mask) !== 0 && row.find.includes(part)).sort(comparison());
}

// packagesWith counts, for each state, the packages that have it on a shown target.
function packagesWith() {
  return states.map((_, i) => rows.reduce((n, row) => n + ((row.mask >> i) & 1), 0));
}

// countsAt counts the packages of each state: for a target, or by worst state.
function countsAt(target) {
  const count = states.map(() => 0);
  for (const row of rows) count[target === 'worst' ? row.worst : stateAt(row, target)]++;
  return count;
}

function worstTarget(row) {
  return model.columns.find((target) => stateAt(row, target) === row.worst);
}
