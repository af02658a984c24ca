/**
 * Which compiler it is, by the first line of what it says to `--version`: `gcc`, `clang`, or its first word. GCC starts
 * with the name it was called by (`cc (Debian 12.2.0-14) 12.2.0`, `aarch64-linux-gnu-gcc-12 (Debian …) …`); clang with its
 * vendor (`Debian clang version 14.0.6`).
 */
export function compilerFamily(version: string): string {
  const [first = ''] = version.trim().split(/\s+/)
  if (/(?:^|[^a-z])clang(?:$|[^a-z])/i.test(version)) return 'clang'
  return /^(?:.*[-/])?(?:gcc|cc)(?:-[\d.]+)?$/.test(first) ? 'gcc' : first
}
