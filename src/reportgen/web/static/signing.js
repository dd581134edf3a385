// Signing the finished PDF with a certificate's file. The password goes to the program on this computer and is kept nowhere.

import { make, send } from './link.js';

async function coded(file) {
  return btoa([...new Uint8Array(await file.arrayBuffer())].map((each) => String.fromCharCode(each)).join(''));
}

/** The box that asks for certificate and password; `then` is told what was signed. */
export function signingBox(path, then) {
  const key = make('input', { type: 'file', id: 'sign-key', class: 'unseen', accept: '.p12,.pfx' });
  const chosen = make('span', {}, '证书文件（.p12 .pfx）');
  const password = make('input', { type: 'password', id: 'sign-password', autocomplete: 'off' });
  const said = make('p', { role: 'status' });
  const form = make('form', { class: 'stack' },
    make('p', { class: 'quiet' }, '签在红圈的地方。密码只用这一次，不留存。用 U 盾的、要显示印章图片的，见说明。'),
    make('p', {}, chosen, ' ', make('label', { for: 'sign-key', class: 'file' }, '选择文件', make('span', { class: 'unseen' }, '：证书'), key)),
    make('label', { for: 'sign-password' }, '证书的密码', password),
    make('p', {}, make('button', { type: 'submit' }, '签名')), said);
  key.addEventListener('change', () => chosen.replaceChildren(key.files[0] ? key.files[0].name : '证书文件（.p12 .pfx）'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!key.files[0]) {
      said.replaceChildren('请先选择证书文件。');
      return;
    }
    said.replaceChildren('正在签名……');
    try {
      const signed = await send(path, { key: await coded(key.files[0]), password: password.value });
      then(signed);
    } catch (trouble) {
      said.replaceChildren(trouble.message);
    }
    password.value = '';
  });
  return make('details', { class: 'box', id: 'signing' }, make('summary', {}, '用数字证书签名'), form);
}
