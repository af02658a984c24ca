import { stableGuard } from '../../src/judge/variant-case.ts'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import type { Basis, Collected, Evidence, How, KernelBuild } from '../../src/abi/evidence.ts'
import { exportTypes, isModuleName, isNamespace, isSymbolName, type Export } from '../../src/abi/export.ts'
import { problemTexts, type Problem, type ProblemKind } from '../../src/problem/problem.ts'
import { readEvidence } from '../../src/evidence/read-evidence.ts'
import { arbitraryLayouts } from '../abi/layouts/arbitrary-layouts.ts'
import { resolveDependencies } from '../../src/evidence/resolve-dependencies.ts'
import { writeEvidence } from '../../src/evidence/write-evidence.ts'
import { explainVariant } from '../../src/explain/explain-variant.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { checksumRow } from '../abi/checksum-row.ts'
import { checksumOf } from '../abi/symtypes-oracle.ts'
import { kernel, patched } from '../whitelists/fake-kernel-tree.ts'
import { collector, commit, expected, sampleEvidence, symbols } from './sample-evidence.ts'

const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
const text = fc.string({ unit: 'grapheme', maxLength: 30 })
const symbol = fc.stringMatching(/^[A-Za-z_.$][\w.$]{0,12}$/).filter(isSymbolName)
const line = fc.nat(100_000)
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

const notes = Object.keys(problemTexts).filter((kind) => problemTexts[kind as ProblemKind].class === 'note')

const note: fc.Arbitrary<Problem> = fc
  .record({
    kind: fc.constantFrom(...(notes as ProblemKind[])),
    message: text,
    place: optional(fc.record({ file: text, line: optional(line) }).map(defined)),
    variant: fc.constant('x86_64'),
    excerpt: optional(fc.array(text, { maxLength: 3 })),
    advice: optional(text),
  })
  .map((one) => defined(one) as Problem)

const symvers = fc
  .record({
    file: text,
    typed: fc.boolean(),
    rows: fc.uniqueArray(
      fc.record({
        symbol,
        crc: fc.nat(0xffffffff),
        module: fc.stringMatching(/^[!-~]{1,12}$/).filter(isModuleName),
        type: fc.constantFrom(...exportTypes),
        namespace: optional(fc.stringMatching(/^[!-~]{0,8}$/).filter(isNamespace)),
        file: text,
        line,
      }),
      { selector: (row) => row.symbol, maxLength: 20 },
    ),
  })
  .map(({ file, typed, rows }) => ({
    file,
    exports: rows.map((row): Export => (typed ? row : { ...row, type: undefined, namespace: undefined })),
  }))

const how: fc.Arbitrary<How> = fc
  .record({
    strategy: fc.constantFrom('exports' as const, 'full' as const, 'prebuilt' as const),
    source: optional(text),
    compiler: optional(text),
    configDigest: optional(digest),
    seconds: fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs),
  })
  .map((one) => defined(one) as How)

const build: fc.Arbitrary<KernelBuild> = fc
  .record({
    arch: fc.stringMatching(/^[a-z0-9_]{1,10}$/),
    kernel: optional(text),
    genksyms: digest,
    options: fc
      .array(fc.tuple(fc.stringMatching(/^CONFIG_\w{1,10}$/), text), { maxLength: 8 })
      .map((pairs) => new Map(pairs)),
    objects: optional(
      fc
        .array(
          fc.tuple(fc.stringMatching(/^[a-z]{1,5}\/[a-z]{1,5}\.o$/), fc.array(symbol, { maxLength: 4 })),
          {
            maxLength: 5,
          },
        )
        .map(
          (pairs) =>
            new Map(
              pairs.map(([object, exports]) => [object, { exports, types: undefined, dependencies: [] }]),
            ),
        ),
    ),
  })
  .map(({ objects, ...rest }): KernelBuild => (objects ? { ...rest, objects } : rest))

const path = fc.array(
  text.map((one) => `x${one.replaceAll(/[/\0]/g, '')}`),
  { minLength: 1, maxLength: 3 },
)

const basis: fc.Arbitrary<Basis> = fc.record({
  files: fc.array(path.map((parts) => parts.join('/'))).map((all) => new Set(all)),
  names: fc.array(text.filter((one) => one !== '')).map((all) => new Set(all)),
  asksForFiles: fc.boolean(),
  configuration: digest,
  setup: digest,
  layouts: digest,
})

const evidence: fc.Arbitrary<Evidence> = fc
  .record({
    kind: fc.constant('evidence' as const),
    variant: fc.constant('x86_64'),
    symvers,
    how,
    tree: optional(fc.oneof(fc.record({ digest }), fc.constant({ commit }))),
    build: optional(build),
    layouts: optional(arbitraryLayouts),
    carried: optional(fc.record({ from: fc.constant(commit), changed: line, read: line })),
    basis: optional(basis),
    notes: fc.array(note, { maxLength: 4 }),
  })
  .map((one) => defined(one) as Evidence)

/** The packed files stand beside what the record says of the build. */
function withoutSent(one: Collected | undefined): Collected | undefined {
  if (one?.kind !== 'evidence' || !one.build) return one
  const build: { -readonly [Key in keyof KernelBuild]: KernelBuild[Key] } = { ...one.build }
  delete build.sent
  return { ...one, build }
}

describe('evidence that was written', () => {
  it('is read as it was, whatever it says', async () => {
    const folder = temporaryFolder()
    await fc.assert(
      fc.asyncProperty(evidence, async (one) => {
        expect(await writeEvidence(folder, one, collector, symbols)).toEqual([])
        const read = await readEvidence(join(folder, 'x86_64'), expected)
        expect({ ...read, value: withoutSent(read.value) }).toEqual({ value: one, problems: [] })
      }),
      { numRuns: runs(200) },
    )
  }, 60_000)

  it('takes along the types that a build made, of which there are no objects, as far as they are its own', async () => {
    const folder = temporaryFolder()
    const { build, ...one } = sampleEvidence(folder)
    const path = join(folder, 'made')
    for (const object of ['a', 'b']) {
      mkdirSync(join(path, 'lib'), { recursive: true })
      writeFileSync(join(path, `lib/${object}.symtypes`), kernel[`lib/${object}.o`] ?? '')
    }
    writeFileSync(join(path, 'lib/c.symtypes'), 'other int other ( void ) \n')
    const how = { strategy: 'prebuilt', seconds: 1 } as const
    for (const made of [
      { ...one, how },
      { ...one, build: { ...build, objects: undefined } as unknown as KernelBuild },
    ]) {
      const given: Evidence = { ...made, types: { kind: 'path', path } }
      expect(await writeEvidence(folder, given, collector, symbols)).toEqual([])
      const { value } = await readEvidence(join(folder, 'x86_64'), expected)
      const row = (symbol: string) => ({ ...checksumRow(symbol, 1), file: 'w' })
      const list = { file: join(folder, 'w'), dialect: 'canonical' as const, rows: [row('f'), row('h')] }
      writeFileSync(join(folder, 'w.symtypes.gz'), gzipSync('/* a.o */\nf long f\nh long h\n'))
      if (value?.kind !== 'evidence') throw new Error('no evidence')
      expect(value.types).toMatchObject({ kind: 'sent' })
      const old = new Map(['f', 'h'].map((name) => [name, checksumOf(`long ${name} `)]))
      const rows = list.rows.map((one) => ({ ...one, crc: old.get(one.symbol) }))
      const explained = await explainVariant(
        stableGuard({ whitelist: { ...list, rows }, collected: value }),
        value,
      )
      expect([explained.problems, explained.value?.causesOf.size]).toEqual([[], 2])
    }
  })

  it('keeps failures with their problems', async () => {
    const folder = temporaryFolder()
    const problems = [
      { kind: 'build-failed', variant: 'x86_64', message: 'no', excerpt: ['a', 'b'] } as const,
    ]
    const failure = { kind: 'failure', variant: 'x86_64', problems } as const
    expect(await writeEvidence(folder, failure, collector, symbols)).toEqual([])
    expect(await readEvidence(join(folder, 'x86_64'), expected)).toEqual({ value: failure, problems: [] })
  })

  it('explains changes as the evidence of the machine that collected it does', async () => {
    const folder = temporaryFolder()
    const old = sampleEvidence(join(folder, 'old'))
    const baseline = join(folder, 'list')
    await writeEvidence(join(folder, 'baseline'), old, collector, symbols)
    mkdirSync(baseline)
    writeFileSync(join(baseline, 'symtypes.gz'), readFileSync(join(folder, 'baseline/x86_64/symtypes.gz')))
    const file = join(baseline, 'kabi_whitelist')
    writeFileSync(file, '')
    const rows = old.symvers.exports.map((row) => ({ ...row, section: '' }))
    const whitelist = { file, dialect: 'canonical' as const, rows }
    const here = sampleEvidence(join(folder, 'new'), patched)
    await writeEvidence(join(folder, 'evidence'), here, collector, symbols)
    const there = await readEvidence(join(folder, 'evidence/x86_64'), expected)
    if (there.value?.kind !== 'evidence') throw new Error(JSON.stringify(there))
    const explained = await explainVariant(stableGuard({ whitelist, collected: here }), here)
    expect(explained.value?.causes).toHaveLength(1)
    const again = await explainVariant(stableGuard({ whitelist, collected: there.value }), there.value)
    // A function is equal to itself alone.
    expect({ ...again.value, restores: undefined }).toEqual({ ...explained.value, restores: undefined })
  })
})

describe('the files that objects read', () => {
  async function dependenciesWith(change: (tree: string) => void, wanted: ReadonlySet<string> = symbols) {
    const folder = temporaryFolder()
    const source = join(folder, 'linux')
    await writeEvidence(folder, sampleEvidence(folder, undefined, source), collector, symbols)
    change(source)
    const read = await readEvidence(join(folder, 'x86_64'), expected)
    if (read.value?.kind !== 'evidence') throw new Error(JSON.stringify(read))
    const { build } = await resolveDependencies(read.value, wanted, source)
    const files = build?.objects?.get('lib/a.o')?.dependencies ?? []
    return { files: files.map((path) => path.replace(`${source}/`, '')), texts: build?.texts }
  }
  const header = '/dev/null/x86_64/include/generated/autoconf.h'

  it('are found in the tree, and the header of the configuration is made again', async () => {
    const { files, texts } = await dependenciesWith(() => undefined)
    expect(files).toEqual(['lib/a.c', header, 'include/x.h'])
    expect(texts?.get(header)).toBe(
      '#define CONFIG_SMP 1\n#define CONFIG_TEXT "a b"\n#define CONFIG_USB_MODULE 1\n',
    )
  })

  it('are looked for where an object is to be explained, and nowhere else', async () => {
    const { files } = await dependenciesWith(() => undefined, new Set(['another']))
    expect(files).toEqual([])
  })

  it('are not followed out of the tree', async () => {
    const { files } = await dependenciesWith((tree) => {
      rmSync(join(tree, 'include/x.h'))
      symlinkSync('/etc/passwd', join(tree, 'include/x.h'))
    })
    expect(files).toEqual(['lib/a.c', header])
  })
})
