import { formatCrc } from '../../abi/export.ts'
import type { KernelModule } from '../../module/kernel-module.ts'
import { formatDependency } from './format-dependency.ts'
import type { GeneratorStyle } from './generator.ts'
import type { ModuleExports } from './provides.ts'
import type { SymbolGroup } from './symbol-groups.ts'

interface Versioned {
  readonly symbol: string
  readonly crc: number
}

/** What is exported by a kernel, and by what is installed beside it. */
interface Offered {
  readonly kernel: readonly Versioned[]
  readonly beside: readonly Versioned[]
}

/**
 * The lines that a package with the given modules gets, as its generator prints them: `kernel(...)` for what the kernel
 * exports with the checksum of the module, then `ksym(...)` for the rest. RHEL 6 and 7 ask for the symbol only: their `kernel(...)` has the
 * checksum of the kernel, unless the module was built against a row beside the kernel. Of what the modules give each other, RHEL 8 and
 * later list all, which the package itself then provides. SUSE makes one kind of line, sorted by checksum.
 * Source: find-requires.ksyms of kernel-rpm-macros, redhat-rpm-config and rpm-config-SUSE.
 */
export function requiresOf(
  modules: readonly KernelModule[],
  { kernel, beside }: Offered,
  style: GeneratorStyle,
): readonly string[] {
  const crcs = new Map(kernel.map(({ symbol, crc }) => [symbol, crc]))
  const own = new Set(modules.flatMap((module) => [...module.exports]))
  const needed = versionsOf(modules)
  switch (style.generator) {
    case 'rhel': {
      const sorted = sortedBy(needed, ({ symbol, crc }) => `${symbol}:${formatCrc(crc)}`)
      const lines = (inKernel: boolean) =>
        sorted
          .filter(({ symbol, crc }) => (crcs.get(symbol) === crc) === inKernel)
          .map(({ symbol, crc }) => formatDependency(inKernel ? 'kernel' : 'ksym', symbol, crc, style))
      return [...lines(true), ...lines(false)]
    }
    case 'rhel7': {
      const firsts = new Map(needed.toReversed().map((one) => [one.symbol, one]))
      const outside = [...firsts.values()].filter(({ symbol }) => !own.has(symbol))
      const sorted = sortedBy(outside, ({ symbol }) => symbol)
      const besides = new Set(beside.map(({ symbol, crc }) => `${symbol}:${crc}`))
      const ofKernel = ({ symbol, crc }: Versioned) =>
        crcs.get(symbol) === crc || (crcs.has(symbol) && !besides.has(`${symbol}:${crc}`))
      const known = sorted
        .filter(ofKernel)
        .map(({ symbol }) => formatDependency('kernel', symbol, crcs.get(symbol) ?? 0, style))
      const others = sorted.filter((one) => !ofKernel(one))
      return [...known, ...others.map(({ symbol, crc }) => formatDependency('ksym', symbol, crc, style))]
    }
    case 'suse': {
      const outside = needed.filter(({ symbol }) => !own.has(symbol))
      return byChecksum(outside).map(({ symbol, crc }) => formatDependency('ksym', symbol, crc, style))
    }
  }
}

/** The same with what modules export that are packed beside those asked about: it is no kernel's. */
export function withModules({ kernel, beside }: Offered, modules: readonly ModuleExports[]): Offered {
  const exported = modules.flatMap(({ checksums }) =>
    [...checksums].map(([symbol, crc]) => ({ symbol, crc })),
  )
  return { kernel, beside: [...beside, ...exported] }
}

/**
 * The lines of RHEL 5: `kernel(group) = sha1` once for each group that has one of the symbols, `ksym(...)` for symbols
 * in none. The groups come in the order of the smallest checksum that is needed of them, as text.
 */
export function groupRequires(
  modules: readonly KernelModule[],
  groups: readonly SymbolGroup[],
): readonly string[] {
  const own = new Set(modules.flatMap((module) => [...module.exports]))
  const lines = byChecksum(versionsOf(modules).filter(({ symbol }) => !own.has(symbol))).flatMap(
    ({ symbol, crc }) => {
      const found = groups.filter(({ checksums }) => checksums.get(symbol) === crc)
      return found.length > 0
        ? found.map(({ line }) => line)
        : [formatDependency('ksym', symbol, crc, { generator: 'rhel' })]
    },
  )
  return [...new Set(lines)]
}

/** What `modprobe --dump-modversions` gives, each pair once, in the order of the modules. */
function versionsOf(modules: readonly KernelModule[]): readonly Versioned[] {
  const found = new Map<string, Versioned>()
  for (const { imports } of modules) {
    for (const { symbol, crc } of imports) {
      if (crc !== undefined && !found.has(`${symbol}:${crc}`)) found.set(`${symbol}:${crc}`, { symbol, crc })
    }
  }
  return [...found.values()]
}

function byChecksum(versions: readonly Versioned[]): readonly Versioned[] {
  return sortedBy(versions, ({ symbol, crc }) => `${crc.toString(16)}/${symbol}`)
}

function sortedBy(versions: readonly Versioned[], key: (one: Versioned) => string): readonly Versioned[] {
  return versions.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
