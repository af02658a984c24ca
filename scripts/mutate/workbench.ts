import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Edit, ProtectedSymbol, Workshop } from './draft.ts'
import { openSource } from './kernel-source.ts'
import { checksumOf, readStoredTypes } from './stored-types.ts'

/** The stored lists and types that everything is held against. */
const stored = resolve(import.meta.dirname, '../../whitelists/debian-12')

export const variants = {
  amd64: { arch: 'x86_64', folder: 'arch/x86', tools: '' },
  s390x: { arch: 's390', folder: 'arch/s390', tools: 's390x-linux-gnu-' },
} as const

export type Variant = keyof typeof variants

/** Objects of the list under test and how many symbols of each: few objects, to be quick, whose types are many. */
const objectsUnderTest: Readonly<Record<string, number>> = {
  'net/core/dev': 8,
  'drivers/pci/pci': 8,
  'block/blk-mq': 6,
  'kernel/workqueue': 6,
  'drivers/base/core': 6,
  'kernel/time/timer': 4,
  'mm/mempool': 4,
  'drivers/scsi/scsi_transport_fc': 6,
  'drivers/ptp/ptp_clock': 5,
  'lib/idr': 4,
  'kernel/params': 5,
  'drivers/nvme/host/fc': 5,
  'net/ethtool/ioctl': 4,
  'drivers/dca/dca-core': 4,
  'net/mac80211/main': 4,
  'lib/kstrtox': 5,
  'kernel/notifier': 4,
}

/** One variant's copy of the kernel, its list, and the bundle under test. */
export interface Workbench extends Omit<Workshop, 'random'> {
  readonly variant: Variant
  /** The copy, which is edited and put back. */
  readonly tree: string
  readonly folder: string
  /** Where the list under test stands, and the configuration. */
  readonly list: string
  readonly cli: string
  /** SHA-256 of the bundle, its first digits. */
  readonly bundle: string
  /** What every command of the bundle is told. */
  readonly where: readonly string[]
}

/** Where a workbench stands. */
export interface Places {
  /** A tree that may be edited; files are replaced, so it may share them with another one. */
  readonly tree: string
  /** For all else that is written. */
  readonly folder: string
  /** The work folder of the bundle. */
  readonly builds: string
  readonly cli: string
}

/** The copy of a kernel in a folder, made unless an earlier run did. */
export function copyKernel(released: string, folder: string): string {
  const tree = join(folder, 'linux')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(tree)) {
    execFileSync('cp', ['-a', resolve(released), `${tree}.part`])
    renameSync(`${tree}.part`, tree)
  }
  return tree
}

/** Reads the tree and what is stored about it; puts back what a run that died has left edited. */
export function openWorkbench(variant: Variant, { tree, folder, builds, cli }: Places): Workbench {
  putBack(folder, tree)
  const types = readStoredTypes(gunzipSync(readFileSync(join(stored, variant, 'symtypes.gz'))).toString())
  const rows = new Map(
    rowsOf(readFileSync(join(stored, variant, 'kabi_whitelist'), 'utf8')).map((row) => [row.symbol, row]),
  )
  const symbols = new Map<string, ProtectedSymbol>()
  for (const one of types) {
    const count = objectsUnderTest[one.object] ?? 0
    const step = Math.max(1, Math.floor(one.exports.length / count))
    for (const symbol of one.exports.filter((_, at) => at % step === 0).slice(0, count)) {
      const row = rows.get(symbol)
      if (row?.crc !== checksumOf(symbol, one))
        throw new Error(`${symbol}: the stored types are of another list`)
      symbols.set(symbol, { ...row, object: one.object })
    }
  }
  const bundle = createHash('sha256').update(readFileSync(cli)).digest('hex').slice(0, 12)
  const config = makeConfiguration(folder, variant)
  const where = ['--config', join(config, 'kabi.yml'), '--source', tree, '--work-dir', builds]
  const source = openSource(tree, variants[variant].folder)
  return { variant, source, types, symbols, tree, folder, list: join(config, variant), cli, bundle, where }
}

/** Rows of a list with five columns. */
export function rowsOf(text: string): Omit<ProtectedSymbol, 'object'>[] {
  return text.split('\n').flatMap((line) => {
    const [crc, symbol, module, type, namespace = ''] = line.split('\t')
    if (symbol === undefined || module === undefined || type === undefined) return []
    return [{ crc: Number(crc), symbol, module, type, namespace }]
  })
}

function makeConfiguration(folder: string, variant: Variant): string {
  const config = join(folder, 'gate')
  mkdirSync(join(config, variant), { recursive: true })
  cpSync(join(stored, variant, 'config.gz'), join(config, variant, 'config.gz'))
  const { arch, tools } = variants[variant]
  const cross = tools === '' ? '' : `, cross-compile: ${tools}`
  writeFileSync(
    join(config, 'kabi.yml'),
    [
      'version: 1',
      'whitelists: .',
      'defaults:',
      '  config:',
      "    set: { MODULE_SIG_KEY: certs/signing_key.pem, SYSTEM_TRUSTED_KEYS: '' }",
      'variants:',
      `  ${variant}: { arch: ${arch}${cross}, config: ${variant}/config.gz }`,
      '',
    ].join('\n'),
  )
  return config
}

/** Makes the edits while the body runs. A run that dies leaves a note from which the next one puts them back. */
export async function withEdits<T>(
  { folder, tree }: Workbench,
  edits: readonly Edit[],
  body: () => Promise<T>,
): Promise<T> {
  writeFileSync(join(folder, 'edited.json'), JSON.stringify(edits))
  try {
    for (const { file, after } of edits) replaceFile(join(tree, file), after)
    return await body()
  } finally {
    putBack(folder, tree)
  }
}

function putBack(folder: string, tree: string): void {
  const note = join(folder, 'edited.json')
  if (!existsSync(note)) return
  for (const { file, before } of JSON.parse(readFileSync(note, 'utf8')) as Edit[])
    replaceFile(join(tree, file), before)
  rmSync(note)
}

function replaceFile(path: string, text: string): void {
  rmSync(path, { force: true })
  writeFileSync(path, text)
}
