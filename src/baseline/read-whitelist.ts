import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Symvers } from '../abi/export.ts'
import { checksumsMissing, joinChecksums } from '../abi/join-checksums.ts'
import { joinTables, type JoinedTables } from '../abi/join-tables.ts'
import { isSymbolFileName, parseSymbolFolder, type SymbolFile } from '../abi/parse-symbol-folder.ts'
import { parseSymvers } from '../abi/parse-symvers.ts'
import { parseWhitelist } from '../abi/parse-whitelist.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { fileProblem } from '../io/file-problem.ts'
import { readText } from '../io/read-text.ts'
import { withoutLinks } from '../io/without-links.ts'

/**
 * Reads a whitelist as `readJoined` does, for a comparison: protected symbols without a checksum are a `no-checksum`
 * problem.
 */
export async function readWhitelist(source: WhitelistSource): Promise<Read<Whitelist>> {
  const { value, problems } = await readJoined(source)
  const missing = problems.some(isError) ? undefined : checksumsMissing(value)
  return { value, problems: missing ? [...problems, missing] : problems }
}

/**
 * Reads a whitelist, a file of any dialect or a folder with one file for each symbol, and joins the checksums that
 * stand in a file of their own. That file must have one for each name; a list without such a file may have none.
 */
export async function readJoined(source: WhitelistSource): Promise<Read<Whitelist>> {
  const names = await readRows(source.path)
  if (source.checksums === undefined) return names
  const checksums = await readRows(source.checksums)
  const problems = [...names.problems, ...checksums.problems]
  if (problems.some(isError)) return { value: names.value, problems }
  const joined = joinChecksums(names.value, checksums.value)
  return { value: joined.value, problems: [...problems, ...joined.problems] }
}

/**
 * Most bytes of a `Module.symvers`, several times what the largest kernels need: a build that comes from elsewhere cannot use
 * up the memory of the machine that judges.
 */
export const symversBytes = 16 * 1024 * 1024

/** Reads a `Module.symvers`, plain or compressed. */
export async function readSymvers(path: string): Promise<Read<Symvers>> {
  const text = await readText(path, { maxBytes: symversBytes })
  if (text.problems.some(isError)) return { value: { file: path, exports: [] }, problems: text.problems }
  return parseSymvers(text.value, path)
}

/**
 * Reads the tables of a kernel and of what is installed beside it, and joins them. Problems: those of `readSymvers` and `joinTables`.
 * @param paths at least one
 */
export async function readTables(paths: readonly string[]): Promise<Read<JoinedTables>> {
  const tables: Read<Symvers>[] = []
  for (const path of new Set(paths)) tables.push(await readSymvers(path))
  const joined = joinTables(tables.map(({ value }) => value))
  return {
    value: joined.value,
    problems: [...tables.flatMap(({ problems }) => problems), ...joined.problems],
  }
}

/** The rows of one file or folder, with or without checksums. */
export async function readRows(path: string): Promise<Read<Whitelist>> {
  if (await isFolder(path)) return readFolder(path)
  const text = await readText(path)
  if (text.problems.some(isError)) return nothing(path, text.problems)
  const { value, problems } = parseWhitelist(text.value, path)
  return { value: { ...value, digest: createHash('sha256').update(text.value).digest('hex') }, problems }
}

/** False also when there is nothing or no access: reading it as a file then says why. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

async function readFolder(folder: string): Promise<Read<Whitelist>> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    return nothing(folder, [fileProblem('unreadable', folder, error)])
  }
  const files: SymbolFile[] = []
  const problems: Problem[] = []
  // A link to another file of the folder is that file's symbol once more.
  const { kept } = await withoutLinks(names.filter(isSymbolFileName), (name) => join(folder, name))
  for (const name of kept) {
    const file = join(folder, name)
    const text = await readText(file)
    if (text.problems.length > 0) problems.push(...text.problems)
    else files.push({ name, file, text: text.value })
  }
  const read = parseSymbolFolder(folder, files)
  return { value: read.value, problems: [...problems, ...read.problems] }
}

function nothing(path: string, problems: readonly Problem[]): Read<Whitelist> {
  return { value: { file: path, dialect: 'names', rows: [] }, problems }
}
