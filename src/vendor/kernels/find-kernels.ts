import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { textLines } from '../../abi/text-lines.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { problemList } from '../../problem/problem-list.ts'
import { quote } from '../../problem/quote.ts'
import { findWhitelists } from '../../baseline/find-whitelists.ts'
import { mayExist } from '../../baseline/whitelist-files.ts'
import { errorCode, fileProblem } from '../../io/file-problem.ts'
import { readText } from '../../io/read-text.ts'
import { withoutLinks } from '../../io/without-links.ts'
import { isPackage } from '../../module/archive/modules-in-archive.ts'
import type { KernelPlace } from './kernel-place.ts'

/**
 * Finds the kernels at some paths: a folder such as `/lib/modules`, of one kernel in it, or that stands for `/`; a folder of headers with
 * its Module.symvers; a folder of packages, or of whitelists; a package, a Module.symvers, a whitelist; a text with one such path a line,
 * from its own folder, blank lines and `#` comments allowed. The order is that of the paths, in folders that of the names, releases by
 * their numbers; a link to a kernel that is there too counts for nothing.
 *
 * Problems: `unreadable` for what is not there, and for a path at which no kernel is; those of `findWhitelists`.
 */
export async function findKernels(paths: readonly string[]): Promise<Read<readonly KernelPlace[]>> {
  const found: KernelPlace[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    const read = (await isList(path)) ? await kernelsOfList(path) : await kernelsAt(path)
    found.push(...read.value)
    problems.push(...read.problems)
  }
  const { kept } = await withoutLinks(found, ({ file }) => file)
  return { value: [...new Map(kept.map((place) => [place.file, place])).values()], problems }
}

async function kernelsAt(path: string): Promise<Read<readonly KernelPlace[]>> {
  try {
    if ((await stat(path)).isDirectory()) return await kernelsIn(path)
    return { value: [fileAt(path)], problems: [] }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return { value: [], problems: [fileProblem('unreadable', path, error)] }
  }
}

function fileAt(file: string): KernelPlace {
  return { kind: isPackage(file) ? 'package' : 'table', file }
}

/** What each kind of folder holds; the first kind that has something is what the folder is. */
async function kernelsIn(folder: string): Promise<Read<readonly KernelPlace[]>> {
  const names = await sortedNames(folder)
  if (
    isRelease(basename(folder)) &&
    names.some((name) => /^(?:kernel|build|symvers.*|modules\..+)$/.test(name))
  )
    return { value: [installed(dirname(folder), basename(folder))], problems: [] }
  for (const kind of [kernelsOfRoot, headersOf, kernelsOfModules, packagesOf]) {
    const value = await kind(folder, names)
    if (value.length > 0) return { value, problems: [] }
  }
  const { value: lists } = await findWhitelists(folder)
  const sources = lists?.kind === 'one' ? [lists] : (lists?.whitelists ?? [])
  return sources.length > 0
    ? { value: sources.map(({ source }) => ({ kind: 'whitelist', file: source.path, source })), problems: [] }
    : { value: [], problems: [noKernel(folder, names)] }
}

/** A folder that stands for `/`: kernels with modules, and those of which only headers are there. */
async function kernelsOfRoot(root: string): Promise<readonly KernelPlace[]> {
  const found: KernelPlace[] = []
  for (const folder of ['lib/modules', 'usr/lib/modules'].map((name) => join(root, name)))
    if (found.length === 0) found.push(...kernelsOfModules(folder, await sortedNames(folder)))
  const known = new Set(found.map((place) => (place.kind === 'installed' ? place.release : '')))
  const sources = join(root, 'usr/src')
  const headers = [
    ...(await sortedNames(join(sources, 'kernels'))).map((name) => ({
      name: `kernels/${name}`,
      release: name,
    })),
    ...(await sortedNames(sources)).map((name) => ({ name, release: name.replace(/^linux-headers-/, '') })),
  ]
  for (const { name, release } of headers)
    if (!known.has(release)) found.push(...(await headersOf(join(sources, name))))
  return found
}

async function headersOf(folder: string): Promise<readonly KernelPlace[]> {
  const file = join(folder, 'Module.symvers')
  return (await mayExist(file)) ? [{ kind: 'table', file }] : []
}

function kernelsOfModules(folder: string, names: readonly string[]): readonly KernelPlace[] {
  return names.filter(isRelease).map((release) => installed(folder, release))
}

function packagesOf(folder: string, names: readonly string[]): readonly KernelPlace[] {
  return names.filter(isPackage).map((name) => fileAt(join(folder, name)))
}

function installed(modules: string, release: string): KernelPlace {
  const root = modules.replace(/(?:\/usr)?\/lib\/modules$/, '') || '/'
  return { kind: 'installed', file: join(modules, release), release, root }
}

/** `6.1.0-47-amd64`: what lies beside such folders, as `kabi-current` does, is no kernel. */
function isRelease(name: string): boolean {
  return /^\d+\.\d+[\w.+~-]*$/.test(name) && !isPackage(name)
}

/** Names in a folder, those of releases by their numbers; none where it is not there. */
async function sortedNames(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder)
    return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw error
  }
}

/** Most bytes of a list, and of what is looked at to tell one. */
const listBytes = 1024 * 1024
const firstBytes = 4096

/** True for a text whose first line is a path: no name of a symbol has a slash or is a file beside it, and rows begin otherwise. */
async function isList(path: string): Promise<boolean> {
  if (isPackage(path)) return false
  try {
    if (!(await stat(path)).isFile()) return false
    const [first] = entriesOf(await beginning(path))
    if (!first || /^(?:0x|EXPORT_|\[)|[\t\0]/.test(first.text)) return false
    return first.text.includes('/') || (await mayExist(resolve(dirname(path), first.text)))
  } catch {
    // Reading it as a table says why.
    return false
  }
}

async function beginning(path: string): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(firstBytes), 0, firstBytes, 0)
    return buffer.subarray(0, bytesRead).toString('latin1')
  } finally {
    await handle.close()
  }
}

/** The lines of a list that name something. */
function entriesOf(text: string): readonly { readonly text: string; readonly line: number }[] {
  return textLines(text)
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter((entry) => entry.text !== '' && !entry.text.startsWith('#'))
}

async function kernelsOfList(list: string): Promise<Read<readonly KernelPlace[]>> {
  const { value: text, problems: unread } = await readText(list, { maxBytes: listBytes })
  if (unread.length > 0) return { value: [], problems: unread }
  const found: KernelPlace[] = []
  const problems = problemList()
  for (const entry of entriesOf(text)) {
    const place = { file: list, line: entry.line }
    const path = resolve(dirname(list), entry.text)
    const read = (await isList(path)) ? { value: [], problems: [listInList(path)] } : await kernelsAt(path)
    found.push(...read.value)
    for (const problem of read.problems) problems.error(() => ({ ...problem, place }))
  }
  return { value: found, problems: problems.all() }
}

function listInList(path: string): Problem {
  return { kind: 'unreadable', message: `${quote(path)} is a list of paths itself: write these here.` }
}

/** Names in a folder that a problem shows. */
const mostShown = 20

function noKernel(folder: string, names: readonly string[]): Problem {
  const left = names.length - mostShown
  return {
    kind: 'unreadable',
    message: `There is no kernel in ${quote(folder)}.`,
    place: { file: folder },
    excerpt: [
      ...names.slice(0, mostShown).map((name) => 'found ' + name),
      ...(left > 0 ? [`and ${left} more`] : []),
    ],
    advice:
      'Name a folder such as /lib/modules, packages with a Module.symvers, a Module.symvers, or a whitelist with checksums.',
  }
}
