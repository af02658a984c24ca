import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import type { Evidence } from '../src/abi/evidence.ts'
import { formatWhitelist } from '../src/abi/format-whitelist.ts'
import type { Whitelist } from '../src/abi/whitelist.ts'
import type { Example } from '../src/cli/demo/example.ts'
import type { VariantPlan } from '../src/config/plan.ts'
import { showProgress } from '../src/cli/progress-display.ts'
import { collect } from '../src/kernel/collect.ts'

/**
 * Builds the example of `kabi-gate demo`: a small x86_64 kernel, and the same kernel after a field was added to
 * `struct pci_dev`. Usage: node --import tsx scripts/make-demo.ts KERNEL-TREE "KERNEL VERSION". Needs about 2 GB in
 * the temporary folder and takes some minutes.
 */

const output = resolve(import.meta.dirname, '../src/cli/demo/example.json')

/** The exports that a driver of a PCI network card calls first. */
const protectedSymbols = [
  'alloc_etherdev_mqs',
  '__dev_kfree_skb_any',
  'dma_alloc_attrs',
  'dma_free_attrs',
  'dma_set_mask',
  'eth_type_trans',
  'ethtool_op_get_link',
  'free_irq',
  'free_netdev',
  'kfree',
  'kmem_cache_alloc',
  'module_layout',
  'napi_complete_done',
  'napi_gro_receive',
  'netif_napi_add_weight',
  'netif_rx',
  'pci_disable_device',
  'pci_enable_device',
  'pci_enable_device_mem',
  'pci_find_capability',
  'pci_iomap',
  'pci_read_config_word',
  'pci_release_regions',
  'pci_request_regions',
  'pci_set_master',
  'pci_unregister_driver',
  '__netdev_alloc_skb',
  '__pci_register_driver',
  'register_netdev',
  'request_threaded_irq',
  'skb_put',
  'unregister_netdev',
]

const header = 'include/linux/pci.h'
const neighbour = '\tint\t\tcfg_size;\t\t/* Size of config space */\n'
const addition = '\tu32\t\tslot_power;\t\t/* Power limit of the slot, in mW */\n'

const variant: VariantPlan = {
  name: 'x86_64',
  arch: 'x86_64',
  guard: { kind: 'none', reason: 'only its checksums are wanted' },
  strategy: 'full',
  config: {
    from: { kind: 'targets', targets: ['tinyconfig'] },
    fragments: [],
    set: ['64BIT', 'MODULES', 'MODVERSIONS', 'NET', 'INET', 'BLOCK', 'PCI'].map((name) => `CONFIG_${name}=y`),
  },
  toolchain: { crossCompile: '' },
  makeArgs: [],
}

const [tree, kernel] = process.argv.slice(2)
if (tree === undefined || kernel === undefined)
  throw new Error('usage: make-demo.ts KERNEL-TREE "KERNEL VERSION"')
const work = mkdtempSync(join(tmpdir(), 'kabi-demo-'))
try {
  const source = join(work, 'linux')
  cpSync(resolve(tree), source, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const before = await build(source)
  // The second build writes the same file.
  const beforeText = symversText(before)
  const patch = grow(join(source, header))
  const afterText = symversText(await build(source))
  const example: Example = {
    kernel,
    variant: variant.name,
    compiler: before.how.compiler ?? 'an unknown compiler',
    patch,
    whitelist: formatWhitelist(whitelistOf(before)),
    before: gzipSync(beforeText, { level: 9 }).toString('base64'),
    change: createTwoFilesPatch('before', 'after', beforeText, afterText, '', '', { context: 0 }),
  }
  writeFileSync(output, JSON.stringify(example, undefined, 2) + '\n')
} finally {
  rmSync(work, { recursive: true })
}

async function build(source: string): Promise<Evidence> {
  const progress = await showProgress(process.stderr)
  const collected = await collect(variant, {
    source,
    workDir: join(work, 'builds'),
    jobs: availableParallelism(),
    signal: new AbortController().signal,
    onProgress: progress.update,
  }).finally(progress.end)
  if (collected.kind === 'failure')
    throw new Error(collected.problems.map(({ message }) => message).join('\n'))
  return collected
}

/** Adds the field and gives the patch that does so. */
function grow(path: string): string {
  const before = readFileSync(path, 'utf8')
  if (!before.includes(neighbour)) throw new Error(`${header} has no line ${JSON.stringify(neighbour)}`)
  const after = before.replace(neighbour, neighbour + addition)
  writeFileSync(path, after)
  return createTwoFilesPatch(`a/${header}`, `b/${header}`, before, after, '', '', {
    headerOptions: FILE_HEADERS_ONLY,
  })
}

function whitelistOf({ symvers }: Evidence): Whitelist {
  const missing = protectedSymbols.filter((name) => !symvers.exports.some(({ symbol }) => symbol === name))
  if (missing.length > 0) throw new Error(`not exported: ${missing.join(', ')}`)
  const rows = symvers.exports.filter(({ symbol }) => protectedSymbols.includes(symbol))
  return { file: 'kabi_whitelist', dialect: 'canonical', rows: rows.map((row) => ({ ...row, section: '' })) }
}

/** The rows in the order of the symbols: the order of a parallel build is not always the same. */
function symversText({ symvers }: Evidence): string {
  return (
    readFileSync(symvers.file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .sort((a, b) => (symbolOf(a) < symbolOf(b) ? -1 : 1))
      .join('\n') + '\n'
  )
}

function symbolOf(row: string): string {
  return row.split('\t')[1] ?? ''
}
