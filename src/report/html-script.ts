/** The script of the HTML report: search, and the keys that go with it. The page is complete without. */
export const script = `
'use strict';
(() => {
  const most = 500;
  const box = document.getElementById('search');
  const input = document.getElementById('query');
  const status = document.getElementById('found');
  const all = (selector) => [...document.querySelectorAll(selector)];
  const sets = all('.set').map((element) => {
    const list = element.querySelector('.symbols');
    const text = list.textContent;
    const names = text.split('\\n');
    return {
      element, list, text, names, low: names.map((name) => name.toLowerCase()),
      causes: (element.dataset.causes || '').split(' ').filter(Boolean), count: element.querySelector('.count'),
    };
  });
  const causes = all('.cause').map((element) => ({
    element, number: element.dataset.cause, text: element.textContent.toLowerCase(),
  }));
  const cells = all('tr[data-cause]');
  const rows = all('tr[data-symbol]');
  const opened = new Set();

  function search() {
    const query = input.value.trim().toLowerCase();
    const only = /^cause:(\\d+)$/.exec(query);
    for (const element of opened) element.open = false;
    opened.clear();
    const hit = new Set();
    let symbols = 0;
    for (const set of sets) {
      let found = set.names;
      if (only) found = set.causes.includes(only[1]) ? set.names : [];
      else if (query) found = set.names.filter((name, index) => set.low[index].includes(query));
      symbols += found.length;
      set.element.hidden = found.length === 0;
      const text = query
        ? found.slice(0, most).join('\\n') + (found.length > most ? '\\n… and ' + (found.length - most) + ' more' : '')
        : set.text;
      if (set.list.textContent !== text) set.list.textContent = text;
      set.count.textContent = query && !only ? found.length + ' of ' + set.names.length : String(set.names.length);
      if (!query || found.length === 0) continue;
      if (!only) for (const number of set.causes) hit.add(number);
      if (found.length <= 60 && !set.element.open) {
        set.element.open = true;
        opened.add(set.element);
      }
    }
    const shown = new Set();
    for (const cause of causes) {
      const match = only ? cause.number === only[1] : !query || hit.has(cause.number) || cause.text.includes(query);
      cause.element.hidden = !match;
      if (match) shown.add(cause.number);
    }
    for (const row of cells) row.hidden = !shown.has(row.dataset.cause);
    let others = 0;
    for (const row of rows) {
      row.hidden = query !== '' && !row.dataset.symbol.toLowerCase().includes(query);
      if (!row.hidden) others++;
    }
    const words = (count, noun) => count + ' ' + noun + (count === 1 ? '' : 's');
    status.textContent = query === '' ? '' : words(shown.size, 'cause') + ', ' + words(symbols + others, 'symbol');
  }

  let planned = 0;
  function soon() {
    cancelAnimationFrame(planned);
    planned = requestAnimationFrame(search);
  }

  function reveal() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
      target.scrollIntoView();
    }
  }

  function move(step) {
    const stops = [input, ...all('summary')].filter((element) => element.getClientRects().length > 0);
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (next) next.focus();
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = document.activeElement;
    if (event.key === '/' && here !== input) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === 'Escape' && here === input) {
      input.value = '';
      soon();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && (here === input || here.localName === 'summary')) {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    }
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-find]');
    if (!link) return;
    input.value = link.dataset.find;
    search();
  });
  input.addEventListener('input', soon);
  addEventListener('hashchange', reveal);
  addEventListener('beforeprint', () => {
    for (const { element } of causes) element.open = true;
  });
  box.hidden = false;
  reveal();
})();
`

/** For the page's content security policy: base64 of the SHA-256 of the text above. */
export const scriptHash = 'o2IbqcczJkJoGDppbP4cDvQlDuidcDG8Wu6lzSiGIjs='
