import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Measures strategy exports against the bare cost of the same work, make and `cpp | genksyms` without kabi-gate; the same on trees
 * with an edit, and against strategy full on a configuration small enough to build; all in one run, one after the other.
 * Usage: npm run bench:kernel -- KERNEL-TREE [VARIANT of whitelists/debian-12 [shipped | small]]
 */
const [tree, variant = 'amd64', part] = process.argv.slice(2)
if (tree === undefined)
  throw new Error('usage: npm run bench:kernel -- KERNEL-TREE [VARIANT [shipped | small]]')
const source = resolve(tree)
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const family = resolve(import.meta.dirname, '../whitelists/debian-12')
const jobs = availableParallelism()
const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))
const quiet = { stdio: 'ignore' } as const

const smallConfig = `version: 1
variants:
  small:
    arch: x86_64
    config:
      targets: [tinyconfig]
      set: { 64BIT: y, MODULES: y, MODVERSIONS: y, NET: y, BLOCK: y, PCI: y }
`

try {
  // So that whoever comes first does not pay for the disk.
  seconds('reading the kernel tree once', () =>
    execFileSync('find', [source, '-type', 'f', '-exec', 'cat', '{}', '+'], quiet),
  )
  if (part !== 'small') measureShipped()
  if (part !== 'shipped') measureSmall()
} finally {
  rmSync(work, { recursive: true })
}

/** The shipped list, without layouts, which have a table of their own: on its own tree, and on a copy with two edits. */
function measureShipped(): void {
  const lists = join(work, 'lists')
  cpSync(family, lists, { recursive: true })
  appendFileSync(join(lists, 'kabi.yml'), '\npolicy: { layouts: off }\n')
  const check =
    (folder: string, from = source) =>
    () =>
      gate(
        from,
        'check',
        '--config',
        join(lists, 'kabi.yml'),
        '--variant',
        variant,
        '--work-dir',
        join(work, folder),
      )
  const cold = seconds(`${variant}: kabi-gate check, cold`, check('debian'))
  seconds(`${variant}: kabi-gate check, nothing changed`, check('debian'))
  const bare = bareCost(join(work, 'debian', variant, 'exports'))
  console.log(`${(cold / bare).toFixed(2)} times the bare cost`)

  const edited = join(work, 'tree')
  execFileSync('cp', ['-a', source, edited])
  seconds(`${variant}: kabi-gate check of a copy, cold`, check('edited', edited))
  const pci = join(edited, 'drivers/pci/pci.c')
  edit(pci, (text) => text.replace(/^EXPORT_SYMBOL\(pci_enable_device\);$/m, ''))
  seconds(`${variant}: kabi-gate check, a symbol removed`, check('edited', edited))
  cpSync(join(source, 'drivers/pci/pci.c'), pci)
  // Every object reads this header, so none is as simple as its source text looks.
  edit(join(edited, 'include/linux/kconfig.h'), (text) => `${text}\n#ifdef __GENKSYMS__\n#endif\n`)
  const hard = seconds(
    `${variant}: kabi-gate check, cold, a header asks for __GENKSYMS__`,
    check('hard', edited),
  )
  console.log(`${(hard / bare).toFixed(2)} times the bare cost`)
}

function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, 'utf8')
  const edited = change(text)
  if (edited === text) throw new Error(`${file} has nothing to edit`)
  writeFileSync(file, edited)
}

/** Every export of a kernel that is small enough to build. */
function measureSmall(): void {
  writeFileSync(join(work, 'kabi.yml'), smallConfig)
  const small = ['--config', join(work, 'kabi.yml'), '--work-dir', join(work, 'small')]
  seconds('small: whitelist of every export, strategy full', () =>
    gate(source, 'whitelist', 'create', '--strategy', 'full', ...small),
  )
  seconds('small: check of every export, strategy exports, cold', () =>
    gate(source, 'check', '--strategy', 'exports', ...small),
  )
  seconds('small: check of every export, strategy full, nothing changed', () =>
    gate(source, 'check', '--strategy', 'full', ...small),
  )
  seconds('small: check of every export, strategy exports, nothing changed', () =>
    gate(source, 'check', '--strategy', 'exports', ...small),
  )
}

/** Configures, prepares, asks make for the commands and runs those of the objects that kabi-gate looked at. */
function bareCost(folder: string): number {
  const output = join(work, 'bare')
  mkdirSync(output)
  execFileSync('cp', [join(folder, 'build/.config'), output])
  const cross = crossCompile()
  const make = ['-C', source, `O=${output}`, ...cross, `-j${jobs}`]
  const configure = seconds('  bare: olddefconfig', () =>
    execFileSync('make', [...make, 'olddefconfig'], quiet),
  )
  const prepare = seconds('  bare: prepare', () =>
    execFileSync('make', [...make, 'prepare', 'modules_prepare'], quiet),
  )
  let commands: readonly string[] = []
  const dryRun = seconds('  bare: dry run', () => {
    const { stdout } = spawnSync('make', [...make, '-n', '-k', 'vmlinux', 'modules'], {
      encoding: 'utf8',
      maxBuffer: 1e9,
    })
    commands = stdout.split('\n')
  })
  const objects = readdirSync(join(folder, 'results/objects'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.o'),
  )
  const pipelines = objects.flatMap((object) => {
    const at = object.lastIndexOf('/') + 1
    const mark = `-Wp,-MMD,${object.slice(0, at)}.${object.slice(at)}.d`
    const line = commands.find((text) => text.includes('-D__GENKSYMS__') && text.includes(mark))
    const pipe = /[^;]*-D__GENKSYMS__[^;]*\| *[^;]*genksyms[^;>]*/.exec(line ?? '')?.[0]
    return pipe === undefined || pipe.includes(' - ')
      ? []
      : [`${pipe.replace(/^.*\bthen\b/, '')} >/dev/null 2>&1`]
  })
  writeFileSync(join(work, 'pipelines'), pipelines.join('\0'))
  const types = seconds(`  bare: cpp | genksyms for ${pipelines.length} of ${objects.length} objects`, () =>
    execFileSync('xargs', ['-0', '-n1', `-P${jobs}`, '-a', join(work, 'pipelines'), 'sh', '-c'], {
      ...quiet,
      cwd: output,
    }),
  )
  console.log(`${(configure + prepare + dryRun + types).toFixed(1).padStart(8)} s    bare, altogether`)
  return configure + prepare + dryRun + types
}

function crossCompile(): readonly string[] {
  const plan = execFileSync(
    process.execPath,
    [cli, 'plan', '--json', '--config', join(family, 'kabi.yml'), '--source', source],
    { encoding: 'utf8' },
  )
  const { variants } = JSON.parse(plan) as {
    readonly variants: readonly {
      readonly name: string
      readonly arch: string
      readonly toolchain: { readonly crossCompile: string }
    }[]
  }
  const found = variants.find(({ name }) => name === variant)
  if (!found) throw new Error(`whitelists/debian-12 has no variant ${variant}`)
  return [`ARCH=${found.arch}`, `CROSS_COMPILE=${found.toolchain.crossCompile}`]
}

function gate(from: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args, '--source', from], {
    encoding: 'utf8',
  })
  // A break is an answer too; anything else is no measurement.
  if (status !== 0 && status !== 1)
    throw new Error(`kabi-gate ${args.join(' ')} ended with ${status}: ${stderr}`)
}

function seconds(what: string, body: () => unknown): number {
  const start = performance.now()
  body()
  const time = (performance.now() - start) / 1000
  console.log(`${time.toFixed(1).padStart(8)} s  ${what}`)
  return time
}
