import type { Evidence } from '../abi/evidence.ts'
import type { ToolOption } from '../abi/tool-option.ts'
import type { Problem } from '../problem/problem.ts'
import { compilerFamily } from './compiler-family.ts'
import { fails, type SymbolFinding } from './finding.ts'
import type { StableGuard } from './variant-case.ts'

/** Fewer protected symbols say nothing about the whole of a list. */
const fewestForMost = 10

/** Options that are shown one by one. */
const mostOptions = 12

/**
 * What may have made a break besides the patch: a list of another tree, or a compiler that is not the one behind the list.
 * Empty where nothing broke, and where two builds are compared.
 */
export function compilerDoubts(
  { baseline, builtWith, comparison, isBuild, toolOptions = [] }: StableGuard,
  { how }: Pick<Evidence, 'how'>,
  findings: readonly SymbolFinding[],
): readonly Problem[] {
  const broken = findings.filter(fails)
  const changed = broken.filter(({ kind }) => kind === 'changed').length
  if (!comparison || isBuild || broken.length === 0) return []
  const doubts: Problem[] = []
  const differing = new Set(broken.map(({ symbol }) => symbol)).size
  if (comparison.protected >= fewestForMost && differing > comparison.protected / 2) {
    doubts.push({
      kind: 'list-of-another-tree',
      message: `${differing} of ${comparison.protected} protected symbols differ: do the list and this tree belong together?`,
    })
  }
  // Of a finished build, nobody knows the compiler.
  if (changed === 0 || how.compiler === undefined) return doubts
  const symbols = `${changed} changed checksum${changed === 1 ? '' : 's'}`
  const known = baseline?.baseline.compiler ?? builtWith
  const excerpt = linesOf(toolOptions)
  if (known === undefined) {
    doubts.push({
      kind: 'compiler-unknown',
      message: `${symbols} may follow from the compiler, here ${how.compiler}`,
      excerpt,
    })
  } else if (!isSame(known, how.compiler) && !isTold(baseline?.baseline.compiler, how.compiler)) {
    doubts.push({
      kind: 'other-compiler',
      message: `${symbols} may follow from the compiler: the list was made with ${known}, here it is ${how.compiler}`,
      excerpt,
    })
  }
  return doubts
}

/** Another family than that of `baseline.yml` is told where builds are compared. */
function isTold(recorded: string | undefined, compiler: string): boolean {
  return recorded !== undefined && compilerFamily(recorded) !== compilerFamily(compiler)
}

/** The same family and version; what distributions call it is another matter. */
function isSame(one: string, other: string): boolean {
  return compilerFamily(one) === compilerFamily(other) && versionOf(one) === versionOf(other)
}

/** `gcc (Debian 12.2.0-14+deb12u1) 12.2.0`, `gcc (GCC) 14.2.1 20250110 (Red Hat 14.2.1-7)`, `clang version 17.0.6`. */
function versionOf(line: string): string {
  const outside = line.replace(/\([^()]*\)/g, ' ')
  return /\d+(?:\.\d+)+/.exec(outside)?.[0] ?? line
}

function linesOf(options: readonly ToolOption[]): readonly string[] {
  const lines = options.slice(0, mostOptions).map(({ name, here, released }) => {
    const now = here === 'n' ? 'not set' : here
    return released === undefined
      ? `${name}: ${now} with this compiler`
      : `${name}: ${released === 'n' ? 'not set' : released} in the configuration of the release, ${now} with this compiler`
  })
  const rest = options.length - lines.length
  if (lines.length === 0) return []
  return [
    'Options that Kconfig sets from the compiler, and that what was preprocessed can see:',
    ...lines,
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ]
}
