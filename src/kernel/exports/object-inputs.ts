import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import type { Argv, EnabledObject } from './enabled-object.ts'
import type { FactStore } from './file-facts.ts'

/**
 * Tells one state of what is made from an object's source from another. What was made holds as long as commands, programs and the
 * content of every file that was read are the same, and no file came or went that has the name of one of these: the preprocessor
 * might find it first.
 */
export interface ObjectInputs {
  /** SHA-256 of the commands, the programs they start, and the files that their options name. */
  readonly commands: (object: EnabledObject) => string
  /**
   * SHA-256 of the content of some files, absolute paths, and of which others carry their names; undefined where one cannot be
   * read.
   */
  readonly files: (paths: readonly string[]) => string | undefined
}

interface InputsOptions {
  /** The folder that commands run in. */
  readonly output: string
  readonly facts: FactStore
  /** Tells one state of a program from another; `undefined` when it is not there. */
  readonly programIdentity: (program: string) => string | undefined
  /** All files of source tree and build folder that could be included, absolute paths. */
  readonly includable: Iterable<string>
}

/** Looks at commands, programs and files as they are now, each file once. */
export function objectInputs({ output, facts, programIdentity, includable }: InputsOptions): ObjectInputs {
  const namesakes = namesakeDigests(includable)
  return {
    commands: ({ source, compile, checksums, assembler }) => {
      const commands = [compile, checksums.command, assembler?.listing.command ?? []]
      const programs = commands.map(([program = '']) => programIdentity(program))
      const files = commands.flatMap(optionFiles).map((path) => facts.of(resolve(output, path))?.digest)
      return sha256(
        JSON.stringify([source, checksums.kind, commands, assembler?.prototypes, programs, files]),
      )
    },
    files: (paths) => {
      const hash = createHash('sha256')
      for (const path of paths) {
        const digest = facts.of(path)?.digest
        if (digest === undefined) return undefined
        hash.update(`${path}\0${digest}\0${namesakes(basename(path))}\0`)
      }
      return hash.digest('hex')
    },
  }
}

/**
 * The files that options of a compiler name, as `-fplugin=` and `-frandomize-layout-seed-file=` do: no dependency list has
 * them, yet they shape what is compiled.
 */
function optionFiles(command: Argv): readonly string[] {
  return command.flatMap((word) => /^-f[\w-]+=(.*\/.*)$/.exec(word)?.[1] ?? [])
}

function namesakeDigests(paths: Iterable<string>): (name: string) => string {
  const byName = new Map<string, string[]>()
  for (const path of paths) {
    const name = basename(path)
    const found = byName.get(name)
    if (found) found.push(path)
    else byName.set(name, [path])
  }
  const digests = new Map<string, string>()
  return (name) => {
    const known = digests.get(name)
    if (known !== undefined) return known
    const digest = sha256((byName.get(name) ?? []).sort().join('\0'))
    digests.set(name, digest)
    return digest
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
