import type { Blame } from '../abi/blame.ts'
import type { LineCommit, PatchLine } from '../abi/cause.ts'
import { ask, type ByFamily, type Finding } from './finding.ts'
import type { Verdict } from './verdict.ts'

type Change = <L extends PatchLine>(line: L) => L

/** The lines of the patch that a verdict names. */
export function linesOfPatch(verdict: Verdict): readonly PatchLine[] {
  const lines: PatchLine[] = []
  mapLines(verdict, (line) => {
    lines.push(line)
    return line
  })
  return lines
}

/** Adds to the lines of the patch the commits that made them. */
export function withCommits(verdict: Verdict, commits: ReadonlyMap<PatchLine, LineCommit>): Verdict {
  if (commits.size === 0) return verdict
  return mapLines(verdict, (line) => {
    const commit = commits.get(line)
    return commit ? { ...line, commit } : line
  })
}

const families: ByFamily<Finding, [Change]> = {
  symbol: (finding, change) =>
    finding.blame ? { ...finding, blame: inBlame(finding.blame, change) } : finding,
  layout: (finding, change) => (finding.patch ? { ...finding, patch: finding.patch.map(change) } : finding),
  hidden: (finding, change) => ({ ...finding, line: change(finding.line) }),
  'gate-edit': (finding) => finding,
  driver: (finding) => finding,
}

function inBlame(blame: Blame, change: Change): Blame {
  return { ...blame, patch: blame.patch.map(change) }
}

function mapLines(verdict: Verdict, change: Change): Verdict {
  const { explanation } = verdict
  const causes = explanation?.causes.map((cause) =>
    cause.patch ? { ...cause, patch: cause.patch.map(change) } : cause,
  )
  return {
    ...verdict,
    findings: verdict.findings.map((finding) => ask(families, finding, change)),
    ...(explanation && causes ? { explanation: { ...explanation, causes } } : {}),
  }
}
