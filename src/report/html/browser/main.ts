/** The script of the HTML report: search, and the keys that go with it. The page is complete without. */

/** Names that a list shows while somebody searches. */
const most = 500

/** A set with so few hits opens by itself. */
const fewHits = 60

function all<Kind extends HTMLElement>(selector: string, kind: new () => Kind): Kind[] {
  return [...document.querySelectorAll(selector)].flatMap((element) =>
    element instanceof kind ? [element] : [],
  )
}

function first<Kind extends HTMLElement>(root: ParentNode, selector: string, kind: new () => Kind): Kind {
  const found = root.querySelector(selector)
  if (found instanceof kind) return found
  throw new Error(`no ${selector}`)
}

const input = first(document, '#query', HTMLInputElement)
const status = first(document, '#found', HTMLElement)

const sets = all('.set', HTMLDetailsElement).map((element) => {
  const list = first(element, '.symbols', HTMLElement)
  const text = list.textContent
  const names = text.split('\n')
  return {
    element,
    list,
    text,
    names,
    low: names.map((name) => name.toLowerCase()),
    causes: (element.dataset['causes'] ?? '').split(' ').filter((number) => number !== ''),
    count: first(element, '.count', HTMLElement),
  }
})
type SymbolSet = (typeof sets)[number]

const causes = all('.cause', HTMLDetailsElement).map((element) => ({
  element,
  number: element.dataset['cause'] ?? '',
  text: element.textContent.toLowerCase(),
}))
const pictures = all('.picture', HTMLDetailsElement).map((element) => ({
  element,
  causes: (element.dataset['causes'] ?? '').split(' '),
  text: element.textContent.toLowerCase(),
}))
const cells = all('tr[data-cause]', HTMLElement)
const rows = all('tr[data-symbol]', HTMLElement)
const opened = new Set<HTMLDetailsElement>()

function hitsOf(
  { names, low, causes: numbers }: SymbolSet,
  query: string,
  only: string | undefined,
): string[] {
  if (only !== undefined) return numbers.includes(only) ? names : []
  return query === '' ? names : names.filter((_, index) => low[index]?.includes(query))
}

function showSet(set: SymbolSet, found: readonly string[], query: string, only: string | undefined): void {
  set.element.hidden = found.length === 0
  const left = found.length - most
  const text =
    query === '' ? set.text : found.slice(0, most).join('\n') + (left > 0 ? `\n… and ${left} more` : '')
  if (set.list.textContent !== text) set.list.textContent = text
  set.count.textContent =
    query !== '' && only === undefined ? `${found.length} of ${set.names.length}` : String(set.names.length)
  if (query !== '' && found.length > 0 && found.length <= fewHits && !set.element.open) {
    set.element.open = true
    opened.add(set.element)
  }
}

/** Shows what has the words of the search, and nothing else. */
function search(): void {
  const query = input.value.trim().toLowerCase()
  const only = /^cause:(\d+)$/.exec(query)?.[1]
  for (const element of opened) element.open = false
  opened.clear()
  const hit = new Set<string>()
  let symbols = 0
  for (const set of sets) {
    const found = hitsOf(set, query, only)
    symbols += found.length
    showSet(set, found, query, only)
    if (query !== '' && only === undefined && found.length > 0) for (const one of set.causes) hit.add(one)
  }
  const shown = new Set<string>()
  for (const { element, number, text } of causes) {
    const match =
      only === undefined ? query === '' || hit.has(number) || text.includes(query) : number === only
    element.hidden = !match
    if (match) shown.add(number)
  }
  let drawn = 0
  for (const { element, causes: numbers, text } of pictures) {
    const isAbout = numbers.some((number) => (only === undefined ? hit.has(number) : number === only))
    element.hidden = !(query === '' || isAbout || (only === undefined && text.includes(query)))
    if (!element.hidden) drawn++
  }
  for (const row of cells) row.hidden = !shown.has(row.dataset['cause'] ?? '')
  for (const row of rows) {
    row.hidden = query !== '' && !(row.dataset['symbol'] ?? '').toLowerCase().includes(query)
    if (!row.hidden) symbols++
  }
  const counts = [
    ...(causes.length > 0 ? [words(shown.size, 'cause')] : []),
    words(symbols, 'symbol'),
    ...(pictures.length > 0 ? [words(drawn, 'picture')] : []),
  ]
  status.textContent = query === '' ? '' : counts.join(', ')
}

function words(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

let planned = 0
function soon(): void {
  cancelAnimationFrame(planned)
  planned = requestAnimationFrame(search)
}

/** Opens what a link leads to, and what that is in; a search that hides it ends. */
function reveal(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!(target instanceof HTMLDetailsElement)) return
  if (target.hidden) {
    input.value = ''
    search()
  }
  for (let around: Element | null = target; around; around = around.parentElement?.closest('details') ?? null)
    if (around instanceof HTMLDetailsElement) around.open = true
  target.scrollIntoView()
}

function move(step: number): void {
  const stops = [input, ...all('summary', HTMLElement)].filter(
    (element) => element.getClientRects().length > 0,
  )
  const here = stops.findIndex((element) => element === document.activeElement)
  stops[here + step]?.focus()
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const here = document.activeElement
  if (event.key === '/' && here !== input) {
    event.preventDefault()
    input.focus()
    input.select()
  } else if (event.key === 'Escape' && here === input) {
    input.value = ''
    soon()
  } else if (
    (event.key === 'ArrowDown' || event.key === 'ArrowUp') &&
    (here === input || here?.localName === 'summary')
  ) {
    event.preventDefault()
    move(event.key === 'ArrowDown' ? 1 : -1)
  }
})
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[data-find], a[href^="#"]') : null
  if (!(link instanceof HTMLAnchorElement)) return
  const { find } = link.dataset
  if (find !== undefined) {
    input.value = find
    search()
  } else if (link.hash === location.hash) reveal() // No hash changes then.
})
input.addEventListener('input', soon)
addEventListener('hashchange', reveal)
addEventListener('beforeprint', () => {
  for (const element of all('details', HTMLDetailsElement)) element.open = true
})
first(document, '#search', HTMLElement).hidden = false
reveal()
