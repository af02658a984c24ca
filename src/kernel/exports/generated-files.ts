import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import type { EnabledObject } from './enabled-object.ts'
import type { FactStore } from './file-facts.ts'
import { keptPairs, readKept, writeKept } from './kept-json.ts'
import type { KernelTree } from './kernel-tree.ts'
import { runProgram, type Stopped } from './run-program.ts'

/** Sources and headers that only the build of an object generates, such as lib/crc32table.h for lib/crc32.o. */
export interface GeneratedFiles {
  /** Brings the generated files of these objects up to date, as far as earlier runs know of them. */
  readonly refresh: (objects: readonly EnabledObject[]) => Promise<Unmade>
  /** Lets make build these objects, so that it generates what they need. */
  readonly make: (objects: readonly EnabledObject[]) => Promise<Unmade>
  /** Remembers an object that needs generated files, by what it read. */
  readonly learn: (object: EnabledObject, dependencies: readonly string[]) => void
  readonly save: () => Promise<void>
}

/** Objects that make could not build, by name; what was generated for them may be missing or old. */
type Unmade = ReadonlyMap<string, Stopped>

/**
 * Opens what earlier runs learned about generated files. Make alone knows when such a file is out of date, so an object
 * that needs one is made again, by its own rules, whenever anything in the tree has changed. The objects are moved out
 * of the build folder afterwards, as a dry run does not list an object that is finished, and back before the next time.
 */
export async function openGeneratedFiles(tree: KernelTree, facts: FactStore): Promise<GeneratedFiles> {
  const path = join(tree.work, 'generated.json')
  const state = stateOf(tree, facts)
  /** Objects that need generated files, with the state of the tree for which they were made last. */
  const madeFor = new Map(await readKept(path, keptPairs))
  const build = async (names: readonly string[]): Promise<Stopped | undefined> => {
    await move(names, join(tree.work, 'made'), tree.output)
    const outcome = await runProgram(tree, ['make', '-k', `-j${tree.jobs}`, ...tree.makeArgs, ...names])
    await move(names, tree.output, join(tree.work, 'made'))
    facts.lookAgain()
    return outcome.kind === 'done' ? undefined : outcome
  }
  /** Builds all of an object's folder; what comes of it beside the object is moved out, too. */
  const buildFolder = async (name: string): Promise<Stopped | undefined> => {
    const folder = dirname(name)
    const before = new Set(await finishedIn(tree.output, folder))
    const outcome = await runProgram(tree, ['make', `-j${tree.jobs}`, ...tree.makeArgs, `${folder}/`])
    const made = (await finishedIn(tree.output, folder)).filter((one) => !before.has(one))
    await move(made, tree.output, join(tree.work, 'made'))
    facts.lookAgain()
    return outcome.kind === 'done' ? undefined : outcome
  }
  const make = async (objects: readonly EnabledObject[]): Promise<Unmade> => {
    const names = objects.map(({ object }) => object)
    const unmade = new Map<string, Stopped>()
    if (names.length > 0 && (await build(names))) {
      // Make does not say which of them it was.
      for (const name of names) {
        // Up to Linux 4.19 the target of a single object knows no source but one of the source tree; that of its folder does.
        const stopped = (await build([name])) && (await buildFolder(name))
        if (stopped) unmade.set(name, stopped)
      }
    }
    for (const name of names) if (!unmade.has(name)) madeFor.set(name, state)
    return unmade
  }
  return {
    make,
    refresh: (objects) =>
      make(objects.filter(({ object }) => madeFor.has(object) && madeFor.get(object) !== state)),
    learn: ({ object }, dependencies) => {
      const generated = dependencies.some((file) => isGeneratedLate(relative(tree.output, file)))
      if (generated && !madeFor.has(object)) madeFor.set(object, state)
    },
    save: () => writeKept(path, [...madeFor]),
  }
}

/** True for a file of the build folder that `make prepare` does not make. */
function isGeneratedLate(path: string): boolean {
  return !path.startsWith('..') && !/^(?:arch\/[^/]+\/)?include\//.test(path)
}

/** The finished objects of a folder and of those in it. */
async function finishedIn(output: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(output, folder), { recursive: true }).catch(() => [])
  return entries.filter((path) => path.endsWith('.o')).map((path) => join(folder, path))
}

function stateOf({ files, output }: KernelTree, facts: FactStore): string {
  const hash = createHash('sha256').update(facts.of(join(output, '.config'))?.digest ?? '')
  for (const [path, state] of files) hash.update(`${path}\0${state}\n`)
  return hash.digest('hex')
}

async function move(objects: readonly string[], from: string, to: string): Promise<void> {
  for (const object of objects) {
    const command = join(dirname(object), `.${basename(object)}.cmd`)
    for (const path of [object, command]) {
      if (!existsSync(join(from, path))) continue
      await mkdir(dirname(join(to, path)), { recursive: true })
      await rename(join(from, path), join(to, path))
    }
  }
}
