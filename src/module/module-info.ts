import type { Elf, ElfFault } from './elf.ts'
import type { ModuleInfo } from './kernel-module.ts'

/**
 * Reads what a module says about itself in `.modinfo`: texts `key=value`, each with a zero byte behind it, perhaps with
 * more zero bytes between them (include/linux/moduleparam.h). A module without the section says nothing.
 */
export function readInfo(elf: Elf): ModuleInfo | ElfFault {
  const section = elf.sections.find(({ name }) => name === '.modinfo')
  const texts = section ? elf.strings(section) : []
  if (!texts) return { kind: 'fault', reason: 'is damaged: the last text of its .modinfo has no end' }
  const values = (key: string) =>
    texts.filter((text) => text.startsWith(key + '=')).map((text) => text.slice(key.length + 1))
  return {
    license: values('license')[0],
    vermagic: values('vermagic')[0]?.trimEnd(),
    namespaces: values('import_ns'),
  }
}
