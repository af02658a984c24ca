import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { recordFiles } from '../src/whitelists/record-files.ts'
import { mapConcurrently } from '../src/processes/map-concurrently.ts'
import { flavours, run, sourceTree, unpacked } from './debian-kernel.ts'

/**
 * Makes whitelists/debian-12 from nothing but Debian's archive: the protected symbols from drivers, the configurations
 * and the source from packages, checksums and types by kabi-gate; then proves each list against the checksums that
 * Debian published. Usage: node --import tsx scripts/debian-whitelists.ts WORK-FOLDER [VERSION ABI]. Needs the cross
 * compilers, 6 GB in the work folder, and some twenty minutes. A second run goes on where the first one ended. With --records
 * in the place of the folder it only brings each baseline.yml up to the newest version of its format, from the files beside it.
 */

/** What a vendor supports on such a machine: storage and network, on board and on cards. */
const drivers = [
  'drivers/scsi/qla2xxx/qla2xxx',
  'drivers/scsi/mpt3sas/mpt3sas',
  'drivers/nvme/host/nvme',
  'drivers/nvme/host/nvme-core',
  'drivers/net/ethernet/intel/e1000e/e1000e',
  'drivers/net/ethernet/intel/igb/igb',
  'drivers/net/ethernet/intel/ixgbe/ixgbe',
  'drivers/net/ethernet/mellanox/mlx5/core/mlx5_core',
  'drivers/net/wireless/intel/iwlegacy/iwl3945',
  'drivers/net/wireless/intel/iwlegacy/iwlegacy',
]

const [work, version = '6.1.170-3', abi = '47'] = process.argv.slice(2)
if (work === undefined) throw new Error('usage: debian-whitelists.ts WORK-FOLDER [VERSION ABI] | --records')
const packages = resolve(work, 'packages')
const target = resolve(import.meta.dirname, '../whitelists/debian-12')
if (work === '--records') {
  for (const [flavour] of flavours) {
    const problems = await recordFiles(join(target, flavour, 'kabi_whitelist'))
    if (problems.length > 0) throw new Error(JSON.stringify(problems))
  }
  process.exit()
}
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const tree = sourceTree(packages, version)

for (const [flavour, arch] of flavours) {
  const headers = unpacked(packages, `linux-headers-6.1.0-${abi}-${flavour}`, version, arch)
  const folder = join(headers, `usr/src/linux-headers-6.1.0-${abi}-${flavour}`)
  mkdirSync(join(target, flavour), { recursive: true })
  writeFileSync(
    join(target, flavour, 'config.gz'),
    gzipSync(readFileSync(join(folder, '.config')), { level: 9 }),
  )
  cpSync(join(folder, 'Module.symvers'), resolve(work, `${flavour}.symvers`))
}

const image = unpacked(packages, `linux-image-6.1.0-${abi}-amd64`, version, 'amd64')
const modules = drivers.map((driver) => join(image, `lib/modules/6.1.0-${abi}-amd64/kernel/${driver}.ko`))
const names = join(target, 'protected-symbols')
rmSync(names, { force: true })
run(process.execPath, [cli, 'whitelist', 'derive', ...modules, '--output', names])

const rows = readFileSync(names, 'utf8').split('\n')
const common = ['--config', join(target, 'kabi.yml'), '--source', tree, '--work-dir', resolve(work, 'builds')]
const variants = flavours.map(([flavour]) => flavour)
const sideBySide = Math.min(2, availableParallelism())
const jobs = ['--jobs', String(Math.ceil(availableParallelism() / sideBySide))]
const proofs = await mapConcurrently(variants, sideBySide, async (flavour) => {
  for (const file of ['kabi_whitelist', 'symtypes.gz', 'layouts.gz', 'baseline.yml'])
    rmSync(join(target, flavour, file), { force: true })
  const against = resolve(work, `${flavour}.symvers`)
  const list = resolve(work, `${flavour}.names`)
  // To find out without the list of exports that a symbol is not there, all objects would have to be looked into.
  const exported = new Set(
    readFileSync(against, 'utf8')
      .split('\n')
      .map((line) => line.split('\t')[1]),
  )
  writeFileSync(list, rows.filter((row) => !row.startsWith('\t') || exported.has(row.trim())).join('\n'))
  const args = [...common, ...jobs, '--variant', flavour]
  await gate('whitelist', 'create', ...args, '--names', list)
  return gate('verify', ...args, '--against', against)
})
process.stdout.write(proofs.join(''))

/** Runs kabi-gate, whose progress goes to standard error; throws when it ends with anything but 0. */
async function gate(...args: string[]): Promise<string> {
  const child = promisify(execFile)(process.execPath, [cli, ...args])
  child.child.stderr?.pipe(process.stderr)
  return (await child).stdout
}
