// A table as a spreadsheet: moving, choosing a block, copying it, pasting into it.
// What a pasted text means, and what it adds up to, the server says.

const cells = (table) => [...table.querySelectorAll('input.cell')];

/** The cells of a table by rows: [[input, …], …]. */
function rows(table) {
  return [...table.rows].map((row) => [...row.querySelectorAll('input.cell')]).filter((row) => row.length);
}

function place(table, input) {
  const all = rows(table);
  const row = all.findIndex((each) => each.includes(input));
  return { all, row, column: row < 0 ? -1 : all[row].indexOf(input) };
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Give a table its keys and its clipboard. `take(changes)` makes changes, `paste(text, html, at)` asks for some. */
export function spreadsheet(table, { take, paste }) {
  let from = null;
  let until = null;

  function choose(first, last) {
    from = first;
    until = last;
    const chosen = block();
    const many = chosen.length > 1 || (chosen[0] || []).length > 1;
    for (const each of cells(table)) each.classList.toggle('chosen', many && chosen.some((row) => row.includes(each)));
  }

  function block() {
    if (!from || !until) return [];
    const one = place(table, from);
    const two = place(table, until);
    const [top, bottom] = [Math.min(one.row, two.row), Math.max(one.row, two.row)];
    const [left, right] = [Math.min(one.column, two.column), Math.max(one.column, two.column)];
    return one.all.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  function move(input, [down, across], wide) {
    const start = wide ? until || input : input;
    const { all, row, column } = place(table, start);
    const target = (all[row + down] || [])[Math.min(column + across, (all[row + down] || []).length - 1)];
    if (!target || column + across < 0) return;
    if (wide) choose(from || input, target);
    else {
      target.focus();
      target.select();
    }
  }

  table.addEventListener('focusin', (event) => {
    if (event.target.matches('input.cell') && !table.dragging) choose(event.target, event.target);
  });

  table.addEventListener('keydown', (event) => {
    const input = event.target;
    if (!input.matches('input.cell') || event.isComposing) return;
    const step = STEPS[event.key];
    const within = step && step[1] && !event.shiftKey && input.selectionStart !== null
      && !(step[1] < 0 ? input.selectionEnd === 0 : input.selectionStart === input.value.length)
      && !(input.selectionStart === 0 && input.selectionEnd === input.value.length);
    if (step && !within && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      move(input, step, event.shiftKey);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      move(input, [event.shiftKey ? -1 : 1, 0], false);
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && block().flat().length > 1) {
      event.preventDefault();
      take(block().flat().map((each) => ({ key: each.dataset.key, value: '' })));
    } else if (event.key === 'Escape') {
      choose(input, input);
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const all = rows(table);
      choose(all[0][0], all[all.length - 1][all[all.length - 1].length - 1]);
    }
  });

  table.addEventListener('mousedown', (event) => {
    if (!event.target.matches('input.cell')) return;
    if (event.shiftKey && from) {
      event.preventDefault();
      choose(from, event.target);
      return;
    }
    table.dragging = event.target;
    choose(event.target, event.target);
    if (event.target.dirty) return;
    event.preventDefault(); // the browser would put the cursor between the figures
    event.target.focus();
    event.target.select(); // what is typed replaces
  });
  table.addEventListener('dblclick', (event) => {
    if (!event.target.matches('input.cell')) return;
    const end = event.target.value.length;
    event.target.setSelectionRange(end, end);
  });
  table.addEventListener('mouseover', (event) => {
    if (table.dragging && event.buttons === 1 && event.target.matches('input.cell') && event.target !== table.dragging) {
      window.getSelection().removeAllRanges();
      choose(table.dragging, event.target);
    }
  });
  document.addEventListener('mouseup', () => {
    table.dragging = null;
  });

  table.addEventListener('copy', (event) => {
    const chosen = block();
    if (chosen.flat().length < 2) return;
    event.preventDefault();
    put(event.clipboardData, chosen.map((row) => row.map(shown)), blockHtml(chosen));
  });
  table.addEventListener('cut', (event) => {
    const chosen = block();
    if (chosen.flat().length < 2) return;
    event.preventDefault();
    put(event.clipboardData, chosen.map((row) => row.map(shown)), blockHtml(chosen));
    take(chosen.flat().map((each) => ({ key: each.dataset.key, value: '' })));
  });
  table.addEventListener('paste', (event) => {
    if (!event.target.matches('input.cell')) return;
    const text = event.clipboardData.getData('text/plain');
    const html = event.clipboardData.getData('text/html');
    if (!html && !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const corner = block()[0] ? block()[0][0] : event.target;
    paste(text, html, corner.dataset.key.replace('cell:', ''));
  });
}

/** What a cell shows: what was typed, else what is printed there. */
function shown(input) {
  return input.value || input.placeholder;
}

function put(clipboard, lines, html) {
  clipboard.setData('text/plain', lines.map((line) => line.join('\t')).join('\n'));
  clipboard.setData('text/html', html);
}

// Written as text: editors of websites want lines told in each cell, and this page allows itself no styles.
const SIGNS = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign]);
const cellHtml = (name, spans, text) => `<${name}${spans} style="border: 1px solid">${escaped(text)}</${name}>`;
const tableHtml = (lines) => `<table style="border-collapse: collapse">${lines.map((line) => `<tr>${line}</tr>`).join('')}</table>`;

function blockHtml(chosen) {
  return tableHtml(chosen.map((row) => row.map((each) => cellHtml('td', '', shown(each))).join('')));
}

/** A whole table as it is printed, into the clipboard: as text with tabs, and as HTML with lines. */
export function copyWhole(table) {
  const lines = [];
  const texts = [];
  for (const row of table.querySelectorAll('thead tr, tbody tr')) {
    const cells = [...row.cells].filter((cell) => !cell.classList.contains('sum'));
    const words = cells.map((cell) => {
      const input = cell.querySelector('input.cell');
      return input ? shown(input) : cell.textContent.trim();
    });
    lines.push(cells.map((cell, index) => cellHtml(cell.tagName.toLowerCase(), spansOf(cell), words[index])).join(''));
    texts.push(words);
  }
  const keep = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    put(event.clipboardData, flat(table, texts), tableHtml(lines));
  };
  document.addEventListener('copy', keep, true);
  const done = document.execCommand('copy');
  document.removeEventListener('copy', keep, true);
  return done;
}

function spansOf(cell) {
  return ['rowspan', 'colspan'].filter((span) => cell.hasAttribute(span)).map((span) => ` ${span}="${cell.getAttribute(span)}"`).join('');
}

/** The texts on their grid: a cell that reaches over others leaves those blank, as spreadsheets copy it. */
function flat(table, texts) {
  const grid = [];
  [...table.querySelectorAll('thead tr, tbody tr')].forEach((row, down) => {
    grid[down] = grid[down] || [];
    let across = 0;
    [...row.cells].filter((cell) => !cell.classList.contains('sum')).forEach((cell, index) => {
      while (grid[down][across] !== undefined) across += 1;
      for (let y = 0; y < cell.rowSpan; y += 1) {
        grid[down + y] = grid[down + y] || [];
        for (let x = 0; x < cell.colSpan; x += 1) grid[down + y][across + x] = '';
      }
      grid[down][across] = texts[down][index];
    });
  });
  return grid;
}
