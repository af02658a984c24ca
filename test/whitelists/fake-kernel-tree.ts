import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Collected, Evidence, Strategy } from '../../src/abi/evidence.ts'
import type { Export } from '../../src/abi/export.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { workspace } from '../support/workspace.ts'

/** The type dumps of a kernel, by object: `lib/a.o`. */
export type Dumps = Readonly<Record<string, string>>

/** A folder with a kabi.yml, and kernels that a test makes up instead of building them. */
export interface FakeTree {
  readonly path: (...parts: string[]) => string
  readonly write: (path: string, text: string | Uint8Array) => void
  readonly read: (path: string) => string
  /** The part of a request that says which tree and which variants. */
  readonly request: {
    readonly config: undefined
    readonly source: string
    readonly variants: readonly string[]
    readonly strategy: undefined
    readonly symvers: readonly string[]
    readonly cwd: string
    readonly workDir: string
    readonly jobs: number
    readonly signal: AbortSignal
    readonly onProgress: () => void
  }
  /** Collects kernels with these dumps; a variant that has none fails. */
  readonly collect: (kernels: Readonly<Record<string, Dumps>>, strategy?: Strategy) => typeof collectAll
}

export function fakeTree(variants: readonly string[]): FakeTree {
  const folder = workspace({
    'kabi.yml': `version: 1
defaults: { strategy: exports, config: { targets: [tinyconfig] } }
variants:
${variants.map((name) => `  ${name}: { arch: x86_64 }\n`).join('')}`,
    'include/a.h': '#ifdef CONFIG_SMP\n#endif\n',
  })
  const path = (...parts: string[]): string => join(folder, ...parts)
  const write = (file: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(path(file)), { recursive: true })
    writeFileSync(path(file), text)
  }
  return {
    path,
    write,
    read: (file) => readFileSync(path(file), 'utf8'),
    request: {
      config: undefined,
      source: folder,
      variants: [],
      strategy: undefined,
      symvers: [],
      cwd: folder,
      workDir: path('.work'),
      jobs: 1,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
    collect:
      (kernels, strategy = 'exports') =>
      (collections) =>
        Promise.resolve(
          collections.map(({ variant: { name } }): Collected => {
            const dumps = kernels[name]
            if (!dumps) {
              const problem = { kind: 'build-failed', variant: name, message: 'it does not compile' } as const
              return { kind: 'failure', variant: name, problems: [problem] }
            }
            for (const [object, text] of Object.entries(dumps)) write(join('.work', name, object), text)
            return evidenceOf(name, dumps, strategy, path)
          }),
        ),
  }
}

function evidenceOf(
  variant: string,
  dumps: Dumps,
  strategy: Strategy,
  path: FakeTree['path'],
): Evidence {
  const exports: Export[] = []
  const objects = new Map<string, { exports: string[]; types: string; dependencies: string[] }>()
  for (const [object, text] of Object.entries(dumps)) {
    const { value } = symtypesChecksums(new TextEncoder().encode(text), object)
    for (const [symbol, crc] of value) {
      exports.push({ ...{ symbol, crc, module: 'vmlinux', type: 'EXPORT_SYMBOL' }, namespace: '', file: object, line: 1 })
    }
    objects.set(object, {
      exports: [...value.keys()],
      types: path('.work', variant, object),
      dependencies: [path('include/a.h')],
    })
  }
  const build = {
    arch: 'x86_64',
    kernel: '6.1.170',
    genksyms: 'a'.repeat(64),
    options: new Map([['CONFIG_SMP', 'y']]),
  }
  const how = { strategy, source: path(), compiler: 'gcc 12', configDigest: 'b'.repeat(64), seconds: 1 }
  return {
    kind: 'evidence',
    variant,
    symvers: { file: 'tree', exports },
    notes: [],
    ...(strategy === 'prebuilt'
      ? { how: { strategy, seconds: 1 } }
      : { how, build: strategy === 'exports' ? { ...build, objects } : build }),
  }
}

/** A list of names, as `--names` reads it. */
export function namesOf(symbols: string) {
  const unknown = { crc: undefined, module: undefined, type: undefined, namespace: undefined, section: '' }
  return {
    file: 'names',
    dialect: 'names' as const,
    rows: symbols.split(' ').map((symbol, index) => ({ symbol, ...unknown, file: 'names', line: index + 1 })),
  }
}

/** Three exports of two objects; `f` and `h` reach `struct x`. */
export const kernel: Dumps = {
  'lib/a.o': 's#x struct x { int a ; } \nf int f ( s#x * ) \ng void g ( void ) \n',
  'lib/b.o': 's#x struct x { int a ; } \nh s#x h \n',
}

/** The same with another `struct x`. */
export const patched: Dumps = Object.fromEntries(
  Object.entries(kernel).map(([object, text]) => [object, text.replace('{ int a', '{ long a')]),
)
