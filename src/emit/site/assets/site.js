// What a page does when it may run scripts: the scheme, the menu, search, the quiz, the way of a record on the map.
// Everything can be read without.
(() => {
  'use strict';
  const root = document.documentElement;
  const base = document.currentScript.dataset.base;
  root.classList.add('js');

  // Storage may be forbidden, as it is for files in some browsers.
  const kept = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch { /* the choice then lasts for this page */ }
    return null;
  };
  const scheme = kept('ekiden-theme');
  if (scheme === 'dark' || scheme === 'light') root.dataset.theme = scheme;

  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  function theme(button) {
    const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
    const show = () => button.setAttribute('aria-pressed', String(dark()));
    button.addEventListener('click', () => {
      root.dataset.theme = dark() ? 'light' : 'dark';
      kept('ekiden-theme', root.dataset.theme);
      show();
    });
    show();
  }

  function menu(button) {
    const nav = document.getElementById('site-nav');
    const set = (open) => {
      nav.classList.toggle('open', open);
      button.setAttribute('aria-expanded', String(open));
    };
    button.addEventListener('click', () => set(!nav.classList.contains('open')));
    nav.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !nav.classList.contains('open')) return;
      set(false);
      button.focus();
    });
  }

  // The index is a script of its own, fetched when somebody searches.
  let index;
  function load() {
    index ??= new Promise((resolve) => {
      const script = document.createElement('script');
      script.src = `${base}search.js`;
      script.onload = () => resolve((window.ekidenIndex || []).map((entry) => ({ entry, text: `${entry[1]} ${entry[3]}`.toLowerCase() })));
      script.onerror = () => resolve([]);
      document.head.append(script);
    });
    return index;
  }

  // What a text says where one of the words stands first.
  function around(text, words) {
    const lower = text.toLowerCase();
    const places = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
    const at = places.length ? Math.min(...places) : 0;
    const from = at < 24 ? 0 : Math.max(text.lastIndexOf(' ', at - 12), at - 40) + 1;
    return `${from ? '… ' : ''}${text.slice(from, from + 240)}${text.length > from + 240 ? ' …' : ''}`;
  }

  function search(input) {
    const found = document.getElementById('site-found');
    const [status, list] = [one('p', found), one('ul', found)];
    const links = () => all('a', list);
    let turn = 0;
    // What is still being looked for is not shown any more.
    const close = () => { turn += 1; found.hidden = true; };
    async function run() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const mine = ++turn;
      if (words.length === 0) return close();
      const hits = (await load())
        .filter(({ text }) => words.every((word) => text.includes(word)))
        .map(({ entry }) => {
          const title = entry[1].toLowerCase();
          const rank = title === words.join(' ') ? 0 : title.startsWith(words[0]) ? 1 : words.every((word) => title.includes(word)) ? 2 : 3;
          return { entry, rank };
        })
        .sort((a, b) => a.rank - b.rank);
      if (mine !== turn) return undefined;
      status.textContent = hits.length === 0 ? status.dataset.none : status.dataset.some.replace('#1', hits.length);
      list.replaceChildren(...hits.slice(0, 30).map(({ entry: [kind, title, href, text] }) => {
        const link = document.createElement('a');
        link.href = base + href;
        const what = document.createElement('small');
        what.textContent = ` ${kind}`;
        const says = document.createElement('small');
        says.textContent = around(text, words);
        link.append(title, what, says);
        const item = document.createElement('li');
        item.append(link);
        return item;
      }));
      found.hidden = false;
      return undefined;
    }
    input.addEventListener('input', run);
    input.addEventListener('focus', () => { load(); if (input.value) run(); });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        const first = links()[0];
        if (!first || found.hidden) return;
        event.preventDefault();
        if (event.key === 'Enter') first.click();
        else first.focus();
      }
    });
    found.addEventListener('keydown', (event) => {
      const at = links().indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      (to < 0 ? input : links()[to] || document.activeElement).focus();
    });
    input.parentElement.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { input.focus(); close(); }
    });
    document.addEventListener('click', (event) => { if (!input.parentElement.contains(event.target)) close(); });
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
      event.preventDefault();
      input.focus();
    });
  }

  function quiz(form) {
    const score = one('.score');
    const questions = all('fieldset', form);
    form.reset();
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', (event) => {
      const question = event.target.closest('fieldset');
      const verdict = one('.verdict', question);
      const right = event.target.value === question.dataset.answer;
      // The first try counts; one may go on trying.
      if (!question.dataset.first) question.dataset.first = right ? 'right' : 'wrong';
      for (const input of all('input', question)) {
        const label = input.closest('label');
        label.classList.toggle('right', input.checked && right);
        label.classList.toggle('wrong', input.checked && !right);
      }
      verdict.textContent = right ? verdict.dataset.right : verdict.dataset.wrong;
      if (right) {
        question.classList.add('done');
        one('details', question).open = true;
      }
      const count = (first) => questions.filter((it) => it.dataset.first === first).length;
      score.textContent = form.dataset.score.replace('#1', count('right')).replace('#2', count('right') + count('wrong'));
    });
  }

  // A record's way: one step after the other, at once for those who want no motion.
  function run(button) {
    const map = one('svg.map');
    const steps = [...new Set(all('[data-way]', map).map((it) => Number(it.dataset.way)))].sort((a, b) => a - b);
    const show = (step) => all(`[data-way="${step}"]`, map).forEach((it) => it.classList.add('on'));
    let timer;
    button.addEventListener('click', () => {
      clearTimeout(timer);
      all('.on', map).forEach((it) => it.classList.remove('on'));
      map.classList.add('running');
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
        steps.forEach(show);
        return;
      }
      let at = 0;
      const next = () => {
        if (at < steps.length) {
          show(steps[at]);
          one(`.box[data-way="${steps[at]}"]`, map)?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'smooth' });
          at += 1;
          timer = setTimeout(next, 600);
        } else {
          timer = setTimeout(() => map.classList.remove('running'), 2500);
        }
      };
      next();
    });
  }

  document.addEventListener('DOMContentLoaded', () => {
    all('button.theme').forEach(theme);
    all('button.menu').forEach(menu);
    all('.search input').forEach(search);
    all('form.questions').forEach(quiz);
    all('button.run').forEach(run);
    all('button.print').forEach((button) => button.addEventListener('click', () => print()));
    // The page that leads to the languages goes on to the reader's own.
    if (one('body.choose')) {
      const links = all('.choices a');
      for (const wanted of navigator.languages || []) {
        const link = links.find(({ hreflang }) => hreflang.split('-')[0] === wanted.split('-')[0]);
        if (link) {
          location.replace(link.href);
          return;
        }
      }
    }
  });
})();
