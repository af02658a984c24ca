import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'
import { writeFiles, type Files } from './write-files.ts'

/** What rpm calls this machine’s processor; empty for one that the tests do not know. */
export const rpmCpu = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : ''

export interface Built {
  readonly code: number | null
  /** Standard output and error, one behind the other. */
  readonly output: string
}

/** Whether a program is there; says on standard error that tests with it are left out. */
export function hasProgram(name: string): boolean {
  const there = spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0
  if (!there)
    process.stderr.write(`${name} is not installed: tests that build packages with it are left out\n`)
  return there
}

/** Runs a program as a person does, with the built `kabi-gate` on the path. */
export function run(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Built {
  const bin = join(cwd, '.bin')
  writeFiles(cwd, {
    '.bin/kabi-gate': `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"\n`,
  })
  chmodSync(join(bin, 'kabi-gate'), 0o755)
  const { PATH = '', ...rest } = process.env
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...rest, PATH: `${bin}:${PATH}`, LC_ALL: 'C.UTF-8', HOME: cwd, ...env },
  })
  if (error) throw error
  return { code: status, output: stdout + stderr }
}

/** A folder for rpmbuild whose SOURCES are the files of `examples/rpm` and those given. */
export function rpmFolder(files: Files): string {
  const top = temporaryFolder()
  mkdirSync(join(top, 'SOURCES'))
  for (const name of readdirSync('examples/rpm'))
    copyFileSync(join('examples/rpm', name), join(top, 'SOURCES', name))
  writeFiles(join(top, 'SOURCES'), files)
  return top
}

export function rpmbuild(top: string, spec: string, args: readonly string[] = ['-bb']): Built {
  const define = ['--define', `_topdir ${top}`, '--define', 'dist %{nil}']
  return run('rpmbuild', [...define, ...args, join(top, 'SOURCES', spec)], { cwd: top })
}

/** Builds with the rules of `examples/rpm` among those of this machine, as if they were installed. */
export function buildWith(top: string, spec: string, macros: Readonly<Record<string, string>>): Built {
  const attrs = join(top, 'attrs')
  mkdirSync(attrs, { recursive: true })
  copyFileSync('examples/rpm/kabi.attr', join(attrs, 'kabi.attr'))
  const all = {
    _fileattrsdir: attrs,
    kabi_deps: join(top, 'SOURCES/kabi-deps'),
    __os_install_post: '%{nil}',
    ...macros,
  }
  const defines = Object.entries(all).flatMap(([name, value]) => ['--define', `${name} ${value}`])
  return rpmbuild(top, spec, ['-bb', ...defines, '--load', join(attrs, 'kabi.attr')])
}

/** What the package of that name requires or provides of kernel symbols. */
export function linesOf(top: string, name: string, what: 'requires' | 'provides'): readonly string[] {
  const folder = join(top, 'RPMS', rpmCpu)
  const file =
    readdirSync(folder).find((one) => one.startsWith(`${name}-1.0`) || one.startsWith(`${name}-6.1`)) ??
    'none'
  const { output } = run('rpm', ['-qp', `--${what}`, join(folder, file)], { cwd: top })
  return output
    .split('\n')
    .filter((line) => /^(kernel|ksym)\([^)]*\) = [^-]*$/.test(line))
    .toSorted()
}
