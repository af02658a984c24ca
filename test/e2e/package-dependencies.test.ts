import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { buildModule } from '../module/build-module.ts'
import {
  buildWith,
  hasProgram,
  linesOf,
  rpmbuild,
  rpmFolder,
  run,
  rpmCpu as cpu,
} from '../support/packaging.ts'
import { workspace, type Files } from '../support/workspace.ts'

const timeout = 90_000
const withRpm = cpu !== '' && hasProgram('rpmbuild')

const release = `6.1.0-1.${cpu}`
const info = [`vermagic=${release} SMP mod_unload modversions`]
const symvers = `0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t
0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t
0x00000005\tusb_get\tdrivers/usb/usbcore\tEXPORT_SYMBOL_GPL\t
`
/** `usb_get` is one of the kernel's, too: here the driver beside it counts. */
const bus = {
  info,
  imports: { module_layout: 9, kfree: 1 },
  exports: ['bus_do', 'usb_get'],
  crcs: { bus_do: 7, usb_get: 6 },
}
const card = { info, imports: { module_layout: 9, bus_do: 7, usb_get: 6 } }
const list = '[example_mm]\n\tkfree\n[example_core]\n\tmodule_layout\n'

const sources = {
  'Module.symvers': symvers,
  [`Module.kabi_${cpu}`]: symvers,
  [`kabi_stablelist_${cpu}`]: list,
  'bus.ko': buildModule(bus),
  'card.ko': buildModule(card),
}

const sorted = (lines: readonly string[]) => [...new Set(lines.filter((line) => line !== ''))].toSorted()

describe.skipIf(!withRpm)('packages built with examples/rpm/kabi.attr (needs rpmbuild)', { timeout }, () => {
  const flavours: Readonly<
    Record<string, { macros: Readonly<Record<string, string>>; style: readonly string[]; groups?: true }>
  > = {
    rhel: { macros: {}, style: [] },
    rhel7: { macros: { kabi_generator: 'rhel7' }, style: ['--generator', 'rhel7'] },
    suse: {
      macros: { kabi_generator: 'suse', kabi_flavour: 'default' },
      style: ['--generator', 'suse', '--flavour', 'default'],
    },
    rhel5: { macros: { kabi_generator: 'rhel5' }, style: ['--generator', 'rhel7'], groups: true },
  }

  it.each(Object.entries(flavours))(
    'have the dependencies that deps prints for %s',
    (_, { macros, style, groups }) => {
      const top = rpmFolder(sources)
      const at = (name: string) => join(top, 'SOURCES', name)
      const named = {
        ...macros,
        kabi_symvers: at('Module.symvers'),
        ...(groups ? { kabi_whitelist: at(`kabi_stablelist_${cpu}`) } : {}),
      }
      const deps = (args: readonly string[]) => {
        const { code, output } = run('kabi-gate', ['deps', ...args], { cwd: top })
        expect(code, output).toBe(0)
        return output.split('\n')
      }
      const ofList = groups ? ['--whitelist', at(`kabi_stablelist_${cpu}`)] : style
      const asked = (one: string, other: string) =>
        deps(['requires', at(one), '--beside', at(other), '--symvers', at('Module.symvers'), ...ofList])

      const kmod = buildWith(top, 'kmod.spec', named)
      expect(kmod.code, kmod.output).toBe(0)
      const requires = linesOf(top, 'kmod-example', 'requires')
      expect(requires).toEqual(sorted([...asked('bus.ko', 'card.ko'), ...asked('card.ko', 'bus.ko')]))
      expect(requires.filter((line) => line.startsWith('kernel(usb_get)'))).toEqual([])
      const provides = linesOf(top, 'kmod-example', 'provides')
      expect(provides).toEqual(sorted(deps(['provides', at('bus.ko'), at('card.ko'), ...style])))
      expect(provides).toHaveLength(2)
      for (const line of requires.filter((one) => /bus_do|usb_get/.test(one)))
        expect(provides).toContain(line)

      const kernel = buildWith(top, 'kernel.spec', named)
      expect(kernel.code, kernel.output).toBe(0)
      expect(linesOf(top, 'kernel', 'provides')).toEqual(
        sorted(deps(['provides', '--symvers', at('Module.symvers'), ...ofList])),
      )
      const packages = ['RPMS', cpu, `kmod-example-1.0-1.${cpu}.rpm`]
      const fits = ['deps', 'check', join(top, ...packages), '--symvers', at('Module.symvers')]
      expect(run('kabi-gate', [...fits, ...(groups ? ofList : [])], { cwd: top }).output).toContain(
        'PASS: 1 package',
      )
    },
  )

  it('are not built without the dependencies that could not be made', () => {
    const { code, output } = buildWith(rpmFolder(sources), 'kmod.spec', {})
    expect(output).toContain(`None is installed for the kernel "${release}"`)
    expect(output).toContain('!kabi-deps-failed')
    expect(code).not.toBe(0)
  })

  it('get no dependencies when only _fileattrsdir says where the rules are, and deps check does not pass them', () => {
    const top = rpmFolder({ ...sources, 'attrs/kabi.attr': readFileSync('examples/rpm/kabi.attr') })
    const { code } = rpmbuild(top, 'kmod.spec', [
      ...[
        '-bb',
        '--define',
        `_fileattrsdir ${join(top, 'SOURCES/attrs')}`,
        '--define',
        '__os_install_post %{nil}',
      ],
    ])
    expect(code).toBe(0)
    expect(linesOf(top, 'kmod-example', 'requires')).toEqual([])
    const rpm = join(top, 'RPMS', cpu, `kmod-example-1.0-1.${cpu}.rpm`)
    const check = run('kabi-gate', ['deps', 'check', rpm, '--symvers', join(top, 'SOURCES/Module.symvers')], {
      cwd: top,
    })
    expect(check.output).toContain(
      'its modules need 2 symbols, the package asks for none: rpm would install it anywhere',
    )
    expect(check.code).toBe(1)
  })
})

describe('kabi-deps', () => {
  const question = (verb: string, generator: string, table = '') => [
    ...[verb, `generator=${generator}`, `symvers=${table}`, 'whitelist=', 'flavour='],
  ]
  const call = (args: readonly string[], env: Readonly<Record<string, string>>, files: Files = {}) => {
    const cwd = workspace(files)
    const script = join(process.cwd(), 'examples/rpm/kabi-deps')
    return run('sh', ['-c', 'script=$1; shift; echo "$FILE" | sh "$script" "$@"', 'sh', script, ...args], {
      cwd,
      env: { RPM_BUILD_ROOT: cwd, ...env, FILE: join(cwd, env['FILE'] ?? '') },
    })
  }
  const ko = 'lib/modules/6.1-default/extra/a $(touch evil) `id`/a.ko'
  const files = { [ko]: buildModule({ imports: { kfree: 1 } }), 'Module.symvers': symvers }

  it('never evaluates the name of a file, and knows the flavour of a SUSE kernel from its folder', () => {
    expect(call(question('requires', 'suse', 'Module.symvers'), { FILE: ko }, files)).toEqual({
      code: 0,
      output: 'ksym(default:kfree) = 1\n',
    })
  })

  it('asks nothing for the modules of the kernel itself', () => {
    const own = 'lib/modules/6.1/kernel/fs/ext4.ko'
    const run = call(question('requires', 'rhel', 'Module.symvers'), { FILE: own }, { [own]: 'any' })
    expect(run).toEqual({ code: 0, output: '' })
  })

  it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ['an unknown flavour', question('requires', 'rhel9'), {}, /set it to rhel, rhel7, rhel5 or suse/],
    ['groups without a list', question('requires', 'rhel5'), {}, /set kabi_whitelist/],
    ['an unknown verb', question('suggests', 'rhel'), {}, /neither requires nor provides/],
    ['too few arguments', ['requires', 'generator=rhel'], {}, /needs 5 arguments/],
    [
      'arguments in another order',
      ['requires', 'symvers=', 'generator=rhel', 'flavour=', 'whitelist='],
      {},
      /does not know/,
    ],
    ['no build root', question('requires', 'rhel'), { RPM_BUILD_ROOT: '' }, /RPM_BUILD_ROOT/],
    ['a symvers that is not there', question('requires', 'rhel', 'gone'), {}, /gone.*does not exist/],
    ['what is no module', question('provides', 'rhel'), { FILE: 'lib/modules/6.1/x.ko' }, /not an ELF file/],
  ])('ends the build of rpm for %s', (_, args, env, message) => {
    const run = call(args, { FILE: ko, ...env }, { ...files, 'lib/modules/6.1/x.ko': 'text' })
    expect(run.output).toMatch(message)
    // rpm takes this for a dependency and stops; the exit code alone would stop nothing.
    expect(run.output).toContain('!kabi-deps-failed\n')
    expect(run.code).not.toBe(0)
  })
})

describeRealData('the groups of RHEL 5 in a built package', () => {
  it.skipIf(!withRpm || cpu !== 'x86_64')(
    'have all 17 hashes that Red Hat published (needs rpmbuild)',
    { timeout },
    () => {
      const kabi = readFileSync(dataPath('rhel5', 'Module.kabi_x86_64'))
      const names = readFileSync(dataPath('rhel5', 'kabi_whitelist_x86_64'))
      const top = rpmFolder({
        'Module.symvers': kabi,
        'Module.kabi_x86_64': kabi,
        kabi_stablelist_x86_64: names,
      })
      const whitelist = join(top, 'SOURCES/kabi_stablelist_x86_64')
      const { code, output } = buildWith(top, 'kernel.spec', {
        kabi_generator: 'rhel5',
        kabi_whitelist: whitelist,
      })
      expect(code, output).toBe(0)
      const published = readFileSync(dataPath('rhel5', 'published-group-hashes.x86_64.txt'), 'utf8').trim()
      const lines = published.split('\n')
      expect(lines).toHaveLength(17)
      const provides = linesOf(top, 'kernel', 'provides')
      expect(lines.filter((line) => !provides.includes(line))).toEqual([])
    },
  )
})
