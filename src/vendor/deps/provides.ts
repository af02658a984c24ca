import type { JoinedTables } from '../../abi/join-tables.ts'
import { formatDependency, type Capability } from './format-dependency.ts'
import type { GeneratorStyle } from './generator.ts'

/** The exports of one module file. */
export interface ModuleExports {
  readonly file: string
  readonly checksums: ReadonlyMap<string, number>
}

/**
 * The lines that a kernel package gets for its symvers file, as its generator prints them, and where modules beside the kernel are listed
 * too their `ksym(...)`. RHEL 8 and later list what
 * the kernel image exports, because the modules are in packages of their own, with lines of their own; RHEL 6 and 7
 * list everything, both in the order of the file. SUSE makes sorted lines of the image and of every module.
 * Sources: kabi.sh of kernel-rpm-macros and of redhat-rpm-config; find-provides.ksyms of rpm-config-SUSE.
 */
export function kernelProvides({ kernel, beside }: JoinedTables, style: GeneratorStyle): readonly string[] {
  const image = style.generator === 'rhel'
  const lines = [
    ...(image ? kernel.filter(({ module }) => module === 'vmlinux') : kernel).map(({ symbol, crc }) =>
      formatDependency('kernel', symbol, crc, style),
    ),
    ...(image ? [] : beside).map(({ symbol, crc }) => formatDependency('ksym', symbol, crc, style)),
  ]
  return style.generator === 'suse' ? unique(lines) : lines
}

/**
 * The lines that the modules of a package get: `kernel(...)` below the folder of the kernel's own modules, else
 * `ksym(...)`. RHEL 6 and 7 know only the latter. A symbol stands there once, with the checksum that came first.
 * Source: find-provides.ksyms of the same packages.
 */
export function moduleProvides(modules: readonly ModuleExports[], style: GeneratorStyle): readonly string[] {
  const lines = modules.flatMap(({ file, checksums }) => {
    const capability: Capability = style.generator === 'rhel' && ownModule.test(file) ? 'kernel' : 'ksym'
    return [...checksums].map(([symbol, crc]) => formatDependency(capability, symbol, crc, style))
  })
  if (style.generator !== 'rhel') return unique(lines)
  const byKey = new Map<string, string>()
  for (const line of lines) {
    const key = line.slice(0, line.indexOf(' '))
    if (!byKey.has(key)) byKey.set(key, line)
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
}

const ownModule = /(?:^|\/)lib\/modules\/[1-9][^/]*\/kernel/

/** What `LC_ALL=C sort -u` makes of lines. */
function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].sort()
}
