// The list of what is wrong. What is said, and how grave it is, comes from the server.

import { make } from './link.js';

/** A finding as a list entry; `go` shows its place, `answer` takes the clerk's reason, empty to take it back (each may be missing). */
export function entry(finding, go, answer) {
  const reachable = go && finding.about.some((key) => key);
  const parts = [
    make('p', { class: 'said' }, make('span', { class: 'level' }, `${finding.word} ${finding.code}`), ` ${finding.message}`),
    ...finding.sides.map(([name, words]) => make('p', {}, `${name}：${words}`)),
    ...finding.echoes.map((words) => make('p', { class: 'quiet' }, `牵动：${words}`)),
    finding.fix ? make('p', {}, `怎么改：${finding.fix}`) : null,
    finding.basis ? make('p', { class: 'quiet' }, `依据：${finding.basis}`) : null,
    reachable ? make('button', { type: 'button', onclick: () => go(finding) }, `去看：${finding.where || '这一处'}`) : null,
    finding.reason ? make('p', {}, `理由：${finding.reason}`) : null,
    answer && finding.answer ? answering(finding, answer) : null,
    answer && finding.reply ? make('button', { type: 'button', onclick: () => answer(finding.reply, '') }, finding.settles > 1 ? `取消核对（同一条核对的 ${finding.settles} 处）` : '取消核对') : null,
  ];
  return make('li', { class: finding.level, 'data-answer': finding.reply || finding.answer || null }, ...parts);
}

function answering(finding, answer) {
  const box = make('span', {});
  const open = make('button', { type: 'button' }, '核对无误，写理由');
  open.addEventListener('click', () => {
    const input = make('input', { 'aria-label': `${finding.code} 的理由`, autocomplete: 'off' });
    const done = make('button', { type: 'button' }, '写进年报');
    const finish = () => input.value.trim() && answer(finding.answer, input.value.trim());
    done.addEventListener('click', finish);
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') finish();
    });
    box.replaceChildren(input, done);
    input.focus();
  });
  box.append(open);
  return box;
}
