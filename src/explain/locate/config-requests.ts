import type { KernelConfig } from '../../config/plan.ts'
import type { Requested } from './kconfig.ts'
import type { TreeView } from './patched-tree.ts'
import type { KconfigArch } from './kconfig-entries.ts'

/** A file with lines of a configuration: of the tree, where a patch may change it, or with its text. */
export type ConfigFile = { readonly file: string } | { readonly text: string }

/** What a variant asks of the kernel's configuration, in the order in which it does; later lines win. */
export interface ConfigRequest {
  readonly files: readonly ConfigFile[]
  readonly answer?: 'n' | 'm' | 'y'
}

/**
 * Says which files of the tree, and which other texts, a variant's configuration is made of.
 * @param fileOf gives a file that the variant names
 * @returns undefined for a target of make whose lines are not known
 */
export function configRequest(
  { from, fragments, set }: KernelConfig,
  fileOf: (path: string) => ConfigFile | undefined,
  arch: KconfigArch,
): ConfigRequest | undefined {
  const first =
    from.kind === 'file' ? [{ files: [fileOf(from.path)] }] : from.targets.map((one) => ofTarget(one, arch))
  const others: readonly (ConfigFile | undefined)[] = [...fragments.map(fileOf), { text: set.join('\n') }]
  const files: ConfigFile[] = []
  let answer: ConfigRequest['answer']
  for (const part of [...first, { files: others }]) {
    if (!part) return undefined
    if ('answer' in part) answer = part.answer
    for (const file of part.files) {
      if (!file) return undefined
      files.push(file)
    }
  }
  return { files, ...(answer ? { answer } : {}) }
}

/** The targets of scripts/kconfig/Makefile, and the usual names of `KBUILD_DEFCONFIG`. */
function ofTarget(
  target: string,
  { arch, srcarch }: KconfigArch,
): { readonly files: readonly ConfigFile[]; readonly answer?: 'n' | 'm' | 'y' } | undefined {
  const configs = `arch/${srcarch}/configs`
  const answers = { allnoconfig: 'n', tinyconfig: 'n', allmodconfig: 'm', allyesconfig: 'y' } as const
  if (target === 'tinyconfig') {
    const names = ['tiny-base.config', 'tiny.config'].map((name) => `kernel/configs/${name}`)
    return { files: [...names, `${configs}/tiny.config`].map((file) => ({ file })), answer: 'n' }
  }
  if (Object.hasOwn(answers, target)) return { files: [], answer: answers[target as keyof typeof answers] }
  if (target === 'alldefconfig') return { files: [] }
  if (target === 'defconfig') {
    const name = srcarch === 'x86' ? `${arch}_defconfig` : 'defconfig'
    return ['x86', 'arm64', 'riscv', 's390'].includes(srcarch)
      ? { files: [{ file: `${configs}/${name}` }] }
      : undefined
  }
  if (/^[\w.-]+_defconfig$/.test(target)) return { files: [{ file: `${configs}/${target}` }] }
  if (/^[\w.-]+\.config$/.test(target))
    return { files: ['kernel/configs', configs].map((folder) => ({ file: `${folder}/${target}` })) }
  return undefined
}

/** What a request asks for in some state of the tree. */
export function requestedIn({ files, answer }: ConfigRequest, view: TreeView): Requested {
  const values = new Map<string, string>()
  for (const one of files) {
    const text = 'text' in one ? one.text : view.text(one.file)
    for (const [, name, value = '', unset] of text?.matchAll(configLine) ?? [])
      values.set(name ?? unset ?? '', name === undefined ? 'n' : value)
  }
  return { line: (name) => values.get(name), ...(answer ? { answer } : {}) }
}

const configLine = /^(?:CONFIG_(\w+)=(.*?)|# CONFIG_(\w+) is not set)\s*$/gm
