import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Collected, Evidence } from '../../src/abi/evidence.ts'
import type { Problem } from '../../src/abi/problem.ts'
import type { KernelConfig, VariantPlan } from '../../src/config/plan.ts'
import type { CollectOptions } from '../../src/kernel/collect.ts'
import type { Progress } from '../../src/kernel/progress.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Files, writeFiles } from '../support/workspace.ts'

export function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}`)
  chmodSync(path, 0o755)
}

/**
 * A make that knows O= and the targets, writes down how it was called, and does what the functions `base`,
 * `configure`, `prepare`, `dry` and `build` say; a test replaces these.
 */
const fakeMake = `
here=\${0%/*}
out= dry= targets=
for arg; do
  printf '%s\\n' "$arg" >>"$here/calls"
  case $arg in
    O=*) out=\${arg#O=} ;;
    -n) dry=yes ;;
    -*|*=*|/*) ;;
    *) targets="$targets $arg" ;;
  esac
done
echo '--' >>"$here/calls"
base() { printf 'CONFIG_MODULES=y\\nCONFIG_MODVERSIONS=y\\n' >"$out/.config"; }
configure() { :; }
prepare() { echo '  HOSTCC  scripts/basic/fixdep'; }
build() { echo '  CC      init/main.o'; printf '0x12345678\\tprintk\\tvmlinux\\tEXPORT_SYMBOL\\t\\n' >"$out/Module.symvers"; touch "$out/vmlinux"; }
dry() { :; }
. "$here/scenario"
case "$dry$targets" in
  yes*) dry ;;
  ' olddefconfig') configure ;;
  ' prepare modules_prepare') prepare ;;
  ' vmlinux modules') build ;;
  *config) base ;;
  *) echo "unknown targets:$targets" >&2; exit 2 ;;
esac
`

/** What the folder that passes for a kernel tree holds. */
export const fakeTree: Files = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n',
  Kbuild: '',
  'scripts/Kbuild.include': '',
  'arch/x86/Makefile': '',
  'kernel/fork.c': 'int fork;\n',
  'include/linux/sched.h': '\n',
}

export interface FakeKernel {
  readonly folder: string
  readonly source: string
  readonly bin: string
  readonly variantFolder: string
  readonly options: CollectOptions
  readonly progress: Progress[]
  readonly controller: AbortController
  /** Replaces functions of the fake make; shell text. */
  readonly scenario: (script: string) => void
  /** The arguments of each call of make so far. */
  readonly calls: () => string[][]
  readonly log: () => string
}

/** A folder that passes for a kernel tree, and build tools that do as they are told, first in PATH. */
export function fakeKernel(): FakeKernel {
  const folder = temporaryFolder()
  const source = join(folder, 'linux')
  const bin = join(folder, 'bin')
  writeFiles(source, fakeTree)
  writeProgram(join(bin, 'make'), fakeMake)
  for (const tool of ['flex', 'bison', 'bc', 'ld', 'ar', 'nm', 'objcopy']) writeProgram(join(bin, tool), '')
  writeProgram(join(bin, 'gcc'), 'echo "gcc (Fake) 12.2.0"; echo "Copyright"')
  writeFileSync(join(bin, 'scenario'), '')
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const progress: Progress[] = []
  const controller = new AbortController()
  return {
    folder,
    source,
    bin,
    variantFolder: join(folder, 'work', 'x86_64'),
    progress,
    controller,
    options: {
      source,
      workDir: join(folder, 'work'),
      jobs: 3,
      signal: controller.signal,
      onProgress: (step) => progress.push(step),
    },
    scenario: (script) => writeFileSync(join(bin, 'scenario'), script),
    calls: () =>
      readFileSync(join(bin, 'calls'), 'utf8')
        .split('--\n')
        .slice(0, -1)
        .map((call) => call.split('\n').slice(0, -1)),
    log: () => readFileSync(join(folder, 'work', 'x86_64', 'build.log'), 'utf8'),
  }
}

const tinyconfig: KernelConfig = {
  from: { kind: 'targets', targets: ['tinyconfig'] },
  fragments: [],
  set: [],
}

export function variantPlan(change: Partial<VariantPlan> = {}): VariantPlan {
  return {
    name: 'x86_64',
    arch: 'x86_64',
    promise: { kind: 'none', reason: 'a test' },
    strategy: 'full',
    config: tinyconfig,
    toolchain: { crossCompile: '' },
    makeArgs: [],
    ...change,
  }
}

export function configOf(change: Partial<KernelConfig>): KernelConfig {
  return { ...tinyconfig, ...change }
}

/** The evidence, or a failed test that shows the problems. */
export function evidence(collected: Collected): Evidence {
  if (collected.kind === 'failure') throw new Error(JSON.stringify(collected.problems))
  return collected
}

export function problems(collected: Collected): readonly Problem[] {
  return collected.kind === 'failure' ? collected.problems : []
}

export const kinds = (collected: Collected): readonly string[] => problems(collected).map(({ kind }) => kind)
