import { parseWhitelist } from '../../../abi/parse-whitelist.ts'
import { isError, type Problem, type Read } from '../../../problem/problem.ts'
import { quote } from '../../../problem/quote.ts'
import type { Whitelist } from '../../../abi/whitelist.ts'
import { checkModules } from '../../../module/check-modules.ts'
import type { KernelModule } from '../../../module/kernel-module.ts'
import { parseModule } from '../../../module/parse-module.ts'
import type { PageData } from '../page-data.ts'
import { readFile } from './read-file.ts'
import { showResult, summary } from './show-result.ts'

/** The value of the choice for a whitelist of one's own; no variant has an empty name. */
const ownList = ''

const data = JSON.parse(byId('data', HTMLScriptElement).textContent) as PageData
const variant = byId('variant', HTMLSelectElement)
const list = byId('list', HTMLInputElement)
const modules = byId('modules', HTMLInputElement)
const status = byId('status', HTMLElement)
const result = byId('result', HTMLElement)

let dropped: readonly File[] = []
/** The newest check; an older one that is still reading shows nothing. */
let turn = 0

function start(): void {
  byId('title', HTMLElement).textContent = data.title
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
  acceptDrops()
  showOwnList()
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
  const whitelist = await chosenWhitelist()
  const read = await readModules(dropped)
  if (mine !== turn) return
  const problems = [...whitelist.problems, ...read.problems].filter(isError)
  const possible = whitelist.value !== undefined && !whitelist.problems.some(isError) && read.value.length > 0
  const checked =
    whitelist.value && possible
      ? checkModules({ modules: read.value, whitelist: whitelist.value })
      : undefined
  showResult(result, checked, problems, whitelist.value?.file ?? '')
  const unread = dropped.length - read.value.length
  const left = unread === 0 ? '' : `${unread} of ${dropped.length} files not read. `
  status.textContent = left + (checked ? summary(checked) : 'Nothing was checked.')
}

async function chosenWhitelist(): Promise<Read<Whitelist | undefined>> {
  const shipped = data.variants.find(({ name }) => name === variant.value)
  if (shipped) return parseWhitelist(shipped.whitelist, `${shipped.name} of ${data.title}`)
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

async function readModules(files: readonly File[]): Promise<Read<readonly KernelModule[]>> {
  const found: KernelModule[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const bytes = await readFile(file)
    problems.push(...bytes.problems)
    if (bytes.problems.length > 0) continue
    const read = parseModule(bytes.value, file.name)
    problems.push(...read.problems)
    if (read.value) found.push(read.value)
  }
  return { value: found, problems }
}

function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`)
  return found
}

start()
