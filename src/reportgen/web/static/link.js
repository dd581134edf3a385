// How the page talks to the server on this machine. Whatever fails is told in a sentence.

const csrf = document.querySelector('meta[name="csrf"]').content;

/** An answer that is no success: `said` is a sentence, `body` what came with it. */
export class Refusal extends Error {
  constructor(said, status, body) {
    super(said);
    this.status = status;
    this.body = body || {};
  }
}

async function answered(response) {
  let body = {};
  try {
    body = await response.json();
  } catch (_) {
    body = { error: response.status === 403 ? '这个页面已经过期，请用程序打印的新地址打开。' : '程序出错，没有做成。' };
  }
  if (!response.ok) throw new Refusal(body.error || '没有做成。', response.status, body);
  return body;
}

/** Send an object; what comes back is an object. Throws Refusal, or TypeError where the server is away. */
export async function send(path, body) {
  const said = JSON.stringify(body);
  return answered(await fetch(path, {
    method: 'POST',
    headers: { 'x-csrf': csrf, 'content-type': 'application/json' },
    body: said,
    keepalive: said.length < 16000, // arrives even if the page is being closed
  }));
}

/** Send a file's bytes. */
export async function sendFile(path, file) {
  return answered(await fetch(path, {
    method: 'POST',
    headers: { 'x-csrf': csrf, 'content-type': 'application/octet-stream' },
    body: file,
  }));
}

export async function ask(path) {
  return answered(await fetch(path));
}

export function address(path, query) {
  return `${path}?${new URLSearchParams(query)}`;
}

/** An element with text or children; nothing is ever read as HTML. */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === 'class') element.className = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((each) => each !== null && each !== undefined && each !== ''));
  return element;
}

/** Tell something below the title, where it stays in sight until it is closed or replaced; nothing to tell closes it. */
export function notice(...words) {
  const place = document.getElementById('notice');
  const close = make('button', { type: 'button', class: 'close', 'aria-label': '关掉这条提示', onclick: () => notice() }, '×');
  place.replaceChildren(...(words.length ? [make('div', {}, ...words), close] : []));
  place.hidden = words.length === 0;
  document.documentElement.classList.toggle('told', words.length > 0);
}
