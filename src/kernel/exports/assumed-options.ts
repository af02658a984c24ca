import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ConfigOptions } from '../../abi/evidence.ts'
import { readTreeFile } from '../../io/read-tree-file.ts'
import type { Problem } from '../../problem/problem.ts'
import type { ListedObject } from './dry-run-reader.ts'
import type { KernelTree } from './kernel-tree.ts'
import { optionReaders } from './option-readers.ts'

/** A header that makes the preprocessor see some options with other values, and the note that every report has to show. */
interface Assumed {
  readonly header: string
  readonly note: Problem
}

/**
 * Lets the preprocessor see options as the compiler of the release has them, where this one answers otherwise. Only options that
 * Kconfig asks the tools for can be assumed, and only where nothing but the preprocessor reads them: any other would be one
 * thing for make and another for the checksums.
 * @param assumed values by name, with `CONFIG_`
 * @param options the configuration as it is
 */
export async function assumeOptions(
  assumed: ConfigOptions,
  { source, output, files }: Pick<KernelTree, 'source' | 'output' | 'files'>,
  options: ConfigOptions,
): Promise<Assumed | Problem> {
  for (const name of assumed.keys()) {
    const refused = refusal(name.replace(/^CONFIG_/, ''), source, files)
    if (refused) return refused
  }
  const header = join(output, 'include/generated/kabi-gate-assumed.h')
  const text = [...assumed].map(([name, value]) => definitionOf(name, value)).join('')
  await mkdir(dirname(header), { recursive: true })
  if ((await readFile(header, 'utf8').catch(() => undefined)) !== text) await writeFile(header, text)
  const lines = [...assumed].map(
    ([name, value]) => `${name}: ${value} is assumed, with this compiler it is ${options.get(name) ?? 'n'}`,
  )
  const message = `the checksums are those of a kernel with ${[...assumed.keys()].join(', ')} as kabi.yml assumes`
  return { header, note: { kind: 'option-assumed', message, excerpt: lines } }
}

/** The object with the header read right after that of the configuration, before any other asks for an option. */
export function withAssumed(object: ListedObject, header: string): ListedObject {
  const extended = (command: readonly string[]): readonly string[] => {
    const kconfig = command.findIndex(
      (word, at) => command[at - 1] === '-include' && word.endsWith('linux/kconfig.h'),
    )
    const at = kconfig < 0 ? command.length - 1 : kconfig + 1
    return [...command.slice(0, at), '-include', header, ...command.slice(at)]
  }
  const { assembler } = object
  return {
    ...object,
    compile: extended(object.compile),
    ...(assembler
      ? {
          assembler: {
            ...assembler,
            listing: { ...assembler.listing, command: extended(assembler.listing.command) },
          },
        }
      : {}),
  }
}

function refusal(name: string, source: string, files: KernelTree['files']): Problem | undefined {
  const textOf = (file: string): string => {
    try {
      return readTreeFile(join(source, file)).toString('latin1')
    } catch {
      return ''
    }
  }
  const { fromTools, readers } = optionReaders(name, files.keys(), textOf)
  const [reader] = readers
  if (fromTools && !reader) return undefined
  return {
    kind: 'config',
    message: fromTools
      ? `${name} cannot be assumed: not only the preprocessor reads it`
      : `${name} cannot be assumed: Kconfig does not get it from the tools alone`,
    ...(reader ? { place: { ...reader, file: join(source, reader.file) } } : {}),
    advice: fromTools
      ? 'Take it out of assume, and use the compiler of the release.'
      : 'Take it out of assume; an option that can be chosen belongs into config.set.',
  }
}

function definitionOf(name: string, value: string): string {
  const undefine = `#undef ${name}\n#undef ${name}_MODULE\n`
  if (value === 'n') return undefine
  if (value === 'm') return `${undefine}#define ${name}_MODULE 1\n`
  return `${undefine}#define ${name} ${value === 'y' ? '1' : value}\n`
}
