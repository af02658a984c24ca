import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildWith, linesOf, rpmCpu as cpu, rpmFolder, run } from '../support/packaging.ts'

/**
 * RPM packages of a real kernel and of its real modules, built with examples/rpm and asked by rpm itself. KABI_MODULES is
 * as in modules.test.ts.
 */

const top = process.env['KABI_MODULES']
if (top === undefined) throw new Error('KABI_MODULES must name a folder with unpacked kernels')

const kernel = join(top, 'cloud-amd64')
const find = (folder: string, name: string): string => {
  const [file, second] = execFileSync('find', [folder, '-name', name], { encoding: 'utf8' })
    .trim()
    .split('\n')
  if (!file || second !== undefined) throw new Error(`${folder} has not one ${name}`)
  return file
}
const symvers = find(join(kernel, 'usr/src'), 'Module.symvers')
const next = find(join(top, 'next'), 'Module.symvers')
const release = basename(join(symvers, '..')).replace('linux-headers-', '')
const modules = ['failover.ko', 'net_failover.ko', 'virtio_net.ko'].map((name) =>
  find(join(kernel, 'lib'), name),
)
const list = readFileSync('whitelists/debian-12/cloud-amd64/kabi_whitelist')

/** `kmod.spec` for other modules and under another name. */
function kmodSpec(name: string, files: readonly string[]): string {
  return readFileSync('examples/rpm/kmod.spec', 'utf8')
    .replace('Name: kmod-example', `Name: ${name}`)
    .replace(/^Source\d: .*\n/gm, '')
    .replace('Version: 1.0\n', `Version: 1.0\n${files.map((file, at) => `Source${at}: ${file}\n`).join('')}`)
    .replace(/'%\{SOURCE0\}' '%\{SOURCE1\}'/, files.map((_, at) => `'%{SOURCE${at}}'`).join(' '))
}

const specs = { 'kmod-failover': ['failover.ko', 'net_failover.ko'], 'kmod-virtio-net': ['virtio_net.ko'] }
const sources = {
  'Module.symvers': readFileSync(symvers),
  [`Module.kabi_${cpu}`]: list,
  [`kabi_stablelist_${cpu}`]: list,
  ...Object.fromEntries(modules.map((file) => [basename(file), readFileSync(file)])),
  ...Object.fromEntries(
    Object.entries(specs).map(([name, files]) => [`${name}.spec`, kmodSpec(name, files)]),
  ),
}

const flavours: Readonly<Record<string, { macros: Readonly<Record<string, string>>; style: string[] }>> = {
  rhel: { macros: {}, style: [] },
  rhel7: { macros: { kabi_generator: 'rhel7' }, style: ['--generator', 'rhel7'] },
  rhel5: { macros: { kabi_generator: 'rhel5' }, style: [] },
  suse: {
    macros: { kabi_generator: 'suse', kabi_flavour: 'amd64' },
    style: ['--generator', 'suse', '--flavour', 'amd64'],
  },
}

describe.each(Object.entries(flavours))('packages of a real kernel for %s', (flavour, { macros, style }) => {
  it(
    'require and provide what deps says, and rpm installs them on that kernel only',
    { timeout: 300_000 },
    () => {
      const folder = rpmFolder(sources)
      const at = (name: string) => join(folder, 'SOURCES', name)
      const named = {
        ...macros,
        kernel_release: release,
        kabi_symvers: at('Module.symvers'),
        ...(flavour === 'rhel5' ? { kabi_whitelist: at(`kabi_stablelist_${cpu}`) } : {}),
      }
      const ofStyle = flavour === 'rhel5' ? ['--whitelist', at(`kabi_stablelist_${cpu}`)] : style
      const deps = (args: readonly string[]) => {
        const { code, output } = run('kabi-gate', ['deps', ...args], { cwd: folder })
        expect(code, output).toBe(0)
        return [...new Set(output.split('\n').filter(Boolean))].toSorted()
      }
      const kernelOf = { symvers: at('Module.symvers'), of: ofStyle }
      const build = (spec: string) => {
        const { code, output } = buildWith(folder, spec, named)
        expect(code, output).toBe(0)
      }

      build('kernel.spec')
      const provided = linesOf(folder, 'kernel', 'provides')
      expect(provided).toEqual(deps(['provides', '--symvers', kernelOf.symvers, ...kernelOf.of]))
      expect(provided.length).toBeGreaterThan(0)
      for (const [name, files] of Object.entries(specs)) {
        build(`${name}.spec`)
        const asked = files.flatMap((file) => {
          const beside = files.filter((one) => one !== file).flatMap((one) => ['--beside', at(one)])
          return deps(['requires', at(file), ...beside, '--symvers', kernelOf.symvers, ...kernelOf.of])
        })
        const requires = linesOf(folder, name, 'requires')
        expect(requires).toEqual([...new Set(asked)].toSorted())
        expect(requires.length).toBeGreaterThan(0)
      }
      if (flavour !== 'rhel7') return

      // Only RHEL 7 has all exports in the kernel's own package, so that rpm can be asked with what is here.
      const kmods = Object.keys(specs).map((name) => join(folder, 'RPMS', cpu, `${name}-1.0-1.${cpu}.rpm`))
      const check = (table: string) =>
        run('kabi-gate', ['deps', 'check', ...kmods, '--symvers', table], { cwd: folder })
      expect(check(kernelOf.symvers)).toMatchObject({ code: 0 })
      expect(installs(folder, kmods)).toMatchObject({ code: 0 })
      const other = rpmFolder({
        ...sources,
        'Module.symvers': readFileSync(next),
        [`Module.kabi_${cpu}`]: readFileSync(next),
        [`kabi_stablelist_${cpu}`]: readFileSync(next),
      })
      const built = buildWith(other, 'kernel.spec', {
        ...named,
        kabi_symvers: join(other, 'SOURCES/Module.symvers'),
      })
      expect(built.code, built.output).toBe(0)
      expect(check(next)).toMatchObject({ code: 1 })
      const refused = installs(other, kmods)
      expect(refused.code).not.toBe(0)
      const missing = refused.output.split('\n').filter((line) => /kernel\(.*is needed by/.test(line))
      expect(missing.length).toBeGreaterThan(50)
    },
  )
})

/** Whether rpm would install the packages where the kernel of that folder is installed. */
function installs(folder: string, packages: readonly string[]) {
  const root = ['--root', join(folder, 'root')]
  const kernelPackage = join(folder, 'RPMS', cpu, `kernel-6.1.0-1.${cpu}.rpm`)
  const placed = run('rpm', [...root, '-i', '--justdb', '--nodeps', '--noscripts', kernelPackage], {
    cwd: folder,
  })
  expect(placed.code, placed.output).toBe(0)
  return run('rpm', [...root, '-i', '--test', ...packages], { cwd: folder })
}
