import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildModule } from '../module/build-module.ts'
import { buildKmod, type Kmod } from '../support/build-kmod.ts'
import { hasProgram, rpmFolder, run } from '../support/packaging.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/write-files.ts'

const timeout = 90_000
const tools = ['rpmbuild', 'createrepo_c', 'xorriso'].filter((name) => !hasProgram(name))
const canMake = tools.length === 0 && process.arch === 'x64'

const ga = '5.14.0-70.el9.x86_64'
const next = '5.14.0-162.el9.x86_64'
const old = '4.18.0-80.el8.x86_64'
const symvers = `0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t
0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t
`

const moduleFor = (release: string) =>
  buildModule({
    info: [`vermagic=${release} SMP mod_unload modversions`],
    imports: { module_layout: 9, kfree: 1 },
  })

const requires = ['kernel(kfree) = 0x00000001', 'kernel(module_layout) = 0x00000009']

const kmod = (
  top: string,
  { name, provides, release = ga }: Pick<Kmod, 'name' | 'provides'> & Partial<Kmod>,
) => buildKmod(top, { name, provides, release, requires, module: moduleFor(release) })

const make = (cwd: string, rpms: readonly string[], more: readonly string[], env = {}) =>
  run('kabi-gate', ['disk', 'make', '--arch', 'x86_64', '--rpm', ...rpms, ...more], { cwd, env })

const kernels = (...releases: readonly string[]) => [
  ...['--for', releases.join(',')],
  ...releases.flatMap((release) => ['--symvers', `${release}=Module.symvers`]),
]

const xorriso = (args: readonly string[]) =>
  execFileSync('xorriso', ['-no_rc', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** The paths on an image, by whichever names. */
const listed = (image: string, names: 'any' | 'norock') =>
  [...xorriso(['-read_fs', names, '-indev', image, '-find', '/', '-type', 'f']).matchAll(/^'\/(.*)'$/gm)]
    .map(([, path = '']) => path)
    .toSorted()

/** What `dd_list` of anaconda would list for a kernel, asked of rpm and of nothing of kabi-gate. */
function takenByInstaller(folder: string, kernel: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && name.endsWith('.rpm'))
  return names.filter((name) => {
    const format = '[%{PROVIDENAME}\\t%{PROVIDEFLAGS}\\t%{PROVIDEVERSION}\\n]'
    const provides = execFileSync('rpm', ['-qp', '--qf', format, join(folder, name)], { encoding: 'utf8' })
    return provides.split('\n').some((line) => {
      const [provided, flags, version = ''] = line.split('\t')
      if (provided !== 'kernel-modules' || version === '') return false
      // A hyphen would part version and release there; to the installer it is one sign between others.
      const [a, b] = [kernel, version].map((text) => text.replaceAll('-', '.'))
      const order = Number(execFileSync('rpm', ['--eval', `%{lua:print(rpm.vercmp('${a}', '${b}'))}`]))
      return (Number(flags) & (order < 0 ? 2 : order > 0 ? 4 : 8)) !== 0
    })
  })
}

const inFolder = folderOfEachTest()

describe.skipIf(!canMake)(
  'a driver disk made of packages of rpmbuild (needs rpmbuild, createrepo_c and xorriso)',
  { timeout },
  () => {
    it('is what installers look for, and deps check passes it', () => {
      const top = rpmFolder({ 'Module.symvers': symvers })
      const rpm = kmod(top, { name: 'igb', provides: [`kernel-modules = ${ga}`] })
      const cwd = join(top, 'SOURCES')
      const { code, output } = make(
        cwd,
        [rpm],
        [...kernels(ga), '--title', 'Driver for igb 1.0', '-o', 'dd.iso'],
      )
      expect(output).toContain('MADE: dd.iso, labelled OEMDRV, rpms/x86_64 with 1 package\n')
      expect(code).toBe(0)
      const image = join(cwd, 'dd.iso')
      expect(xorriso(['-indev', image, '-pvd_info'])).toMatch(/^Volume Id\s*: OEMDRV$/m)
      const files = [
        'rhdd3',
        'rpms/x86_64/kmod-igb-1.0-1.x86_64.rpm',
        ...['filelists.xml.gz', 'other.xml.gz', 'primary.xml.gz', 'repomd.xml'].map(
          (name) => `rpms/x86_64/repodata/${name}`,
        ),
      ]
      expect(listed(image, 'any')).toEqual(files)
      expect(listed(image, 'norock')).toEqual(files)
      const copy = join(cwd, 'copy')
      xorriso(['-osirrox', 'on', '-indev', image, '-extract', '/', copy])
      expect(readFileSync(join(copy, 'rhdd3'), 'utf8')).toBe('Driver for igb 1.0\n')
      expect(readFileSync(join(copy, files[1] ?? ''))).toEqual(readFileSync(rpm))
      const check = run('kabi-gate', ['deps', 'check', 'dd.iso', '--symvers', 'Module.symvers'], { cwd })
      expect(check.output).toContain('Driver disk dd.iso, rpms/x86_64: Driver for igb 1.0\n')
      expect(check.output).toContain('PASS: 1 package with 1 module would install and load')
      expect(check.code).toBe(0)
    })

    it('is the same to the byte, whenever, wherever and in whichever order it is made', () => {
      const top = rpmFolder({ 'Module.symvers': symvers })
      const cwd = join(top, 'SOURCES')
      const rpms = ['b', 'a', 'c'].map((name) => kmod(top, { name, provides: ['kernel-modules >= 5.14'] }))
      expect(make(cwd, rpms, [...kernels(ga), '-o', 'first.iso'], { TZ: 'Asia/Tokyo' }).code).toBe(0)
      for (const rpm of rpms) utimesSync(rpm, 1, 1)
      const second = make(cwd, rpms.toReversed(), [...kernels(ga), '-o', 'else/second.iso'], { TZ: 'UTC' })
      expect(second.code).toBe(0)
      const first = readFileSync(join(cwd, 'first.iso'))
      expect(readFileSync(join(cwd, 'else/second.iso')).equals(first)).toBe(true)
      const dated = make(cwd, rpms, [...kernels(ga), '-o', 'dated.iso'], { SOURCE_DATE_EPOCH: '1700000000' })
      expect(dated.code).toBe(0)
      const image = readFileSync(join(cwd, 'dated.iso'))
      expect(image.equals(first)).toBe(false)
      expect(image.includes('2023111422132000')).toBe(true)
    })

    it('is taken by the installer of each kernel as disk make says', () => {
      const top = rpmFolder({ 'Module.symvers': symvers })
      const cwd = join(top, 'SOURCES')
      const rpms = [
        { name: 'exact', provides: [`kernel-modules = ${ga}`] },
        { name: 'later', provides: [`kernel-modules = ${next}`], release: next },
        { name: 'since', provides: ['kernel-modules >= 5.14.0'] },
        { name: 'above', provides: [`kernel-modules > ${ga}`] },
        { name: 'below', provides: ['kernel-modules < 5'] },
        { name: 'first', provides: ['kernel-modules <= 5.14.0-70.el9'] },
        { name: 'either', provides: [`kernel-modules = ${old}`, `kernel-modules = ${next}`] },
      ].map((about) => kmod(top, about))
      const made = make(cwd, rpms, [...kernels(ga, next, old), '-o', 'dd.iso', '--json'])
      expect(made.code, made.output).toBe(0)
      const said = JSON.parse(made.output) as {
        readonly kernels: readonly {
          readonly release: string
          readonly packages: readonly { file: string }[]
        }[]
      }
      xorriso(['-osirrox', 'on', '-indev', join(cwd, 'dd.iso'), '-extract', '/', join(cwd, 'copy')])
      const counts = said.kernels.map(({ release, packages }) => {
        const taken = takenByInstaller(join(cwd, 'copy/rpms/x86_64'), release)
        expect(packages.map(({ file }) => file)).toEqual(
          taken.toSorted().map((name) => `rpms/x86_64/${name}`),
        )
        return taken.length
      })
      expect(counts).toEqual([2, 4, 3])
    })

    it.each<[string, string, RegExp]>([
      ['another title', 'echo other >disk/rhdd3; exec "$real" "$@"', /another than was asked for: its title/],
      [
        'another label',
        'for word; do shift; [ "$word" = OEMDRV ] && word=OTHER; set -- "$@" "$word"; done; exec "$real" "$@"',
        /asked for: its label/,
      ],
      [
        'a package less',
        'mv disk/rpms/x86_64/*-b-* .; "$real" "$@" || exit; mv -- *-b-* disk/rpms/x86_64',
        /asked for: which files it has, its packages, what its packages need/,
      ],
      ['no repository', 'rm -r disk/rpms/x86_64/repodata; exec "$real" "$@"', /asked for: its repository/],
      [
        'a damaged package',
        'for one in disk/rpms/*/*-b-*; do echo x >>"$one"; done; exec "$real" "$@"',
        /read again/,
      ],
    ])('is thrown away when it was written with %s', (_, script, message) => {
      const top = rpmFolder({ 'Module.symvers': symvers })
      const rpms = ['a', 'b'].map((name) => kmod(top, { name, provides: ['kernel-modules >= 5.14'] }))
      const cwd = join(top, 'SOURCES')
      const real = execFileSync('sh', ['-c', 'command -v xorriso'], { encoding: 'utf8' }).trim()
      const bin = inFolder('bin')
      writeFiles(bin, { xorriso: `#!/bin/sh\nreal='${real}'\n${script}\n` })
      execFileSync('chmod', ['755', join(bin, 'xorriso')])
      const { code, output } = make(cwd, rpms, [...kernels(ga), '--title', 'two', '-o', 'out/dd.iso'], {
        PATH: `${bin}:${join(cwd, '.bin')}:${process.env['PATH'] ?? ''}`,
      })
      expect(output.replace(/\s+/g, ' ')).toMatch(message)
      expect(code).toBe(3)
      expect(readdirSync(join(cwd, 'out'))).toEqual([])
    })
  },
)
