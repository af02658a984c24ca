import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import type { Argv, EnabledObject } from './enabled-object.ts'
import type { FactStore } from './file-facts.ts'
import type { PortablePaths } from './portable-paths.ts'

/**
 * Tells one state of what is made from an object's source from another. What was made holds as long as commands, programs and the
 * content of every file that was read are the same, and no file came or went that has the name of one of these: the preprocessor
 * might find it first. Where one of them asks which files exist, no file at all may have come or gone.
 */
export interface ObjectInputs {
  /** SHA-256 of the commands, the programs they start, and the files that their options name. */
  readonly commands: (object: EnabledObject) => string
  /**
   * SHA-256 of the content of some files, absolute paths, and of which others carry their names; undefined where one cannot be
   * read.
   */
  readonly files: (paths: readonly string[]) => string | undefined
  /** The same of what the record of an object names itself: it is not noted in `seen`. */
  readonly dependencies: (paths: readonly string[]) => string | undefined
  readonly seen: SeenFiles
  /** How files are named in what is kept. */
  readonly paths: PortablePaths
}

/** What was looked at so far. */
export interface SeenFiles {
  /** Absolute paths. */
  readonly files: ReadonlySet<string>
  /** Some of them ask the preprocessor which other files exist. */
  readonly asksForFiles: boolean
}

interface InputsOptions {
  /** The folder that commands run in. */
  readonly output: string
  readonly facts: FactStore
  /** Tells one state of a program from another; `undefined` when it is not there. */
  readonly programIdentity: (program: string) => string | undefined
  /** All files of source tree and build folder that could be included, absolute paths. */
  readonly includable: Iterable<string>
  readonly paths: PortablePaths
}

/** Looks at commands, programs and files as they are now, each file once. */
export function objectInputs({
  output,
  facts,
  programIdentity,
  includable,
  paths: { away, inWord },
  paths,
}: InputsOptions): ObjectInputs {
  const namesakes = namesakeDigests(includable, away)
  const seen = { files: new Set<string>(), asksForFiles: false }
  const look = (path: string) => {
    const found = facts.of(path)
    seen.asksForFiles ||= found?.asksForFiles === true
    return found
  }
  const note = (path: string): string => {
    seen.files.add(path)
    return path
  }
  let all: string | undefined
  const allNames = (): string => (all ??= sha256([...includable].map(away).sort().join('\0')))
  const digestOf = (files: readonly string[]): string | undefined => {
    const hash = createHash('sha256')
    let asking = false
    let readable = true
    for (const path of files) {
      const found = look(path)
      if (!found) readable = false
      else hash.update(`${away(path)}\0${found.digest}\0${namesakes(basename(path))}\0`)
      asking ||= found?.asksForFiles === true
    }
    if (asking) hash.update(allNames())
    return readable ? hash.digest('hex') : undefined
  }
  return {
    ...{ seen, paths },
    commands: ({ source, compile, checksums, assembler }) => {
      const commands = [compile, checksums.command, assembler?.listing.command ?? []]
      const programs = commands.map(([program = '']) => away(programIdentity(program) ?? ''))
      const files = commands.flatMap(optionFiles).map((path) => look(note(resolve(output, path)))?.digest)
      return sha256(
        JSON.stringify([
          ...[away(source), checksums.kind, commands.map((words) => words.map(inWord))],
          ...[assembler?.prototypes, programs, files],
        ]),
      )
    },
    files: (some) => digestOf(some.map(note)),
    dependencies: digestOf,
  }
}

/**
 * The files that options of a compiler name, as `-fplugin=` and `-frandomize-layout-seed-file=` do: no dependency list has
 * them, yet they shape what is compiled.
 */
function optionFiles(command: Argv): readonly string[] {
  return command.flatMap((word) => /^-f[\w-]+=(.*\/.*)$/.exec(word)?.[1] ?? [])
}

function namesakeDigests(paths: Iterable<string>, away: (path: string) => string): (name: string) => string {
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
    const digest = sha256((byName.get(name) ?? []).map(away).sort().join('\0'))
    digests.set(name, digest)
    return digest
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
