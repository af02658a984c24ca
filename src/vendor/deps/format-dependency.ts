import { formatCrc } from '../../abi/export.ts'
import type { GeneratorStyle } from './generator.ts'

/** `kernel`: of the kernel's own packages; `ksym`: of a package with other modules. */
export type Capability = 'kernel' | 'ksym'

/** One dependency on a symbol as RPM spells it: `kernel(printk) = 0x92997ed8`, on SUSE `ksym(default:printk) = 92997ed8`. */
export function formatDependency(
  capability: Capability,
  symbol: string,
  crc: number,
  style: GeneratorStyle,
): string {
  return style.generator === 'suse'
    ? `ksym(${style.flavour}:${symbol}) = ${crc.toString(16)}`
    : `${capability}(${symbol}) = ${formatCrc(crc)}`
}
