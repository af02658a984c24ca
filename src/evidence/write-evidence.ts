import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { draftOf, removeStaleDrafts } from '../io/drafts.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { evidenceFiles, type Collector } from './evidence-files.ts'
import { fileNames, limits } from './limits.ts'
import { makeFolder } from '../io/make-folder.ts'
import { parseRecord } from './parse-record.ts'
import { readPlainFile } from '../io/read-plain-file.ts'

/**
 * Writes what was collected about a variant into a folder of its name, completely or not at all. An earlier folder of the
 * same variant is replaced.
 *
 * Problems, and then the folder is as it was: `unwritable`, also for a folder that holds anything else; `bad-evidence` for
 * more than `readEvidence` accepts.
 * @param output the folder for the evidence of all variants; made when it does not exist
 * @param symbols the protected symbols: their types go along
 */
export async function writeEvidence(
  output: string,
  collected: Collected,
  by: Collector,
  symbols: ReadonlySet<string>,
): Promise<readonly Problem[]> {
  const folder = join(output, collected.variant)
  const draft = draftOf(folder)
  const old = draft.replace(/tmp$/, 'old')
  try {
    const foreign = await whyNotReplaceable(folder, collected.variant)
    if (foreign) return [foreign]
    const { value: files, problems } = await evidenceFiles(collected, by, symbols)
    if (!files) return problems
    await makeFolder(output)
    await removeStaleDrafts(folder)
    await mkdir(draft)
    for (const [name, bytes] of files) await writeFile(join(draft, name), bytes)
    await renameIfThere(folder, old)
    await rename(draft, folder)
    return []
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return [fileProblem('unwritable', folder, error)]
  } finally {
    for (const rest of [draft, old]) await rm(rest, { recursive: true, force: true })
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

/** A folder of this name may only hold evidence of the same variant, or nothing. */
async function whyNotReplaceable(folder: string, variant: string): Promise<Problem | undefined> {
  const refused = (what: string): Problem => ({
    kind: 'unwritable',
    message: `${quote(folder)} ${what}; it is left as it is.`,
    place: { file: folder },
    advice: 'Move it away, or name another folder with --output.',
  })
  try {
    const found = await lstat(folder)
    if (!found.isDirectory()) return refused('is no folder')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  const names = await readdir(folder)
  if (names.length === 0) return undefined
  const file = join(folder, fileNames.record)
  const read = await readPlainFile(file, limits.record.bytes)
  const { value: record } = parseRecord(new TextDecoder().decode(read.value), file)
  if (record && record.variant !== variant) return refused(`holds the evidence of variant ${record.variant}`)
  const known: readonly string[] = Object.values(fileNames)
  return record && names.every((name) => known.includes(name))
    ? undefined
    : refused('holds something else than evidence')
}
