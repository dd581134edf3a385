// All reports of a folder: what is done, how far it has come, and what came of each. The server does the work.

import { address, ask, make, notice, send } from './link.js';
import { entry } from './findings.js';

const LOOK = 400; // milliseconds between two looks at a run
const element = (id) => document.getElementById(id);
let shown = 0;
let timer = 0;

async function begin(path, more) {
  notice();
  try {
    const said = await send(path, { folder: element('folder').value, ...more });
    follow(said);
  } catch (trouble) {
    notice(trouble.message);
  }
}

/** Show a run from its beginning. */
function follow(said) {
  shown = 0;
  element('run').hidden = false;
  element('rolled').hidden = true;
  element('units').replaceChildren();
  element('units-tools').hidden = said.what === 'rollup';
  element('run-head').scrollIntoView();
  show(said);
}

async function look() {
  try {
    show(await ask(address('/api/run', { from: shown })));
  } catch (_) {
    element('run-said').textContent = '程序没有回应，请看它是不是还开着。';
    timer = window.setTimeout(look, 5 * LOOK);
  }
}

const DOING = { check: '检查', make: '生成', rollup: '汇总' };

function show(said) {
  shown += said.units.length;
  if (said.what !== 'rollup') element('units').append(...said.units.map(unit));
  element('progress').max = said.total;
  element('progress').value = said.done;
  element('stop').hidden = said.ended;
  const how = said.trouble || (said.stopped ? '已停下，' : said.ended ? '做完了，' : `正在${DOING[said.what]}，`);
  element('run-said').textContent = said.trouble || `${how}${said.folder || '全部年报'}：${said.done} / ${said.total} 份。`;
  for (const id of ['check', 'make']) element(id).disabled = !said.ended;
  if (said.rolled) showRolled(said.rolled);
  window.clearTimeout(timer);
  if (!said.ended) timer = window.setTimeout(look, LOOK);
}

function unit(each) {
  const link = make('a', { href: address('/edit', { report: each.name }) }, each.organ ? `${each.organ}${each.year}年度${each.kind}` : each.name);
  const list = make('ol', { class: 'findings' }, ...each.findings.map((finding) => entry(finding)));
  const worst = each.findings.length ? each.findings[0].level : '';
  return make('li', { class: worst, 'data-faulty': String(Boolean(worst) || !each.organ) },
    make('p', {}, link, ` ${each.said}`),
    ...each.files.map((words) => make('p', { class: 'quiet' }, words)),
    each.findings.length ? make('details', {}, make('summary', {}, `看这 ${each.findings.length} 条`), list) : null);
}

function showRolled(rolled) {
  const place = element('rolled');
  const roster = rolled.roster === null ? '' : `应报 ${rolled.roster} 个单位，`;
  const links = Object.entries(rolled.files).map(([kind, name]) => make('li', {}, make('a', { href: address('/rolled', { kind }), download: name }, name)));
  const taking = make('button', { type: 'button', class: 'main', onclick: () => takeIn(rolled.text) }, '收进年报清单，接着写文字');
  const parts = [
    make('p', {}, `${roster}${rolled.counted.length} 个单位相加：${rolled.counted.join('、') || '没有'}。`),
    rolled.lacking.length ? make('p', { class: 'lacking' }, `还缺 ${rolled.lacking.length} 个：${rolled.lacking.join('、')}。`) : null,
    rolled.late.length ? make('p', {}, `迟报：${rolled.late.join('、')}。`) : null,
    leftOut(rolled),
    make('ul', {}, ...links), make('p', {}, taking),
    rolled.findings.length ? make('h3', {}, `汇总年报还有 ${rolled.said}，写好文字以后会少`) : null,
    rolled.findings.length ? make('ol', { class: 'findings' }, ...rolled.findings.map((finding) => entry(finding))) : null,
  ];
  place.replaceChildren(...parts.filter(Boolean));
  place.hidden = false;
}

function leftOut(rolled) {
  const rows = [...rolled.left, ...rolled.unread.map(([file, why]) => ['没有读成', file, why])];
  if (!rows.length) return null;
  const lines = rows.map(([name, file, why]) => make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, make('a', { href: address('/edit', { report: file }) }, file)), make('td', {}, why)));
  const heads = ['没有加进去的', '文件', '为什么'].map((word) => make('th', { scope: 'col' }, word));
  return make('table', { class: 'list' }, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...lines));
}

async function takeIn(text) {
  try {
    const said = await send('/api/take', { text });
    window.location.href = address('/edit', { report: said.report });
  } catch (trouble) {
    notice(trouble.message);
  }
}

async function resume() {
  const said = await ask('/api/run');
  if (said.what) {
    follow({ ...said, units: [] });
    await look();
  }
}

if (element('batch')) {
  element('check').addEventListener('click', () => begin('/api/batch', { what: 'check' }));
  element('make').addEventListener('click', () => begin('/api/batch', { what: 'make', again: element('again').checked }));
  element('stop').addEventListener('click', async () => {
    await send('/api/stop', {}).catch((trouble) => notice(trouble.message));
  });
  element('only').addEventListener('change', (event) => element('units').classList.toggle('only', event.target.checked));
  element('batch').addEventListener('submit', (event) => event.preventDefault());
  element('rollup').addEventListener('submit', (event) => {
    event.preventDefault();
    const words = Object.fromEntries(new FormData(element('rollup')));
    begin('/api/rollup', { ...words, with_errors: element('with-errors').checked });
  });
  resume().catch((trouble) => notice(trouble.message));
}
