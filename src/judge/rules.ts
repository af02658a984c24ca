import type { Difference } from '../abi/compare.ts'
import type { Problem, Read } from '../abi/problem.ts'
import type { Rule, RuleSubject } from './policy.ts'

/** Numbers in SUSE's older lists run from 0 to 31; those from here on fail. */
const failingSeverity = 8
const highestSeverity = 31

/**
 * Reads rules in the form of SUSE's `kabi/severities`: a pattern, white space, `PASS`, `FAIL` or a number from 0 to 31,
 * then perhaps a comment. A pattern with a slash, and the word `vmlinux`, means the exporting module; one in capitals
 * may be a symbol or a namespace; any other is a symbol.
 */
export function parseSeverities(text: string, file: string): Read<readonly Rule[]> {
  const rules: Rule[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((source, index) => {
    const content = source.replace(/#.*/, '').trim()
    if (content === '') return
    const line = index + 1
    const [pattern = '', verdict = ''] = content.split(/\s+/)
    const action = actionOf(verdict)
    if (action) rules.push({ match: { by: subjectOf(pattern), pattern }, action, file, line })
    else problems.push(notAVerdict(pattern, verdict, { file, line }))
  })
  return { value: rules, problems }
}

function actionOf(verdict: string): Rule['action'] | undefined {
  if (/^PASS$/i.test(verdict)) return 'pass'
  if (/^FAIL$/i.test(verdict)) return 'fail'
  if (!/^\d{1,2}$/.test(verdict)) return undefined
  const severity = Number(verdict)
  if (severity > highestSeverity) return undefined
  return severity < failingSeverity ? 'pass' : 'fail'
}

function subjectOf(pattern: string): RuleSubject {
  if (pattern.includes('/') || pattern === 'vmlinux') return 'module'
  return /^[A-Z][A-Z0-9_]*$/.test(pattern) ? 'symbol-or-namespace' : 'symbol'
}

function notAVerdict(pattern: string, verdict: string, place: { file: string; line: number }): Problem {
  const found = verdict === '' ? 'nothing' : JSON.stringify(verdict.slice(0, 80))
  return {
    kind: 'malformed-line',
    message: `expected PASS, FAIL or a number from 0 to ${highestSeverity} after the pattern ${JSON.stringify(pattern.slice(0, 80))}, found ${found}; read as SUSE severities`,
    place,
  }
}

/** Prepares a list of rules for many look-ups: gives the first rule that matches a difference. */
export function ruleFinder(rules: readonly Rule[]): (difference: Difference) => Rule | undefined {
  const exact = new Map<string, number>()
  const globs: { readonly index: number; readonly subject: Subject; readonly regexp: RegExp }[] = []
  rules.forEach(({ match: { by, pattern } }, index) => {
    for (const subject of subjects[by]) {
      const key = `${subject} ${pattern}`
      if (/[*?]/.test(pattern)) globs.push({ index, subject, regexp: globToRegExp(pattern) })
      else if (!exact.has(key)) exact.set(key, index)
    }
  })
  return (difference) => {
    const texts = textsOf(difference)
    let first = rules.length
    for (const subject of subjects.any) {
      first = Math.min(first, exact.get(`${subject} ${texts[subject]}`) ?? first)
    }
    for (const { index, subject, regexp } of globs) {
      if (index >= first) break
      if (regexp.test(texts[subject])) first = index
    }
    return rules[first]
  }
}

type Subject = 'symbol' | 'module' | 'namespace'

const subjects: Readonly<Record<RuleSubject | 'any', readonly Subject[]>> = {
  symbol: ['symbol'],
  module: ['module'],
  namespace: ['namespace'],
  'symbol-or-namespace': ['symbol', 'namespace'],
  any: ['symbol', 'module', 'namespace'],
}

/** The baseline speaks: a patch must not bring a symbol under an exception by moving it. */
function textsOf({ symbol, baseline, current }: Difference): Readonly<Record<Subject, string>> {
  const { module, namespace } = baseline ?? current
  return { symbol, module: module ?? '', namespace: namespace ?? '' }
}

/** The regular expression for a pattern in which `*` stands for any characters and `?` for one. */
export function globToRegExp(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
}
