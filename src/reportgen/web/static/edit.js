// The editor: what is typed goes to the server as changes, what the server says is shown. No sum, no rule.

import { address, ask, make, notice, Refusal, send, sendFile } from './link.js';
import { entry } from './findings.js';
import { copyWhole, spreadsheet } from './table.js';
import { signingBox } from './signing.js';

const desk = document.getElementById('desk');
const report = desk.dataset.report;
const PAUSE = 250; // milliseconds of rest before what was typed is sent
const LONGEST = 1200; // milliseconds that it may wait while somebody types on
const REST = 400; // milliseconds of rest before the pages are drawn
const element = (id) => document.getElementById(id);
const controls = () => [...document.querySelectorAll('[data-key]')];
const control = (key) => controls().find((each) => each.dataset.key === key);
const at = (path) => address(path, { report });

let view = { revision: '', cells: {}, fields: {}, prose: {}, sums: {}, findings: [] };
const waiting = new Map(); // key → value: typed and not sent yet
let sending = null;
let timer = 0;
let since = 0;
const undone = [];
let writing = null; // the passage in which the clerk wrote last
const done = [];

// ── what is typed, on its way ──

function stored(key) {
  const [kind, rest] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (kind === 'cell') return (view.cells[rest] || {}).typed || '';
  if (kind === 'remark') return (view.cells[rest] || {}).remark || '';
  if (kind === 'prose') return view.prose[rest] || '';
  if (kind === 'answer') return (view.answers || {})[rest] || '';
  return view.fields[kind === 'fee' ? key : rest] || '';
}

function typed(key, value) {
  waiting.set(key, value);
  if (!since) since = Date.now();
  window.clearTimeout(timer);
  timer = window.setTimeout(flush, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  state();
}

/** Make changes at once, and remember them so that they can be undone. */
async function take(changes, remember = true) {
  const withdrawn = (each) => each.key.startsWith('answer:') && !each.value;
  const real = changes.filter((each) => each.key.startsWith('table:') || withdrawn(each) || stored(each.key) !== each.value);
  if (!real.length) return;
  if (remember) {
    done.push(real.map((each) => ({ key: each.key, before: before(each.key), after: each.value })));
    undone.length = 0;
  }
  for (const each of real) waiting.set(each.key, each.value);
  await flush();
}

function before(key) {
  return key.startsWith('table:') ? null : stored(key);
}

async function flush() {
  window.clearTimeout(timer);
  while (sending) await sending;
  if (!waiting.size) return;
  const changes = [...waiting].map(([key, value]) => ({ key, value }));
  waiting.clear();
  since = 0;
  sending = deliver(changes);
  state();
  await sending;
  sending = null;
  state();
}

async function deliver(changes) {
  try {
    show(await send(at('/api/edit'), { revision: view.revision, changes }));
  } catch (trouble) {
    if (trouble instanceof Refusal) await refused(trouble, changes);
    else away(changes);
  }
}

/** The server does not answer: what was typed stays here and is sent again. */
function away(changes) {
  for (const each of changes) if (!waiting.has(each.key)) waiting.set(each.key, each.value);
  notice('程序没有回应，可能已经关掉。刚输入的还留在这个页面里，正在再试；请先不要关这个页面。');
  timer = window.setTimeout(async () => {
    await flush();
    if (!waiting.size) notice();
  }, 2000);
}

async function refused(trouble, changes) {
  if (trouble.status === 403) {
    for (const each of changes) if (!waiting.has(each.key)) waiting.set(each.key, each.value);
    notice(`${trouble.message}刚输入的 ${waiting.size} 处还在这个页面里，没有记下，请先抄下来。`);
    return;
  }
  if (trouble.body.view) {
    show(trouble.body.view);
    const again = changes.filter((each) => stored(each.key) !== each.value);
    const words = [trouble.message];
    if (again.length) {
      const button = make('button', { type: 'button' }, `把刚才的 ${again.length} 处再改一次`);
      button.addEventListener('click', () => {
        notice();
        take(again);
      });
      words.push(' ', button);
    }
    notice(...words);
    return;
  }
  notice(trouble.message);
  show(await ask(at('/api/show')));
}

async function step(list, other, side) {
  commit(document.activeElement);
  await flush();
  const changes = list.pop();
  if (!changes) return;
  other.push(changes);
  // A table that was made all zeros: undone, its cells come back; done again, it is one word.
  const whole = changes.filter((each) => each.before === null);
  const real = whole.length && side === 'after' ? whole : changes.filter((each) => each[side] !== null);
  await take(real.map((each) => ({ key: each.key, value: each[side] })), false);
  const first = control(changes[0].key);
  if (first) first.focus();
}

const undo = () => step(done, undone, 'before');
const redo = () => step(undone, done, 'after');

// ── what is shown ──

function show(now) {
  const other = view.revision && now.form !== desk.dataset.form;
  const drawn = view.revision !== now.revision;
  view = now;
  if (other) {
    window.location.reload();
    return;
  }
  for (const each of controls()) fill(each);
  for (const each of document.querySelectorAll('[data-sum]')) showSum(each);
  for (const each of document.querySelectorAll('.whole')) showWhole(each);
  for (const each of document.querySelectorAll('[data-printed]')) showPrinted(each);
  if (now.title) element('title').textContent = now.title;
  if (document.activeElement !== element('text') || element('rewrite').disabled) element('text').value = now.text;
  element('mends').hidden = !now.mends;
  element('mends-said').textContent = `有 ${now.mends} 行的写法（冒号、缩进、全角符号）可以自动改好。`;
  showFindings();
  showMoved();
  state();
  if (drawn) later();
}

function fill(each) {
  const key = each.dataset.key;
  const busy = waiting.has(key) || (each === document.activeElement && each.dirty);
  if (key.startsWith('cell:')) {
    const cell = (view.cells || {})[key.slice(5)] || { typed: '', shown: '' };
    if (!busy) each.value = cell.typed;
    each.placeholder = cell.shown;
    each.classList.toggle('nonzero', cell.shown !== '0');
    each.classList.toggle('noted', Boolean(cell.remark));
    each.title = [each.getAttribute('aria-label'), cell.remark ? `注：${cell.remark}` : '', cell.last ? `上年：${cell.last}` : ''].filter(Boolean).join('\n');
    lastFigure(each, cell);
  } else if (!busy) {
    const value = stored(key);
    if (each.value !== value) each.value = value;
    if (each.tagName === 'SELECT' && each.value !== value) {
      each.append(make('option', {}, value));
      each.value = value;
    }
  }
}

function lastFigure(input, cell) {
  const box = input.parentElement;
  const asked = document.querySelector(`[data-last="${input.dataset.table}"]`);
  const old = box.querySelector('.before');
  if (old) old.remove();
  if (asked && asked.checked) box.append(make('span', { class: 'before' }, `上年 ${cell.last === undefined ? '无' : cell.last}`));
}

function showSum(place) {
  const sum = (view.sums || {})[place.dataset.sum];
  if (!sum) return;
  place.classList.toggle('off', Boolean(sum.off));
  place.classList.toggle('even', !sum.off && sum.left !== '0');
  place.textContent = sum.off ? `${sum.left} ≠ ${sum.right}\n差 ${sum.off}` : `${sum.left} = ${sum.right}`;
}

/** Prose is written whole or part by part: what the file has is what is shown. */
function showWhole(box) {
  const area = box.querySelector('textarea');
  const whole = Boolean(stored(area.dataset.key)) || (area === document.activeElement);
  box.hidden = !whole;
  box.nextElementSibling.hidden = whole;
}

/** A passage as it gets printed: without marks, with the numbers of quoted cells. */
function showPrinted(place) {
  const paragraphs = (view.printed || {})[place.dataset.printed] || [];
  place.parentElement.hidden = !paragraphs.length;
  place.replaceChildren(...paragraphs.map((each) => make('p', { class: each.style }, ...each.runs.map(([text, bold]) => (bold ? make('strong', {}, text) : text)))));
}

const GRAVE = { error: 2, warning: 1, note: 0 };

function showFindings() {
  element('said').textContent = view.said || '';
  element('findings').replaceChildren(...view.findings.map((each) => entry(each, go, answer)));
  const marks = new Map();
  for (const finding of view.findings) {
    for (const key of finding.about) {
      const known = marks.get(key);
      if (!known || GRAVE[finding.level] > GRAVE[known.level]) marks.set(key, finding);
    }
  }
  for (const each of controls()) {
    const finding = marks.get(each.dataset.key);
    const level = finding ? finding.level : '';
    const [marked, lead] = each.classList.contains('cell') ? [each.parentElement, ''] : [each, '-field'];
    marked.classList.toggle(`error${lead}`, level === 'error');
    marked.classList.toggle(`warning${lead}`, level === 'warning');
    if (level === 'error') each.setAttribute('aria-invalid', 'true');
    else each.removeAttribute('aria-invalid');
    if (finding) each.title = `${each.classList.contains('cell') ? `${each.title}\n` : ''}${finding.word}：${finding.message}`;
    else if (!each.classList.contains('cell')) each.removeAttribute('title');
  }
}

function go(finding) {
  const key = finding.about.find((each) => control(each));
  const target = key ? control(key) : null;
  if (target) {
    target.scrollIntoView({ block: 'center' });
    target.focus();
    return;
  }
  const table = (finding.about.find((each) => each.startsWith('table:')) || '').slice(6);
  const place = table ? element(`table-${table}`) : element('part-text');
  place.scrollIntoView({ block: 'start' });
}

async function answer(name, words) {
  await take([{ key: `answer:${name}`, value: words }]);
  const entries = [...document.querySelectorAll('#findings > li')];
  const button = entries.filter((each) => each.dataset.answer === name).map((each) => each.querySelector('button'))[0];
  if (button) button.focus();
}

function state() {
  element('undo').disabled = !done.length;
  element('redo').disabled = !undone.length;
  const open = waiting.size > 0 || sending;
  element('save').disabled = !view.draft && !open;
  element('saved').textContent = open ? '正在记下……' : view.draft ? '草稿已自动留存，还没有保存到文件' : '已保存';
}

function showMoved() {
  if (!view.moved) return;
  const mine = make('button', { type: 'button' }, '用页面上的（文件里的另存一份）');
  const theirs = make('button', { type: 'button' }, '用文件里的（页面上的另存一份）');
  mine.addEventListener('click', () => save(true));
  theirs.addEventListener('click', () => run('/api/drop', {}));
  notice('这份年报的文件在别的程序里改过，和页面上的不同。请选一个：', mine, ' ', theirs);
}

// ── what the buttons do ──

async function run(path, more) {
  commit(document.activeElement);
  await flush();
  try {
    const now = await send(at(path), { revision: view.revision, ...more });
    notice(...(now.notice ? [now.notice] : []));
    show(now);
    return true;
  } catch (trouble) {
    if (trouble instanceof Refusal && trouble.body.view) {
      show(trouble.body.view);
      if (!view.moved) notice(trouble.message);
    } else notice(trouble instanceof Refusal ? trouble.message : '程序没有回应，请看它是不是还开着。');
    return false;
  }
}

const save = (over) => run('/api/save', { over: over === true });

async function makeFiles(more) {
  if (!(await saved())) return;
  choose('files');
  const place = element('files');
  place.replaceChildren(make('p', { role: 'status' }, '正在生成……'));
  try {
    const made = await send(at('/api/make'), { revision: view.revision, kinds: ['docx', 'pdf', 'html'], ...more });
    showFiles(made);
  } catch (trouble) {
    place.replaceChildren(make('p', { role: 'status' }, trouble.message));
    if (trouble.body && trouble.body.polished) {
      place.append(make('button', { type: 'button', onclick: () => makeFiles({ ...more, force: true }) }, '重新生成（修改过的另存一份）'));
    }
  }
}

async function saved() {
  commit(document.activeElement);
  await flush();
  return !view.draft || save();
}

const KINDS = { docx: 'Word 文件', pdf: 'PDF', html: '网页' };

function listed(names) {
  return make('ul', { class: 'made' }, ...names.map((name) => {
    const kind = name.slice(name.lastIndexOf('.') + 1);
    return make('li', {}, make('a', { href: address('/file', { report, name }), download: name }, `${KINDS[kind]}：${name}`), kind === 'docx' ? make('button', { type: 'button', onclick: () => launch(name) }, '用 WPS 或 Word 打开') : '');
  }));
}

function archiving() {
  return make('p', { id: 'archiving' }, make('button', { type: 'button', onclick: archive }, '归档'));
}

function signing() {
  return signingBox(at('/api/sign'), async (signed) => {
    await showKept();
    notice(`已签名：${signed.name}。${signed.notice}`);
  });
}

/** What was made before this page was opened. */
async function showKept() {
  const kept = await ask(at('/api/files'));
  if (!kept.files.length) return;
  const has = (end) => kept.files.some((name) => name.endsWith(end));
  const stale = kept.fresh ? '' : '年报后来改过，请重新生成。';
  element('files').replaceChildren(
    make('p', {}, `以前生成的${kept.draft ? '草稿' : ''}，在文件夹 ${kept.folder}。${stale}`),
    listed(kept.files),
    ...(kept.fresh && !kept.draft && has('.pdf') ? [has('（已签名）.pdf') ? '' : signing(), archiving()] : []),
  );
}

function showFiles(made) {
  const place = element('files');
  const names = Object.values(made.files);
  place.replaceChildren(
    make('p', { role: 'status' }, names.length ? `已生成${made.draft ? '（草稿，不能签名）' : ''}，在文件夹 ${made.folder}。` : '没有生成文件。'),
    listed(names),
    ...[...made.refused, ...made.failures, ...made.facts].map((words) => make('p', {}, words)),
  );
  if (made.files.pdf && !made.draft) place.append(signing(), archiving());
  if (made.refused.length) {
    place.append(make('button', { type: 'button', onclick: () => makeFiles({ draft: true }) }, '先出一份带“草稿”字样的 PDF'));
  }
}

async function launch(name) {
  try {
    await send(address('/api/launch', { report, name }), {});
  } catch (trouble) {
    notice(trouble.message);
  }
}

async function archive() {
  const place = element('archiving');
  place.replaceChildren('正在归档……');
  try {
    const kept = await send(at('/api/archive'), {});
    place.replaceChildren(`已归档，在文件夹 ${kept.folder}。${kept.notice}`, make('a', { href: at('/archive'), download: kept.name }, `下载 ${kept.name}`));
  } catch (trouble) {
    place.replaceChildren(trouble.message);
  }
}

async function paste(text, html, cell) {
  await flush();
  try {
    const said = await send(at('/api/paste'), { revision: view.revision, text, html, at: cell });
    if (!said.untaken.length) {
      await take(said.changes);
      notice(said.changes.length ? `已粘贴，改了 ${said.changes.length} 格。按 Ctrl+Z 可以撤销。` : '贴来的和表里的一样，没有改动。');
      return;
    }
    confirmPaste(said);
  } catch (trouble) {
    notice(trouble.message);
  }
}

function confirmPaste(said) {
  const lines = said.changes.map((each) => make('tr', {}, make('th', { scope: 'row' }, each.label), make('td', {}, each.before), make('td', {}, each.value)));
  const table = make('table', { class: 'list' }, make('thead', {}, make('tr', {}, ...['格子', '现在', '贴来'].map((word) => make('th', { scope: 'col' }, word)))), make('tbody', {}, ...lines));
  dialog('粘贴以前请看一看', [
    make('p', {}, '下面这些没有放进去：'), make('ul', {}, ...said.untaken.map((each) => make('li', {}, each))),
    lines.length ? make('p', {}, `能放进去的有 ${lines.length} 格：`) : null, lines.length ? table : null,
  ], lines.length ? [['放进去', () => take(said.changes)], ['不贴了', null]] : [['知道了', null]]);
}

function dialog(title, body, answers) {
  element('ask-head').textContent = title;
  element('ask-body').replaceChildren(...body.filter(Boolean));
  element('ask-answers').replaceChildren(...answers.map(([word, work], index) => make('button', { type: 'submit', class: index ? '' : 'main', onclick: () => work && work() }, word)));
  element('ask').showModal();
}

async function bringBack(file) {
  if (!(await saved())) return;
  const place = element('changes');
  place.replaceChildren(make('p', { role: 'status' }, '正在比较……'));
  try {
    showChanges(await sendFile(at('/api/polished'), file));
  } catch (trouble) {
    place.replaceChildren(make('p', { role: 'status' }, trouble.message));
  }
}

function showChanges(said) {
  const boxes = [];
  const lines = said.changes.map((each, index) => {
    const box = make('input', { type: 'checkbox', id: `change-${index}`, disabled: !each.key });
    boxes.push([box, each]);
    return make('li', { class: 'note' }, make('label', { for: `change-${index}` }, box, ` ${each.message}`), each.key ? null : make('p', { class: 'quiet' }, '这一处请自己改。'));
  });
  const taking = make('button', { type: 'button', class: 'main' }, '把打勾的收进年报');
  taking.addEventListener('click', () => take(boxes.filter(([box]) => box.checked).map(([, each]) => ({ key: each.key, value: each.value }))));
  element('changes').replaceChildren(
    make('p', { role: 'status' }, lines.length ? `改了 ${lines.length} 处：` : '没有和这份年报不同的地方。'),
    make('ol', { class: 'findings' }, ...lines), lines.length ? taking : '', ...said.failures.map((each) => make('p', {}, each)),
  );
}

// ── the pages ──

let rest = 0;

function later() {
  element('pages').classList.add('old');
  window.clearTimeout(rest);
  if (!element('pane-pages').hidden) rest = window.setTimeout(draw, REST);
}

async function draw() {
  element('drawing').textContent = '正在排版……';
  try {
    const said = await send(at('/api/preview'), {});
    if (said.later) return;
    element('drawing').textContent = said.trouble || `共 ${said.pages} 页。红圈是盖章的地方。`;
    const images = Array.from({ length: said.pages }, (_, index) => make('img', {
      src: address('/page.png', { report, revision: said.revision, number: index + 1 }), alt: `第 ${index + 1} 页`, width: 595, height: 842,
    }));
    element('pages').replaceChildren(...images);
    element('pages').classList.toggle('old', said.revision !== view.revision);
  } catch (trouble) {
    element('drawing').textContent = trouble instanceof Refusal ? trouble.message : '程序没有回应。';
  }
}

const PANES = ['findings', 'pages', 'files'];

function choose(name) {
  for (const each of PANES) {
    element(`pane-${each}`).hidden = each !== name;
    element(`tab-${each}`).setAttribute('aria-selected', String(each === name));
    element(`tab-${each}`).tabIndex = each === name ? 0 : -1;
  }
  if (name === 'pages') draw();
}

// ── listening ──

function commit(each) {
  if (!each || !each.dataset || !each.dataset.key || !each.dirty) return;
  each.dirty = false;
  const key = each.dataset.key;
  if (each.value !== each.was) {
    done.push([{ key, before: each.was, after: each.value }]);
    undone.length = 0;
    typed(key, each.value);
  }
}

function listen() {
  for (const each of controls()) {
    each.addEventListener('focus', () => {
      if (each.dataset.key.startsWith('prose:')) writing = each;
      each.was = stored(each.dataset.key);
      if (each.classList.contains('cell')) remarkOf(each);
    });
    each.addEventListener('input', () => {
      if (each.was === undefined) each.was = stored(each.dataset.key);
      each.dirty = true;
      typed(each.dataset.key, each.value);
    });
    each.addEventListener('change', () => {
      commit(each);
      each.was = each.value;
    });
    each.addEventListener('blur', () => commit(each));
  }
  for (const table of document.querySelectorAll('table.form')) spreadsheet(table, { take, paste });
  for (const each of document.querySelectorAll('[data-zero]')) each.addEventListener('click', () => zero(each.dataset.zero));
  for (const each of document.querySelectorAll('[data-copy]')) {
    each.addEventListener('click', () => notice(copyWhole(element(`table-${each.dataset.copy}`)) ? '整张表已复制，可以贴到 Excel、WPS 或网站的编辑器里。' : '浏览器没有让复制，请在表里按 Ctrl+A、Ctrl+C。'));
  }
  for (const each of document.querySelectorAll('[data-last]')) each.addEventListener('change', () => controls().forEach(fill));
  for (const each of document.querySelectorAll('[data-remark]')) {
    each.addEventListener('change', () => each.dataset.cell && take([{ key: `remark:${each.dataset.cell}`, value: each.value.trim() }]));
  }
  for (const each of document.querySelectorAll('[data-quoting]')) each.addEventListener('click', () => quoteCell(each.dataset.quoting));
  document.addEventListener('keydown', keys);
  element('undo').addEventListener('click', undo);
  element('redo').addEventListener('click', redo);
  element('save').addEventListener('click', () => save());
  element('make').addEventListener('click', () => makeFiles({}));
  element('mend').addEventListener('click', () => run('/api/mend', {}));
  element('text').addEventListener('input', () => {
    element('rewrite').disabled = false;
  });
  element('rewrite').addEventListener('click', async () => {
    const text = element('text').value;
    if (await run('/api/rewrite', { text })) element('rewrite').disabled = true;
  });
  element('polished').addEventListener('change', (event) => event.target.files[0] && bringBack(event.target.files[0]));
  for (const each of PANES) {
    element(`tab-${each}`).addEventListener('click', () => choose(each));
    element(`tab-${each}`).addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = PANES[(PANES.indexOf(each) + step + PANES.length) % PANES.length];
      choose(next);
      element(`tab-${next}`).focus();
    });
  }
  // In a narrow window the side lies over the foot of the form: it is low until somebody works in it. It grows with
  // a click, not before: a button must not move away while the mouse is down.
  const [form, side] = [document.querySelector('main'), document.querySelector('.side')];
  side.addEventListener('click', () => document.documentElement.classList.add('used'), true);
  side.addEventListener('keyup', () => document.documentElement.classList.add('used'));
  for (const each of ['focusin', 'click', 'wheel']) form.addEventListener(each, () => document.documentElement.classList.remove('used'), { passive: true });
  window.addEventListener('beforeunload', (event) => {
    commit(document.activeElement);
    if (waiting.size || sending) {
      flush();
      event.preventDefault();
      event.returnValue = '';
    }
  });
}

function zero(table) {
  const typedIn = [...document.querySelectorAll(`input.cell[data-table="${table}"]`)].filter((each) => each.value);
  const doIt = () => {
    const changes = [{ key: `table:${table}`, value: '全部为零' }];
    done.push([...typedIn.map((each) => ({ key: each.dataset.key, before: each.value, after: '' })), { key: changes[0].key, before: null, after: changes[0].value }]);
    undone.length = 0;
    take(changes, false);
  };
  if (!typedIn.length) doIt();
  else dialog('整张表都是零？', [make('p', {}, `表里填了 ${typedIn.length} 格，会都去掉。`)], [['是，都去掉', doIt], ['不是', null]]);
}

function remarkOf(cell) {
  const input = document.querySelector(`[data-remark="${cell.dataset.table}"]`);
  input.disabled = false;
  document.querySelector(`[data-quoting="${cell.dataset.table}"]`).disabled = !cell.dataset.quote;
  input.dataset.cell = cell.dataset.key.slice(5);
  input.value = stored(`remark:${input.dataset.cell}`);
}

/** Put the chosen cell's number into the prose, at the place where the clerk wrote last: it then follows the cell. */
function quoteCell(table) {
  const cell = document.querySelector(`[data-remark="${table}"]`).dataset.cell;
  if (!writing) {
    notice('请先在要引用的地方（一段正文里）点一下，再选格子、按“引用到正文”。');
    return;
  }
  const words = `{{ ${control(`cell:${cell}`).dataset.quote} }}`;
  const [start, end] = [writing.selectionStart, writing.selectionEnd];
  const value = writing.value.slice(0, start) + words + writing.value.slice(end);
  take([{ key: writing.dataset.key, value }]);
  writing.value = value;
  writing.focus();
  writing.setSelectionRange(start + words.length, start + words.length);
}

function keys(event) {
  if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const key = event.key.toLowerCase();
  const free = !event.target.matches('textarea, input:not(.cell)') && !event.target.dirty;
  if (key === 's') {
    event.preventDefault();
    save();
  } else if (key === 'z' && !event.shiftKey && free) {
    event.preventDefault();
    undo();
  } else if ((key === 'y' || (key === 'z' && event.shiftKey)) && free) {
    event.preventDefault();
    redo();
  }
}

/** Another window, or another program, may have been at the file meanwhile. */
async function lookAgain() {
  if (document.hidden || waiting.size || sending || !element('rewrite').disabled) return;
  try {
    const now = await ask(at('/api/show'));
    if (now.revision !== view.revision || now.moved !== view.moved || now.draft !== view.draft) show(now);
  } catch (_) {
    // The next change tells.
  }
}

listen();
show(await ask(at('/api/show')));
showKept().catch((trouble) => notice(trouble.message));
window.addEventListener('focus', lookAgain);
