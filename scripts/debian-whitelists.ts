import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { flavours, run, sourceTree, unpacked } from './debian-kernel.ts'

/**
 * Makes whitelists/debian-12 from nothing but Debian's archive: the protected symbols from drivers, the configurations
 * and the source from packages, checksums and types by kabi-gate; then proves each list against the checksums that
 * Debian published. Usage: node --import tsx scripts/debian-whitelists.ts WORK-FOLDER [VERSION ABI]. Needs the cross
 * compilers, 6 GB in the work folder, and some twenty minutes. A second run goes on where the first one ended.
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
if (work === undefined) throw new Error('usage: debian-whitelists.ts WORK-FOLDER [VERSION ABI]')
const packages = resolve(work, 'packages')
const target = resolve(import.meta.dirname, '../whitelists/debian-12')
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

const common = ['--config', join(target, 'kabi.yml'), '--source', tree, '--work-dir', resolve(work, 'builds')]
for (const [flavour] of flavours)
  for (const file of ['kabi_whitelist', 'symtypes.gz', 'baseline.yml'])
    rmSync(join(target, flavour, file), { force: true })
process.stdout.write(run(process.execPath, [cli, 'whitelist', 'create', ...common, '--names', names]))
if (!existsSync(join(target, 'amd64/kabi_whitelist'))) throw new Error('no whitelist was made')
for (const [flavour] of flavours) {
  const against = resolve(work, `${flavour}.symvers`)
  process.stdout.write(
    run(process.execPath, [cli, 'verify', ...common, '--variant', flavour, '--against', against]),
  )
}
