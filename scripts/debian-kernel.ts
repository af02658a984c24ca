import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A flavour of Debian's kernel: a variant of ours, and Debian's name of its architecture. */
export const flavours: readonly (readonly [string, string])[] = [
  ['amd64', 'amd64'],
  ['s390x', 's390x'],
  ['cloud-amd64', 'amd64'],
  ['arm64', 'arm64'],
  ['cloud-arm64', 'arm64'],
  ['armmp', 'armhf'],
  ['armmp-lpae', 'armhf'],
  ['powerpc64le', 'ppc64el'],
  ['686', 'i386'],
  ['686-pae', 'i386'],
]

/**
 * Downloads a package from Debian's archive and unpacks it, once; needs no installation and no root, also for another
 * architecture.
 * @returns the folder
 */
export function unpacked(folder: string, name: string, version: string, arch: string): string {
  const target = join(folder, `${name}_${version}`)
  if (existsSync(target)) return target
  mkdirSync(folder, { recursive: true })
  const scratch = mkdtempSync(join(folder, 'download-'))
  try {
    run(
      'apt-get',
      [...optionsFor(join(folder, `apt-${arch}`), arch), 'download', `${name}=${version}`],
      scratch,
    )
    const [file] = readdirSync(scratch)
    if (file === undefined) throw new Error(`apt-get left no file of ${name}`)
    run('dpkg-deb', ['-x', join(scratch, file), join(scratch, 'files')])
    renameSync(join(scratch, 'files'), target)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return target
}

/** The kernel's source tree of a version of linux-source-6.1. */
export function sourceTree(folder: string, version: string): string {
  const tree = join(folder, `linux-${version}`)
  if (existsSync(tree)) return tree
  const archive = join(
    unpacked(folder, 'linux-source-6.1', version, nativeArch()),
    'usr/src/linux-source-6.1.tar.xz',
  )
  const scratch = `${tree}.unpacking`
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch)
  run('tar', ['-C', scratch, '--strip-components=1', '-xf', archive])
  renameSync(scratch, tree)
  return tree
}

/** Runs a program; its complaints go to standard error. @returns its standard output */
export function run(program: string, args: readonly string[], cwd: string = tmpdir()): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1e9,
  })
}

/** Options of apt-get with lists of their own, so that the system's stay as they are. */
function optionsFor(state: string, arch: string): readonly string[] {
  if (arch === nativeArch()) return ['-q']
  const options = [
    `APT::Architecture=${arch}`,
    `APT::Architectures=${arch}`,
    `Dir::State::Lists=${state}/lists`,
    `Dir::State::status=${state}/status`,
    `Dir::Cache=${state}/cache`,
  ].flatMap((option) => ['-o', option])
  if (!existsSync(state)) {
    mkdirSync(join(state, 'lists/partial'), { recursive: true })
    mkdirSync(join(state, 'cache/archives/partial'), { recursive: true })
    writeFileSync(join(state, 'status'), '')
    try {
      run('apt-get', ['-q', ...options, 'update'])
    } catch {
      // The security index of some architectures fails at times; the main one is what is needed.
    }
  }
  return ['-q', ...options]
}

function nativeArch(): string {
  return run('dpkg', ['--print-architecture']).trim()
}
