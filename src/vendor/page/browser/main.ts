import { parseWhitelist } from '../../../abi/parse-whitelist.ts'
import { groupBy } from '../../../abi/group-by.ts'
import { isError, type Problem, type Read } from '../../../problem/problem.ts'
import { quote } from '../../../problem/quote.ts'
import type { Whitelist } from '../../../abi/whitelist.ts'
import { checkModules } from '../../../module/check-modules.ts'
import type { KernelModule } from '../../../module/kernel-module.ts'
import type { PageData } from '../page-data.ts'
import { variantOf } from '../variant-of.ts'
import { readFile } from './read-file.ts'
import { readModules } from './read-modules.ts'
import { showResult, summary } from './show-result.ts'
import { checkText, requestText, type VariantCheck } from './take-away.ts'

/** The values of the choices that are no variant; no variant has such a name. */
const byModule = ''
const ownList = ' '

const data = JSON.parse(byId('data', HTMLScriptElement).textContent) as PageData
const variant = byId('variant', HTMLSelectElement)
const list = byId('list', HTMLInputElement)
const modules = byId('modules', HTMLInputElement)
const status = byId('status', HTMLElement)
const result = byId('result', HTMLElement)
const text = byId('text', HTMLTextAreaElement)
const request = byId('request', HTMLAnchorElement)

let dropped: readonly File[] = []
/** The newest check; an older one that is still reading shows nothing. */
let turn = 0

function start(): void {
  byId('title', HTMLElement).textContent = data.title
  byId('notes', HTMLElement).append(...data.notes.map(paragraph))
  variant.add(new Option('that of each module', byModule))
  for (const { name, kernel } of data.variants) {
    variant.add(new Option(kernel === '' ? name : `${name}, kernel ${kernel}`, name))
  }
  variant.add(new Option('a whitelist file of my own…', ownList))
  variant.addEventListener('change', () => void check())
  list.addEventListener('change', () => void check())
  modules.addEventListener('change', () => {
    dropped = [...(modules.files ?? [])]
    void check()
  })
  byId('form', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault())
  byId('copy', HTMLButtonElement).addEventListener('click', () => void copy())
  acceptDrops()
  showOwnList()
}

function paragraph(note: string): HTMLElement {
  const made = document.createElement('p')
  made.append(`NOTE: ${note}`)
  return made
}

function acceptDrops(): void {
  const over = (event: DragEvent, yes: boolean): void => {
    event.preventDefault()
    document.body.classList.toggle('over', yes)
  }
  document.addEventListener('dragover', (event) => over(event, true))
  document.addEventListener('dragleave', (event) => over(event, event.relatedTarget !== null))
  document.addEventListener('drop', (event) => {
    over(event, false)
    dropped = [...(event.dataTransfer?.files ?? [])]
    void check()
  })
}

function showOwnList(): void {
  byId('own', HTMLElement).hidden = variant.value !== ownList
}

async function check(): Promise<void> {
  showOwnList()
  const mine = ++turn
  if (dropped.length === 0) return
  status.textContent = 'Reading…'
  const read = await readModules(dropped)
  const { value: checks, problems } = await checkAll(read.value)
  if (mine !== turn) return
  const errors = [...read.problems, ...problems].filter(isError)
  showResult(result, checks, errors)
  const left = read.unread === 0 ? '' : `${read.unread} of ${dropped.length} files not read. `
  status.textContent = left + (checks.length > 0 ? summary(checks) : 'Nothing was checked.')
  offer(checks)
}

/** Each module against the whitelist of its own variant, or all against the one that was chosen. */
async function checkAll(found: readonly KernelModule[]): Promise<Read<readonly VariantCheck[]>> {
  if (variant.value === ownList) {
    const { value: whitelist, problems } = await pickedWhitelist()
    const possible = whitelist !== undefined && !problems.some(isError) && found.length > 0
    return {
      value: possible
        ? [
            {
              variant: undefined,
              check: checkModules({ modules: found, whitelist }),
              whitelist: whitelist.file,
            },
          ]
        : [],
      problems,
    }
  }
  const chosen = data.variants.find(({ name }) => name === variant.value)
  const value: VariantCheck[] = []
  const problems: Problem[] = []
  for (const [one, those] of groupBy(found, (module) => chosen ?? variantOf(module, data.variants))) {
    if (one === undefined) {
      problems.push(...those.map(withoutVariant))
      continue
    }
    const whitelist = parseWhitelist(one.whitelist, `${one.name} of ${data.title}`)
    problems.push(...whitelist.problems)
    if (whitelist.problems.some(isError)) continue
    const checked = checkModules({ modules: those, whitelist: whitelist.value })
    value.push({ variant: one.name, check: checked, whitelist: whitelist.value.file })
  }
  return { value, problems }
}

function withoutVariant({ file, arch, info }: KernelModule): Problem {
  const built = info.vermagic === undefined ? '' : ` for ${quote(info.vermagic)}`
  return {
    kind: 'usage',
    message: `${quote(file)}, built${built} on ${arch}, tells no variant of this page.`,
    advice: 'Choose the variant.',
  }
}

async function pickedWhitelist(): Promise<Read<Whitelist | undefined>> {
  const [file] = list.files ?? []
  if (!file) {
    const problem: Problem = {
      kind: 'no-whitelist',
      message: 'No whitelist file was picked.',
      advice: 'Pick a file, or choose one of the variants.',
    }
    return { value: undefined, problems: [problem] }
  }
  const bytes = await readFile(file)
  if (bytes.problems.length > 0) return { value: undefined, problems: bytes.problems }
  try {
    return parseWhitelist(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value), file.name)
  } catch {
    const message = `${quote(file.name)} is not UTF-8 text.`
    return { value: undefined, problems: [{ kind: 'unreadable', message }] }
  }
}

/** Makes the result ready to be taken away. */
function offer(checks: readonly VariantCheck[]): void {
  byId('take', HTMLElement).hidden = checks.length === 0
  text.hidden = true
  text.value = checkText(checks, data, document.documentElement.dataset['version'] ?? '')
  const wanted = requestText(checks, data)
  URL.revokeObjectURL(request.href)
  request.hidden = wanted === undefined
  request.removeAttribute('href')
  if (wanted !== undefined) request.href = URL.createObjectURL(new Blob([wanted], { type: 'text/markdown' }))
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(text.value)
    status.textContent = 'Copied.'
  } catch {
    // The browser did not let it, or has no clipboard for this page.
    text.hidden = false
    text.select()
    status.textContent = 'Copy the text below.'
  }
}

function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`)
  return found
}

start()
