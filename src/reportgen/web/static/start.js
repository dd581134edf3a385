// The first page: a new report, and one that comes from somebody's document.

import { address, ask, make, notice, send, sendFile } from './link.js';
import { entry } from './findings.js';

const form = document.getElementById('new');
const drop = document.getElementById('drop');
const file = document.getElementById('file');

function open(name) {
  window.location.href = address('/edit', { report: name });
}

/** What takes long to know, the states of many reports, comes after the page. */
async function fillIn() {
  const waiting = [...document.querySelectorAll('[data-row][data-state="正在检查"]')];
  if (!waiting.length) return;
  const known = new Map((await ask('/api/rows')).rows.map((row) => [row.name, row]));
  for (const line of waiting) {
    const row = known.get(line.dataset.row);
    if (!row) continue;
    line.querySelector('a').textContent = row.organ || row.name;
    line.querySelector('.year').textContent = `${row.year} ${row.kind}`.trim();
    line.querySelector('.said').textContent = row.said;
    const stage = line.querySelector('.stage');
    stage.textContent = row.state;
    stage.dataset.state = row.state;
    if (row.organ) document.getElementById('last').append(make('option', { value: row.name }, `${row.organ}${row.year}年度${row.kind}`));
  }
}

fillIn().catch((trouble) => notice(trouble.message));

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const said = await send('/api/new', Object.fromEntries(new FormData(form)));
    open(said.report);
  } catch (trouble) {
    notice(trouble.message);
  }
});

async function bring(chosen) {
  notice(`正在读 ${chosen.name} ……`);
  try {
    const said = await sendFile(address('/api/bring', { name: chosen.name }), chosen);
    notice();
    show(said);
  } catch (trouble) {
    notice(trouble.message);
  }
}

function show(said) {
  document.getElementById('brought').hidden = false;
  document.getElementById('brought-said').textContent = said.text
    ? `${said.name}：读成 ${said.organ} ${said.year}年度的年报，${said.said}。请对照原文看一看。`
    : `${said.name} 没有读成年报。`;
  document.getElementById('brought-findings').replaceChildren(...said.findings.map((each) => entry(each)));
  document.getElementById('original').replaceChildren(...said.original.map((line) => make('div', {}, line || '\u00a0')));
  document.getElementById('understood').value = said.text;
  document.getElementById('take').disabled = !said.text;
  document.getElementById('brought-head').scrollIntoView();
}

file.addEventListener('change', () => file.files[0] && bring(file.files[0]));
for (const name of ['dragenter', 'dragover']) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
}
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  if (event.dataTransfer.files[0]) bring(event.dataTransfer.files[0]);
});

document.getElementById('take').addEventListener('click', async () => {
  try {
    const said = await send('/api/take', { text: document.getElementById('understood').value });
    open(said.report);
  } catch (trouble) {
    notice(trouble.message);
  }
});
