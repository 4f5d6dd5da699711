// The panel with the details of a cell, the controls, and the start.

const MANY = 1000; // candidates shown in the panel

// open shows the details of a cell. A package's name and worst state stand for the
// first target that has it.
function open(row, col) {
  const target = model.columns[col - 2];
  if (row === SUMS) {
    if (col > 1) show(targets[target].name, aboutTarget(target));
    return;
  }
  const it = model.shown[row];
  if (!it) return;
  const at = col > 1 ? target : worstTarget(it);
  show(it.name + ' ' + it.version, aboutCell(it, at));
}

function show(title, parts) {
  $('panel-title').textContent = title.trim();
  $('panel-body').replaceChildren(...parts);
  $('panel').showModal();
  $('panel').scrollTop = 0;
}

function tag(n, text) {
  return make('span', { class: 'tag s' + n }, make('b', { 'aria-hidden': 'true' }, states[n].letter), ' ' + text);
}

function aboutTarget(target) {
  const list = countsAt(target).map((count, n) => make('li', {}, tag(n, states[n].name), ` ${number(count)} packages`));
  return [make('p', {}, targets[target].about), make('ul', {}, ...list)];
}

function aboutCell(row, target) {
  const { state, file, reason, candidates } = detailsOf(row, target);
  const facts = make('dl', {},
    make('dt', {}, 'Target'), make('dd', {}, targets[target].name, make('br', {}), make('small', {}, targets[target].about)),
    make('dt', {}, 'State'), make('dd', {}, tag(states.indexOf(state), state.name), ' ' + state.about));
  if (reason) facts.append(make('dt', {}, 'Reason'), make('dd', {}, reason));
  facts.append(make('dt', {}, 'File taken'), make('dd', {}, file ? make('code', {}, file) : 'none'));
  return [facts, ...candidateList(candidates)];
}

function candidateList(candidates) {
  if (candidates.length === 0) return [];
  const items = candidates.slice(0, MANY).map(({ file, taken, reason }) => {
    const verdict = (taken ? 'taken' : 'not taken') + (reason ? ': ' : '');
    return make('li', { class: taken ? 'taken' : '' }, make('code', {}, file), make('div', {}, make('b', {}, verdict), reason));
  });
  const parts = [make('h3', {}, `Files weighed (${number(candidates.length)})`), make('ul', { class: 'files' }, ...items)];
  if (candidates.length > MANY) parts.push(make('p', {}, `Only the first ${number(MANY)} are listed.`));
  return parts;
}

function closePanel() {
  $('panel').close();
}

// ---- the controls ----

function chip(state, n) {
  const input = make('input', { type: 'checkbox', checked: '' });
  input.addEventListener('change', () => {
    if (input.checked) model.states.add(n);
    else model.states.delete(n);
    refresh();
  });
  return make('label', { class: 'chip s' + n, title: state.about }, input, make('b', { 'aria-hidden': 'true' }, state.letter),
    ' ' + state.name + ' ', make('span', { class: 'count' }));
}

function countChips() {
  const count = packagesWith();
  [...$('chips').children].forEach((label, n) => { label.lastChild.textContent = number(count[n]); });
}

// soon runs f after the typing has paused for a moment.
function soon(f) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(f, 80); };
}

// onResize draws again, since the rows may have another height now.
function onResize() {
  const focused = body.contains(document.activeElement);
  redraw();
  if (focused) moveTo(active.row, active.col);
}

function wire() {
  $('controls').addEventListener('submit', (event) => event.preventDefault());
  $('packages').addEventListener('input', soon(() => { model.name = $('packages').value; refresh(); }));
  $('columns').addEventListener('input', soon(() => { setColumns($('columns').value); build(); countChips(); refresh(); }));
  box.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  box.addEventListener('keydown', onKey);
  box.addEventListener('focusin', onFocus);
  box.addEventListener('click', onClick);
  addEventListener('resize', onResize);
  $('panel-close').addEventListener('click', closePanel);
  $('panel').addEventListener('click', (event) => { if (event.target === $('panel')) closePanel(); });
  $('panel').addEventListener('close', () => moveTo(active.row, active.col));
}

function start() {
  $('wait').remove();
  $('app').hidden = false;
  $('chips').append(...states.map(chip));
  weigh();
  build();
  countChips();
  wire();
  refresh();
}

start();
