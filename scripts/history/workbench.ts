import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openSource } from '../mutate/kernel-source.ts'
import { readStoredTypes, type ObjectTypes } from '../mutate/stored-types.ts'
import { rowsOf } from '../mutate/workbench.ts'
import { breakingParts } from './breaking-parts.ts'
import { differenceOf } from './difference.ts'
import { harmlessParts } from './harmless-parts.ts'
import { makeHistory, openHistory, type History } from './make-history.ts'
import { planHistory, type Plan, type Size } from './plan.ts'

const stored = resolve(import.meta.dirname, '../../whitelists/debian-12/amd64')

/** What a history is made from, and where all that belongs to it stands. */
export interface Wanted {
  readonly older: string
  readonly newer: string
  readonly seed: string
  readonly size: Size
  readonly folder: string
  readonly cli: string
  /** Objects whose protected symbols are on the list; absent: all of the shipped list. */
  readonly objects?: readonly string[]
  /** Options that are switched off, to be quick; none that a type of these objects depends on. */
  readonly without?: readonly string[]
}

/** A history, what is true about it, and how the bundle is called. */
export interface Workbench {
  readonly plan: Plan
  readonly history: History
  readonly folder: string
  readonly cli: string
  /** The work folder of the bundle. */
  readonly builds: string
  /** What every command of the bundle is told. */
  readonly where: readonly string[]
}

/** The rows of the shipped list whose symbols are wanted, and the heads of sections. */
function linesOf({ objects }: Wanted, types: readonly ObjectTypes[]): readonly string[] {
  const objectOf = new Map(types.flatMap((one) => one.exports.map((symbol) => [symbol, one.object] as const)))
  return readFileSync(join(stored, 'kabi_whitelist'), 'utf8')
    .split('\n')
    .filter((line) => {
      const [, symbol] = line.split('\t')
      return symbol === undefined || !objects || objects.includes(objectOf.get(symbol) ?? '')
    })
}

/** Makes the history, or opens the one that an earlier run made for the same plan. */
export async function openWorkbench(wanted: Wanted, again = false): Promise<Workbench> {
  const { older, folder, cli } = wanted
  const types = readStoredTypes(gunzipSync(readFileSync(join(stored, 'symtypes.gz'))).toString())
  const list = linesOf(wanted, types)
  const plan = planOf(wanted, types, new Set(rowsOf(list.join('\n')).map(({ symbol }) => symbol)))
  const repository = join(folder, 'linux')
  const note = join(folder, 'made-after')
  const text = createHash('sha256')
    .update(JSON.stringify([older, plan]))
    .digest('hex')
  mkdirSync(folder, { recursive: true })
  const isMade = existsSync(note) && readFileSync(note, 'utf8') === text
  const history =
    isMade && !again ? openHistory(repository, plan) : await makeHistory(repository, older, plan)
  writeFileSync(note, text)
  const builds = join(folder, 'builds')
  const config = makeConfiguration(wanted, list)
  const where = ['--config', config, '--source', repository, '--work-dir', builds, '--variant', 'amd64']
  return { plan, history, folder, cli, builds, where }
}

function planOf(
  { older, newer, seed, size }: Wanted,
  types: readonly ObjectTypes[],
  list: ReadonlySet<string>,
): Plan {
  const difference = differenceOf(older, newer)
  const isProtected = (symbol: string): boolean => list.has(symbol)
  const breaking = breakingParts(openSource(older, 'arch/x86'), types, isProtected, difference)
  return planHistory(seed, size, breaking, harmlessParts(older, types, difference))
}

/** The gate stands outside of the tree, as its commits have none. A part of the list has no types and no record of the release. */
function makeConfiguration({ folder, objects, without = [] }: Wanted, list: readonly string[]): string {
  const gate = join(folder, 'gate')
  rmSync(gate, { recursive: true, force: true })
  mkdirSync(join(gate, 'amd64'), { recursive: true })
  if (objects) {
    cpSync(join(stored, 'config.gz'), join(gate, 'amd64/config.gz'))
    writeFileSync(join(gate, 'amd64/kabi_whitelist'), list.join('\n'))
  } else cpSync(stored, join(gate, 'amd64'), { recursive: true })
  const off = without.map((option) => `, ${option}: n`).join('')
  const lines = [
    ...['version: 1', 'whitelists: .', 'defaults:', '  config:'],
    `    set: { MODULE_SIG_KEY: certs/signing_key.pem, SYSTEM_TRUSTED_KEYS: ''${off} }`,
    ...['variants:', '  amd64: { arch: x86_64, config: amd64/config.gz }', ''],
  ]
  writeFileSync(join(gate, 'kabi.yml'), lines.join('\n'))
  return join(gate, 'kabi.yml')
}
