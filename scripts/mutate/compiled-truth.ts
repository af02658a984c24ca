import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { compileObjects } from '../kernel-build.ts'
import type { Draft, ProtectedSymbol } from './draft.ts'
import type { Joint } from './judge-case.ts'
import { variants, type Workbench } from './workbench.ts'

/** What a compiled object says of one export. */
interface CompiledExport {
  readonly crc: number | undefined
  readonly type: string
  readonly namespace: string
}

/**
 * Compiles objects that an edit reaches and says in which points they are not as expected: which protected symbols they
 * export, how, and with which checksum. Undefined when one does not compile. The edit is in the tree already.
 */
export async function compiledTruth(
  bench: Workbench,
  { compile = [] }: Draft,
  joint: Joint,
): Promise<readonly string[] | undefined> {
  const folder = join(bench.folder, 'compile')
  const build = {
    ...variants[bench.variant],
    tree: bench.tree,
    folder,
    config: join(bench.list, 'config.gz'),
  }
  const objects = compile.map((object) => `${object}.o`)
  const made = await compileObjects(build, objects, '-g0 -Wno-error')
  if (made.length < objects.length) return undefined
  const wrong: string[] = []
  for (const object of compile) {
    const found = await compiledExports(folder, object)
    for (const row of [...bench.symbols.values()].filter((one) => one.object === object))
      wrong.push(...differences(row, found.get(row.symbol), joint))
  }
  return wrong
}

function differences(row: ProtectedSymbol, found: CompiledExport | undefined, joint: Joint): string[] {
  const { symbol } = row
  const has = (kind: string): boolean => joint.findings.has(`${kind} ${symbol}`)
  if (has('removed')) return found ? [`compiled: ${symbol} is there`] : []
  if (!found) return [`compiled: ${symbol} is not there`]
  const type = has('export-type') ? 'EXPORT_SYMBOL_GPL' : row.type
  const namespace = has('namespace') ? 'KABI_MUTATION' : row.namespace
  const crc = joint.findings.get(`changed ${symbol}`)?.crc ?? row.crc
  return [
    ...(found.type === type ? [] : [`compiled: ${symbol} is ${found.type}`]),
    ...(found.namespace === namespace ? [] : [`compiled: ${symbol} is in namespace "${found.namespace}"`]),
    ...(found.crc === crc ? [] : [`compiled: ${symbol} has ${hex(found.crc)} instead of ${hex(crc)}`]),
  ]
}

function hex(crc: number | undefined): string {
  return crc === undefined ? 'no checksum' : `0x${crc.toString(16).padStart(8, '0')}`
}

/** Exports by the sections that the object has for them, checksums from what kbuild recorded beside it. */
async function compiledExports(build: string, object: string): Promise<ReadonlyMap<string, CompiledExport>> {
  const path = join(build, `${object}.o`)
  const recorded = readFileSync(join(build, dirname(object), `.${basename(object)}.o.cmd`), 'utf8')
  const crcs = new Map(
    [...recorded.matchAll(/^#SYMVER (\S+) (0x[0-9a-f]+)$/gm)].map((match) => [
      match[1] ?? '',
      Number(match[2]),
    ]),
  )
  const sections = await readelf('-SW', path)
  const symbols = await readelf('-sW', path)
  const bytes = readFileSync(path)
  const offsets = new Map<string, number>()
  for (const match of sections.matchAll(/^\s*\[\s*(\d+)\] \S+\s+\S+\s+[0-9a-f]+ ([0-9a-f]+)/gm))
    offsets.set(match[1] ?? '', Number.parseInt(match[2] ?? '', 16))
  const namespaces = new Map<string, string>()
  for (const match of symbols.matchAll(/: ([0-9a-f]+)\s+\d+ \w+\s+\w+\s+\w+\s+(\d+) __kstrtabns_(\S+)$/gm)) {
    const start = Number.parseInt(match[1] ?? '', 16) + (offsets.get(match[2] ?? '') ?? 0)
    namespaces.set(match[3] ?? '', bytes.toString('latin1', start, bytes.indexOf(0, start)))
  }
  const found = new Map<string, CompiledExport>()
  for (const match of sections.matchAll(/ ___ksymtab(_gpl)?\+(\S+) /g)) {
    const symbol = match[2] ?? ''
    const type = `EXPORT_SYMBOL${match[1] === undefined ? '' : '_GPL'}`
    found.set(symbol, { crc: crcs.get(symbol), type, namespace: namespaces.get(symbol) ?? '' })
  }
  return found
}

function readelf(what: string, path: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile('readelf', [what, path], { maxBuffer: 2 ** 28 }, (error, stdout) => {
      if (error) fail(new Error(`${path}: ${error.message}`))
      else done(stdout)
    })
  })
}
