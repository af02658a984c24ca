import { basename, dirname } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { presetPolicy } from '../judge/policy.ts'
import { machineOfArch, machineOf } from './machines.ts'
import type { Plan } from './plan.ts'

/** True for the text of a kernel's `.config`, which is no `kabi.yml`: a line at the left edge sets an option. */
export function isKernelConfig(text: string): boolean {
  return /^CONFIG_\w+=/m.test(text)
}

/**
 * The plan to look at one kernel that only its `.config` describes: one variant, with the architecture that the file's
 * first lines name and the usual cross tools when this machine is another one. The kernel's own build writes the line
 * `# Linux/arm64 6.1.170 Kernel Configuration`; a file without it cannot be used.
 * @param file the configuration; an absolute path
 * @param node the machine's architecture, as in `process.arch`
 */
export function kernelConfigPlan(
  text: string,
  file: string,
  node: string = process.arch,
): Read<Plan | undefined> {
  const folder = /^# Linux\/(\w+) .*Kernel Configuration$/m.exec(text)?.[1]
  if (folder === undefined) return { value: undefined, problems: [withoutArch(file)] }
  const arch = folder === 'x86' ? (/^CONFIG_X86_64=y$/m.test(text) ? 'x86_64' : 'i386') : folder
  const native = machineOf(node).arch === arch
  const crossCompile = native ? '' : (machineOfArch(arch)?.crossCompile ?? '')
  const variant = {
    name: arch,
    arch,
    guard: { kind: 'none', reason: `${basename(file)} names no whitelist` },
    strategy: 'exports',
    config: { from: { kind: 'file', path: file }, fragments: [], set: withoutKeyFiles(text) },
    toolchain: { crossCompile },
    makeArgs: [],
  } as const
  return {
    value: {
      file,
      folder: dirname(file),
      variants: [variant],
      policy: presetPolicy('strict'),
      waivers: [],
      protectedBranches: [],
    },
    problems: [],
  }
}

/** Options that name key files, with values that need none; no checksum depends on them. */
const keyFiles = {
  MODULE_SIG_KEY: 'certs/signing_key.pem',
  SYSTEM_TRUSTED_KEYS: '',
  SYSTEM_REVOCATION_KEYS: '',
}

/**
 * Options of a distribution's configuration that another machine needs otherwise, with their values: the keys they name are only at
 * the distribution's own build.
 */
export function optionsOfElsewhere(text: string): readonly (readonly [option: string, value: string])[] {
  return Object.entries(keyFiles).filter(([option, value]) => {
    const named = new RegExp(`^CONFIG_${option}="(.*)"$`, 'm').exec(text)?.[1]
    return named !== undefined && named !== value
  })
}

function withoutKeyFiles(text: string): readonly string[] {
  return optionsOfElsewhere(text).map(([option, value]) => `CONFIG_${option}="${value}"`)
}

function withoutArch(file: string): Problem {
  return {
    kind: 'config',
    message: 'The kernel configuration does not say for which architecture it is.',
    place: { file },
    advice:
      'Keep its line "# Linux/ARCH VERSION Kernel Configuration", or describe the variant in a kabi.yml.',
  }
}
