import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { symtypesChecksums } from '../src/abi/symtypes-checksums.ts'
import { loadPlan } from '../src/config/load-plan.ts'
import { planDigest } from '../src/config/plan-digest.ts'
import { fileNames, limits } from '../src/evidence/limits.ts'
import { formatRecord } from '../src/evidence/parse-record.ts'
import { sha256 } from '../src/evidence/sha256.ts'
import type { EvidenceRecord } from '../src/evidence/record.ts'
import { tool } from '../src/version.ts'
import { costOf } from './cost-of.ts'

/**
 * What the evidence of one variant can cost that was made to cost much: each file as large as is just accepted, and the
 * protected symbol changed, so that an explanation opens what there is. The last one has all of them at once.
 */

const bundle = resolve(import.meta.dirname, '../dist/cli.js')
const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))

interface Leg {
  /** Rows behind that of the protected symbol. */
  readonly symvers?: string
  readonly types?: string
  readonly dependencies?: string
  /** Objects, and what each exports. */
  readonly objects?: readonly (readonly [string, readonly string[]])[]
}

/** Texts until there are so many, or so many bytes. */
function upTo(count: number, bytes: number, textOf: (index: number) => string): string[] {
  const texts: string[] = []
  for (let index = 0; index < count; index++) {
    const text = textOf(index)
    bytes -= Buffer.byteLength(text)
    if (bytes < 0) break
    texts.push(text)
  }
  return texts
}

const name = (index: number) => index.toString(36)
const row = (symbol: string, crc: number) =>
  `0x${crc.toString(16).padStart(8, '0')}\t${symbol}\tm\tEXPORT_SYMBOL\t\n`
const { unpacked, lines, references, line } = limits.types
const export_ = 'one int one ( s#0 * ) \n'
const head = '/* a.symtypes */\n'
const room = unpacked - 2 * head.length - export_.length - 1000
/** The record has to have a place for each row, some twelve bytes. */
const rows = upTo(300_000, limits.symvers.bytes - 100, (index) => row(`s${name(index)}`, index + 1)).join('')

const chain = [
  head,
  ...upTo(lines - 10, room, (at) => `s#${name(at)} struct x { s#${name(at + 1)} * a ; } \n`),
]
const closed = (texts: readonly string[]) => [...texts, `s#${name(texts.length - 1)} x \n`, export_].join('')
const wide = Math.floor((line - 100) / 's#0 '.length)
const dependencies = (tree: readonly string[], objects: readonly unknown[]) =>
  JSON.stringify({ version: 1, tree, generated: [], objects }) + '\n'
const objects: NonNullable<Leg['objects']> = upTo(49_000, 1_500_000, (at) => `o${name(at)}.o`).map((path) => [
  path,
  [],
])

const legs: Readonly<Record<string, Leg>> = {
  'nothing but a row': {},
  'as many rows as fit': { symvers: rows },
  'types: a chain of short records': { types: closed(chain) },
  'types: short records that nothing reaches': {
    types: [
      head,
      's#0 x \n',
      ...upTo(lines - 10, room, (at) => `s#n${name(at)} struct x { int a ; } \n`),
      export_,
    ].join(''),
  },
  'types: long records': {
    types: [
      head,
      's#0 x \n',
      ...upTo(lines, room, (at) => `s#n${name(at)} struct x { ${'int a ; '.repeat((line - 100) / 8)}} \n`),
      export_,
    ].join(''),
  },
  'types: as many references as fit': {
    types: [
      head,
      's#0 x \n',
      ...upTo(
        Math.floor((references - 100) / (wide + 1)),
        room,
        (at) => `s#n${name(at)} ${'s#0 '.repeat(wide)}\n`,
      ),
      export_,
    ].join(''),
  },
  'types: objects that repeat a closure': {
    objects: [['a.o', ['one']], ...objects],
    types: [
      head,
      ...upTo(200, room, (at) => `s#${name(at)} struct x { s#${name(at + 1)} * a ; } \n`),
      `s#${name(200)} x \n`,
      export_,
      ...objects.map(([path], at) => `/* ${path.replace('.o', '.symtypes')} */\nx${at} s#0 \n`),
    ].join(''),
  },
  'types: one closure as long as fits': {
    types: [
      head,
      's#0 x \n',
      ...upTo(lines - 10, room, (at) => `s#n${name(at)} struct x { int a ; } \n`),
      `one int one ( ${'s#0 '.repeat(1000)}) \n`,
    ].join(''),
  },
  'dependencies: paths': {
    dependencies: dependencies(
      upTo(200_000, limits.dependencies.unpacked - 400_000, (at) => `d/${name(at)}`),
      [['a.o', Array.from({ length: 30_000 }, (_, at) => at)]],
    ),
  },
  'dependencies: numbers': {
    dependencies: dependencies(
      ['a'],
      [['a.o', Array.from({ length: limits.dependencies.unpacked / 2 - 100 }, () => 0)]],
    ),
  },
  'dependencies: objects': {
    dependencies: dependencies(
      ['a'],
      upTo(49_990, limits.dependencies.unpacked * 0.8, (at) => `${name(at)}/${'o'.repeat(100)}.o`).map(
        (path) => [path, [0]],
      ),
    ),
  },
  'all of them': {
    symvers: rows.slice(0, rows.indexOf('\n', rows.length / 2) + 1),
    objects: [['a.o', ['one']], ...objects.slice(0, 20_000)],
    types: closed(chain),
    dependencies: dependencies(
      ['a'],
      [['a.o', Array.from({ length: limits.dependencies.unpacked / 2 - 100 }, () => 0)]],
    ),
  },
}

try {
  mkdirSync(join(work, 'whitelists/v'), { recursive: true })
  const stored = `s#0 x y \n${export_}`
  const released = symtypesChecksums(Buffer.from(stored), 'a').value.get('one') ?? 0
  writeFileSync(join(work, 'whitelists/v/kabi_whitelist'), row('one', released))
  writeFileSync(join(work, 'whitelists/v/symtypes.gz'), gzipSync(head + stored))
  writeFileSync(
    join(work, 'kabi.yml'),
    'version: 1\nvariants:\n  v: { arch: x86_64, symvers: Module.symvers }\n',
  )
  const { value: plan } = await loadPlan(undefined, work)
  const [variant] = plan?.variants ?? []
  if (!plan || !variant) throw new Error('the plan is not understood')
  for (const [what, leg] of Object.entries(legs)) {
    const folder = join(work, 'evidence/v')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const put = (file: string, bytes: Uint8Array | string) => {
      writeFileSync(join(folder, file), bytes)
      return { [file]: { size: Buffer.byteLength(bytes), sha256: sha256(Buffer.from(bytes)) } }
    }
    const symvers = row('one', 2) + (leg.symvers ?? '')
    const record = {
      ...{ version: 2, variant: 'v', tool: { ...tool }, plan: planDigest(variant, plan.folder), base: null },
      ...{ kind: 'evidence', how: { strategy: 'exports', seconds: 0 }, tree: null },
      build: {
        arch: 'x86_64',
        genksyms: '0'.repeat(64),
        options: [],
        objects: leg.objects ?? [['a.o', ['one']]],
      },
      symvers: {
        file: 'm',
        files: ['m'],
        places: Array.from({ length: symvers.split('\n').length - 1 }, () => [0, 1]),
      },
      notes: [],
      files: {
        ...put(fileNames.symvers, symvers),
        ...(leg.types === undefined ? {} : put(fileNames.types, gzipSync(leg.types))),
        ...(leg.dependencies === undefined ? {} : put(fileNames.dependencies, gzipSync(leg.dependencies))),
      },
    }
    put(fileNames.record, formatRecord(record as unknown as EvidenceRecord))
    const args = ['judge', '--evidence', join(work, 'evidence'), '--source', work]
    const { seconds, megabytes, code, output } = costOf(bundle, args, work)
    const said = code === 1 ? '' : `  ${output.split('\n').find((text) => /not|more/.test(text)) ?? ''}`
    console.log(
      `${seconds.toFixed(1).padStart(6)} s of processor time ${String(megabytes).padStart(5)} MB  exit ${code}: ${what}${said}`,
    )
  }
} finally {
  rmSync(work, { recursive: true })
}
