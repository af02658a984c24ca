import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { isDeepStrictEqual, parseArgs, promisify } from 'node:util'

/**
 * Holds `module check --kernels` against kmod: what each module was built with is asked of `modprobe --dump-modversions` and `modinfo`, and
 * joined here, with no code of src/, with the text of each Module.symvers. Every cell has to have the same state, and the same symbols with
 * the same two checksums.
 *
 * Usage: node --import tsx scripts/modules/matrix-truth.ts --modules FOLDER --own SYMVERS SYMVERS...
 * FOLDER has the modules of one kernel, SYMVERS is its Module.symvers: its third column says which module exports a symbol.
 */

const { values, positionals: tables } = parseArgs({
  allowPositionals: true,
  options: { modules: { type: 'string' }, own: { type: 'string' } },
})
const { modules: folder, own } = values
if (!folder || !own || tables.length === 0)
  throw new Error('--modules, --own and a Module.symvers are needed')

const run = promisify(execFile)
const mostOutput = { maxBuffer: 512 * 1024 * 1024 }

interface Module {
  readonly file: string
  readonly name: string
  readonly versions: ReadonlyMap<string, string>
  readonly license: string
  readonly namespaces: ReadonlySet<string>
}

interface Row {
  readonly crc: string
  readonly module: string
  readonly gpl: boolean
  readonly namespace: string
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ko(?:\.(?:gz|xz|zst))?$/.test(file))
  .map((file) => join(resolve(folder), file))

async function readModule(file: string): Promise<Module> {
  const [versions, license, namespaces] = await Promise.all([
    run('modprobe', ['--dump-modversions', file], mostOutput),
    run('modinfo', ['-F', 'license', file]),
    run('modinfo', ['-F', 'import_ns', file]),
  ])
  const lines = (text: string) => text.split('\n').filter(Boolean)
  return {
    file,
    name: basename(file).replace(/\.ko(?:\.\w+)?$/, ''),
    versions: new Map(
      lines(versions.stdout).map((line) => line.split('\t').toReversed() as [string, string]),
    ),
    license: lines(license.stdout)[0] ?? '',
    namespaces: new Set(lines(namespaces.stdout)),
  }
}

function readTable(file: string): ReadonlyMap<string, Row> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [crc = '', symbol = '', module = '', type = '', namespace = ''] = line.split('\t')
      return [symbol, { crc, module: basename(module), gpl: type.includes('GPL'), namespace }]
    }),
  )
}

/** What the loader would say of one symbol: nothing, or what is wrong. */
function fault(module: Module, symbol: string, built: string, row: Row | undefined): string | undefined {
  if (!row) return 'not-exported'
  if (row.crc !== '0x00000000' && row.crc !== built) return `${built} ${row.crc}`
  if (symbol === 'module_layout') return undefined
  if (row.namespace !== '' && !module.namespaces.has(row.namespace)) return 'namespace'
  return row.gpl &&
    !/^(?:GPL|GPL v2|GPL and additional rights|Dual (?:BSD|MIT|MPL)\/GPL)$/.test(module.license)
    ? 'gpl-only'
    : undefined
}

type Faults = ReadonlyMap<string, string>

/** What is wrong with every module on a kernel. What another module has counts where that one loads. */
function expectedOn(
  modules: readonly Module[],
  table: ReadonlyMap<string, Row>,
): ReadonlyMap<string, Faults> {
  const bad = new Set<string>()
  for (;;) {
    const before = bad.size
    const all = modules.map((module) => {
      const faults = new Map<string, string>()
      for (const [symbol, built] of module.versions) {
        const found = fault(module, symbol, built, table.get(symbol))
        const owner = exporters.get(symbol)?.module ?? 'vmlinux'
        const lent = owner !== 'vmlinux' && owner !== module.name && given.has(owner)
        if (found !== undefined && !(lent && !bad.has(owner)))
          faults.set(symbol, lent && found === 'not-exported' ? `needs ${owner}` : found)
      }
      if (faults.size > 0) bad.add(module.name)
      return [module.file, faults] as const
    })
    if (bad.size === before) return new Map(all)
  }
}

interface Report {
  readonly kernels: readonly { readonly file: string }[]
  readonly modules: readonly {
    readonly file: string
    readonly cells: readonly { readonly state: string; readonly reasons: readonly number[] }[]
  }[]
  readonly reasons: readonly {
    readonly kind: string
    readonly symbol: string
    readonly built: string | null
    readonly expected: string | null
    readonly module: string | null
  }[]
}

async function reported(): Promise<Report> {
  const cli = resolve(import.meta.dirname, '../../dist/cli.js')
  const kernels = tables.flatMap((table) => ['--kernels', table])
  const asked = [cli, 'module', 'check', ...kernels, '--json', folder ?? '']
  // It ends with 1 where a module does not load.
  const { stdout } = await run(process.execPath, asked, mostOutput).catch(
    (error: unknown) => error as { stdout: string },
  )
  return JSON.parse(stdout) as Report
}

const exporters = readTable(own)
const modules: Module[] = []
for (let at = 0; at < files.length; at += 8)
  modules.push(...(await Promise.all(files.slice(at, at + 8).map(readModule))))
const given = new Set(modules.map(({ name }) => name))
const report = await reported()

let cells = 0
let symbols = 0
const different: string[] = []
for (const [column, { file: table }] of report.kernels.entries()) {
  const expected = expectedOn(modules, readTable(table))
  const states = new Map<string, number>()
  for (const { file, cells: row } of report.modules) {
    const cell = row[column]
    const found = new Map(
      (cell?.reasons ?? []).flatMap((index) => {
        const reason = report.reasons[index]
        if (!reason) return []
        const { kind, symbol, built, expected: has, module } = reason
        if (kind === 'needs') return [[symbol, `needs ${module ?? ''}`] as const]
        return [[symbol, built === null ? kind : `${built} ${has ?? ''}`] as const]
      }),
    )
    const faults = expected.get(file) ?? new Map<string, string>()
    const state = cell?.state ?? 'none'
    states.set(state, (states.get(state) ?? 0) + 1)
    cells++
    symbols += faults.size
    if (!isDeepStrictEqual(found, faults) || faults.size > 0 !== (state === 'refused'))
      different.push(`${table} ${file}: ${state}, ${found.size} symbols, by kmod ${faults.size}`)
  }
  console.log(`${table}: ${[...states].map(([state, count]) => `${count} ${state}`).join(', ')}`)
}
console.log(
  `${modules.length} modules, ${report.kernels.length} kernels: ${cells} cells, ${symbols} symbols that do not fit, ${different.length} cells different`,
)
for (const one of different.slice(0, 20)) console.log(`  ${one}`)
process.exitCode = cells > 0 && cells === files.length * tables.length && different.length === 0 ? 0 : 1
