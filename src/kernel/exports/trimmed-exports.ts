import { resolve } from 'node:path'
import type { ConfigOptions } from '../../abi/evidence.ts'
import { shownOf } from '../../abi/shown-of.ts'
import { readPlainFile } from '../../io/read-plain-file.ts'
import type { Problem } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import type { Wanted } from '../collect.ts'

/** Far more names than any kernel exports. */
const mostBytes = 16 * 1024 * 1024

/** Before Linux 6.5 a kernel with checksums keeps this one whatever the list says. */
const always = 'module_layout'

/**
 * Says which wanted exports nobody knows of before a kernel is linked: with `CONFIG_TRIM_UNUSED_KSYMS` it keeps those that
 * `CONFIG_UNUSED_KSYMS_WHITELIST` names, and those that one of its modules turns out to use. Undefined where all is known.
 *
 * Problems: `config` for exports that are not in the list, `unreadable` for a list that is not there.
 * Source: `scripts/gen_autoksyms.sh` up to Linux 6.4, `scripts/Makefile.modpost` since.
 * @param source the kernel tree, from which the list's path starts
 * @param file the configuration, for the place of the problem
 */
export async function whyTrimmed(
  options: ConfigOptions,
  source: string,
  wanted: Wanted,
  file: string,
): Promise<Problem | undefined> {
  if (options.get('CONFIG_TRIM_UNUSED_KSYMS') !== 'y') return undefined
  const named = options.get('CONFIG_UNUSED_KSYMS_WHITELIST')?.replace(/^"(.*)"$/, '$1') ?? ''
  const kept = named === '' ? '' : await textOf(resolve(source, named))
  if (typeof kept !== 'string') return kept
  const known = new Set([always, ...kept.split(/\s+/).map((name) => name.replace(/^\./, ''))])
  const unknown = wanted === 'all' ? undefined : [...wanted].filter((symbol) => !known.has(symbol))
  if (unknown?.length === 0) return undefined
  const list =
    named === '' ? 'CONFIG_UNUSED_KSYMS_WHITELIST is not set' : `${quote(named)} does not name them`
  const which = unknown ? `${unknown.length} of the symbols` : 'the exports'
  return {
    kind: 'config',
    message: `CONFIG_TRIM_UNUSED_KSYMS drops exports that no module uses: whether ${which} remain is known only after linking, as ${list}.`,
    place: { file },
    ...(unknown ? { excerpt: shownOf(unknown) } : {}),
    advice:
      'Use strategy full for this variant, or put the protected symbols into the file of CONFIG_UNUSED_KSYMS_WHITELIST: then they are never dropped.',
  }
}

async function textOf(path: string): Promise<string | Problem> {
  const { value, problems } = await readPlainFile(path, mostBytes)
  const [problem] = problems
  if (!problem) return new TextDecoder().decode(value)
  return { ...problem, kind: 'unreadable', message: `CONFIG_UNUSED_KSYMS_WHITELIST: ${problem.message}` }
}
