/**
 * Reads what genksyms prints, one export a line: `#SYMVER name 0x12345678` since Linux 5.19, before that
 * `__crc_name = 0x12345678;`, and with CONFIG_MODULE_REL_CRCS (4.10 to 5.18)
 * `SECTIONS { .rodata : ALIGN(4) { __crc_name = .; LONG(0x12345678); } }`. A checksum has eight digits.
 * Anything else is not for a reader of checksums; a symbol without a line has none.
 */
export function parseChecksums(text: string): ReadonlyMap<string, number> {
  const checksums = new Map<string, number>()
  for (const match of text.matchAll(checksumLine)) {
    const symbol = match[1] ?? match[3] ?? match[5] ?? ''
    checksums.set(symbol, parseInt(match[2] ?? match[4] ?? match[6] ?? '', 16))
  }
  return checksums
}

const checksumLine =
  /^#SYMVER (\S+) 0x([0-9a-f]{8})$|^__crc_(\S+) = 0x([0-9a-f]{8});$|^SECTIONS .*\b__crc_(\S+) = \.; LONG\(0x([0-9a-f]{8})\);/gm
