import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { readBytes } from '../../io/read-bytes.ts'
import { withoutLinks } from '../../io/without-links.ts'
import { openElf } from '../../module/elf.ts'
import { exportChecksums } from './export-checksums.ts'
import type { ModuleExports } from './provides.ts'

/** Reads what kernel modules export, each file plain or compressed. Gives those it could read; a link to another counts for nothing. */
export async function readExports(paths: readonly string[]): Promise<Read<readonly ModuleExports[]>> {
  const modules: ModuleExports[] = []
  const problems: Problem[] = []
  const { kept } = await withoutLinks(paths, (path) => path)
  for (const file of kept) {
    const bytes = await readBytes(file)
    if (bytes.problems.length > 0) {
      problems.push(...bytes.problems)
      continue
    }
    const elf = openElf(bytes.value)
    const checksums = elf.kind === 'fault' ? elf : exportChecksums(elf)
    if ('kind' in checksums) {
      const message = `${quote(file)} ${checksums.reason}.`
      problems.push({ kind: 'unreadable', message, place: { file } })
    } else modules.push({ file, checksums })
  }
  return { value: modules, problems }
}
