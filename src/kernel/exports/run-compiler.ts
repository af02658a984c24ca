import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Argv } from './enabled-object.ts'
import type { KernelTree } from './kernel-tree.ts'
import { runProgram, type Stopped } from './run-program.ts'
import { endOfText, sameTokens } from './whole-text.ts'

/** What a compiler made. */
export interface Compiled {
  readonly kind: 'compiled'
  /** The files it read, absolute paths. */
  readonly read: readonly string[]
  /** What it wrote. */
  readonly output: Buffer
}

/**
 * Runs a compiler so that it writes a file. A preprocessed text must have all that its source can export, whatever the exit code.
 * @param scratch files with a suffix behind this name are written
 * @param input a file for its standard input
 */
export async function runCompiler(
  tree: KernelTree,
  argv: Argv,
  scratch: string,
  output: string,
  input?: string,
): Promise<Compiled | Stopped> {
  const rule = `${scratch}.d`
  const outcome = await runProgram(tree, [...argv, '-MD', '-MF', rule, '-o', output], input)
  if (outcome.kind !== 'done') return outcome
  const read = parseDependencies((await readWritten(rule)).toString())
  if (!read) return cut(argv, 'its list of the files it read')
  const written = await readWritten(output)
  if (argv.includes('-E')) {
    const whole = await isWhole(tree, argv, scratch, written, input)
    if (typeof whole !== 'boolean') return whole
    if (!whole) return cut(argv, 'the preprocessed text')
  }
  const files = read.filter((path) => path !== '-').map((path) => resolve(tree.output, path))
  return { kind: 'compiled', read: files, output: written }
}

/** The word that stands behind a source whose end is not known. */
const mark = 'KABI_GATE_END_OF_SOURCE'

/**
 * Whether a preprocessed text has all that its source can export. Where its last line does not tell, it is preprocessed once
 * more, as part of a text with a mark behind it: what stands before the mark must be the same.
 */
async function isWhole(
  tree: KernelTree,
  argv: Argv,
  scratch: string,
  text: Buffer,
  input: string | undefined,
): Promise<boolean | Stopped> {
  const source = argv.at(-1) ?? ''
  const language = input !== undefined || source.endsWith('.c') ? 'c' : 'assembler'
  // Without markers, as linker scripts are preprocessed, the last line tells nothing.
  const end = argv.includes('-P')
    ? 'unknown'
    : endOfText(text, await readFile(input ?? resolve(tree.output, source)), language)
  if (end !== 'unknown' || input !== undefined) return end === 'whole'
  const around = `${scratch}.whole.c`
  const marked = `${scratch}.whole.i`
  await writeFile(around, `#include "${source}"\n${mark}\n`)
  const form = language === 'c' ? 'c' : 'assembler-with-cpp'
  const again = [...argv.slice(0, -1), '-x', form, '-', '-o', marked]
  const outcome = await runProgram(tree, again, around)
  if (outcome.kind !== 'done') return outcome
  return sameTokens(text.toString('latin1') + mark, (await readWritten(marked)).toString('latin1'))
}

/** What a program wrote; nothing when it did not. */
async function readWritten(path: string): Promise<Buffer> {
  return readFile(path).catch(() => Buffer.alloc(0))
}

function cut([program = '']: Argv, what: string): Stopped {
  return { kind: 'failed', why: `${program} ended well, but ${what} is not complete`, stderr: [] }
}

/**
 * Reads the dependency file of a preprocessor (`-MD`): one rule of make, `target: file file \`, a file name with its
 * spaces, `#` and `$` escaped. Gives the files.
 * @returns undefined for a text that ends within a rule, or has none
 */
export function parseDependencies(text: string): readonly string[] | undefined {
  const rule = text.replace(/\\\n/g, ' ')
  const colon = rule.search(/:(?=\s|$)/)
  if (colon < 0 || !rule.endsWith('\n')) return undefined
  const files = rule.slice(colon + 1)
  return (files.match(/(?:\\.|\$\$|[^\s\\])+/g) ?? []).map((name) =>
    name.replace(/\\([ #:])/g, '$1').replace(/\$\$/g, '$'),
  )
}
