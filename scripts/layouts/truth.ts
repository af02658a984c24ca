import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { parse } from 'yaml'
import type { Layouts, TypeLayout } from '../../src/abi/layouts/layout.ts'
import { memberOffsets } from '../../src/abi/layouts/leaves.ts'
import { parseLayouts } from '../../src/abi/layouts/parse-layouts.ts'
import { readDwarfTypes } from '../../src/kernel/layouts/dwarf-layouts.ts'
import { readDebugTypes } from '../../src/kernel/layouts/read-debug-types.ts'
import { scrubbedEnvironment } from '../../src/processes/scrubbed-environment.ts'
import { compileObjects, type KernelBuild } from '../kernel-build.ts'
import { randomFrom } from '../mutate/random.ts'
import { readStoredTypes } from '../mutate/stored-types.ts'

/**
 * Holds the layouts of a list against objects that were compiled as the kernel is, with `-O2` and debug information: every
 * definition that an object has, read by kabi-gate's own reader, and once more by pahole.
 *
 * Usage: node --import tsx scripts/layouts/truth.ts --tree LINUX --work FOLDER --variant NAME [--seed WORD] [--count OBJECTS]
 * [--family LISTS]. LINUX is the source of the release that the lists were made of; LISTS has them in a folder a variant, beside a kabi.yml, and is
 * that of Debian 12 unless given. A build of an earlier run in the folder is used again.
 */

const { tree, work, variant, seed, count, family } = parseArgs({
  options: {
    tree: { type: 'string' },
    work: { type: 'string' },
    variant: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '60' },
    family: { type: 'string', default: resolve(import.meta.dirname, '../../whitelists/debian-12') },
  },
}).values
if (!tree || !work || !variant) throw new Error('--tree, --work and --variant are needed')

const list = join(family, variant)

function buildOf(name: string, source: string, folder: string): KernelBuild {
  const { variants } = parse(readFileSync(join(family, 'kabi.yml'), 'utf8')) as {
    variants: Record<string, { arch: string; 'cross-compile'?: string; llvm?: true; config: string }>
  }
  const found = variants[name]
  if (!found) throw new Error(`${name} is no variant of ${family}`)
  const { arch, 'cross-compile': tools = '', llvm, config } = found
  const compiler = llvm ? { llvm: '1' } : {}
  return {
    ...{ tree: resolve(source), folder: resolve(folder, name), arch, tools, ...compiler },
    config: join(family, config),
  }
}

function readLayouts(): Layouts {
  const file = join(list, 'layouts.gz')
  const { value, problems } = parseLayouts(gunzipSync(readFileSync(file)).toString(), file)
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'))
  return value
}

/** Some of the objects whose exports are protected, that are made from C. */
function objectsOf(source: string): readonly string[] {
  const stored = readStoredTypes(gunzipSync(readFileSync(join(list, 'symtypes.gz'))).toString())
  const fromC = stored
    .filter(({ exports, object }) => exports.length > 0 && existsSync(join(source, `${object}.c`)))
    .map(({ object }) => `${object}.o`)
  return randomFrom(`${seed} ${variant}`)
    .shuffled([...new Set(fromC)].sort())
    .slice(0, Number(count))
}

/** An object does not say how its types are aligned. */
function withoutAlign(layout: TypeLayout): TypeLayout {
  if (layout.kind === 'enum') return layout
  const { kind, size, members } = layout
  return { kind, size, members }
}

const layouts = readLayouts()
const session = { env: scrubbedEnvironment(process.env), signal: new AbortController().signal }
const own = { objects: 0, definitions: 0, types: new Set<string>() }
const pahole = { objects: 0, definitions: 0, members: 0, types: new Set<string>() }
const different: string[] = []

function compareOwn(object: string): void {
  const types = readDwarfTypes(readFileSync(object))
  if (types.kind === 'fault') return void different.push(`${object} ${types.reason}`)
  own.objects++
  for (const [name, { value }] of layouts.types) {
    const found = types.layoutsOf(name)
    if (found.length === 0) continue
    own.definitions++
    own.types.add(name)
    if (!found.every((one) => isDeepStrictEqual(withoutAlign(one), withoutAlign(value))))
      different.push(`${object} ${name}`)
  }
}

async function comparePahole(object: string): Promise<void> {
  const { value: types, problems } = await readDebugTypes(object, session)
  if (!types) return void different.push(`${object} ${problems[0]?.message ?? ''}`)
  pahole.objects++
  for (const [name, { value }] of layouts.types) {
    if (value.kind === 'enum') continue
    const offsets = memberOffsets(value)
    for (const one of types.layoutsOf(name)) {
      if (one.kind === 'enum') continue
      pahole.definitions++
      pahole.types.add(name)
      if (one.size !== value.size) different.push(`${object} ${name}: ${one.size} bytes, by pahole`)
      for (const [member, offset] of memberOffsets(one)) {
        pahole.members++
        if (offsets.get(member) !== offset) different.push(`${object} ${name}.${member}, by pahole`)
      }
    }
  }
}

const wanted = objectsOf(tree)
const build = buildOf(variant, tree, work)
// As the kernel is compiled, and with debug information of all types.
const flags = '-gdwarf-4 -fno-eliminate-unused-debug-types -Wno-error'
const objects = await compileObjects(build, wanted, flags)
for (const object of objects.map((one) => join(build.folder, one))) {
  compareOwn(object)
  await comparePahole(object)
}
console.log(
  `${variant}, seed ${seed}: ${objects.length} of ${wanted.length} objects compiled; by kabi-gate's reader ${own.definitions} definitions of ${own.types.size} types in ${own.objects} objects; by pahole ${pahole.definitions} definitions of ${pahole.types.size} types, ${pahole.members} members, in ${pahole.objects} objects; ${different.length} different`,
)
for (const one of different.slice(0, 20)) console.log(`  ${one}`)
process.exitCode = objects.length === wanted.length && objects.length > 0 && different.length === 0 ? 0 : 1
