import type { Difference } from '../abi/compare.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { glob, globFault, isGlob, type Glob } from './glob.ts'
import type { Rule, RuleSubject } from './policy.ts'

/** Numbers in SUSE's older lists run from 0 to 31; those from here on fail. */
const failingSeverity = 8
const highestSeverity = 31

/** What the first of three words says about the pattern behind it. */
const typedSubjects: Readonly<Record<string, RuleSubject>> = {
  SYMBOL: 'symbol',
  MODULE: 'module',
  NAMESPACE: 'namespace',
}

/**
 * Reads rules in the form of SUSE's `kabi/severities`: a pattern, white space, and `PASS`, `FAIL` or, in older lists, a
 * number from 0 to 31; `#` begins a comment. `MODULE`, `SYMBOL` or `NAMESPACE` in front of the pattern says what it is about.
 * Without, a pattern with a slash, and the word `vmlinux`, means the exporting module; one without a lower-case letter a
 * namespace; any other a symbol.
 * Source: suse-kabi-tools(5), and `rpm/kabi.pl` of SUSE's kernel-source; docs/policy.md tells the differences.
 */
export function parseSeverities(text: string, file: string): Read<readonly Rule[]> {
  const rules: Rule[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((source, index) => {
    const words = wordsOf(source)
    if (words.length === 0) return
    const place = { file, line: index + 1 }
    const rule = parseRule(words)
    if (typeof rule === 'string') problems.push({ kind: 'malformed-line', message: rule, place })
    else rules.push({ ...rule, ...place })
  })
  return { value: rules, problems }
}

function wordsOf(line: string): readonly string[] {
  const comment = line.indexOf('#')
  return (comment < 0 ? line : line.slice(0, comment)).split(/[ \t\r\f]/).filter((word) => word !== '')
}

/** A rule, or what is wrong with it. */
function parseRule(words: readonly string[]): Pick<Rule, 'match' | 'action'> | string {
  const typed = words.length > 2 ? typedSubjects[words[0] ?? ''] : undefined
  const [pattern = '', verdict = '', ...more] = typed ? words.slice(1) : words
  const action = actionOf(verdict)
  if (!action) return notAVerdict(pattern, verdict)
  const [behind] = more
  if (behind !== undefined) {
    const front = typed ? '' : ', or MODULE, SYMBOL or NAMESPACE in front of the pattern'
    return `expected nothing behind ${shown(verdict)} but a comment, which begins with #${front}; found ${shown(behind)}; ${readAs}`
  }
  const fault = globFault(pattern)
  if (fault !== undefined) return `the pattern ${shown(pattern)} ${fault}; ${readAs}`
  return { match: { by: typed ?? subjectOf(pattern), pattern }, action }
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
  return pattern === pattern.toUpperCase() ? 'namespace' : 'symbol'
}

const readAs = 'read as SUSE severities'

function notAVerdict(pattern: string, verdict: string): string {
  const found = verdict === '' ? 'nothing' : shown(verdict)
  return `expected PASS, FAIL or a number from 0 to ${highestSeverity} after the pattern ${shown(pattern)}, found ${found}; ${readAs}`
}

function shown(word: string): string {
  return JSON.stringify(word.slice(0, 80))
}

/** What a rule is matched against. */
export type RuleTexts = Readonly<Record<RuleSubject, string>>

/** Prepares a list of rules for many look-ups: gives the first rule that matches. */
export function ruleFinder(rules: readonly Rule[]): (texts: RuleTexts) => Rule | undefined {
  const exact = new Map<string, number>()
  const globs: { readonly index: number; readonly by: RuleSubject; readonly matches: Glob }[] = []
  rules.forEach(({ match: { by, pattern } }, index) => {
    const key = `${by} ${pattern}`
    if (isGlob(pattern)) globs.push({ index, by, matches: glob(pattern) })
    else if (!exact.has(key)) exact.set(key, index)
  })
  return (texts) => {
    let first = rules.length
    for (const subject of subjects)
      first = Math.min(first, exact.get(`${subject} ${texts[subject]}`) ?? first)
    for (const { index, by, matches } of globs) {
      if (index >= first) break
      // Who is in no namespace is in none that a pattern could name.
      if ((by !== 'namespace' || texts.namespace !== '') && matches(texts[by])) first = index
    }
    return rules[first]
  }
}

const subjects = ['symbol', 'module', 'namespace'] as const satisfies readonly RuleSubject[]

/** What rules see of a difference. The baseline speaks: a patch must not bring a symbol under an exception by moving it. */
export function ruleTexts({ symbol, baseline, current }: Difference): RuleTexts {
  return textsOfRow(symbol, baseline ?? current)
}

/** What rules see of a row of a whitelist or of a build. */
export function textsOfRow(
  symbol: string,
  { module, namespace }: { readonly module: string | undefined; readonly namespace: string | undefined },
): RuleTexts {
  return { symbol, module: module ?? '', namespace: namespace ?? '' }
}

/** Lists the rules that are the first to match none of these rows, in which a symbol may stand many times. */
export function rulesWithoutRow(
  rules: readonly Rule[],
  rows: Iterable<{
    readonly symbol: string
    readonly module: string | undefined
    readonly namespace: string | undefined
  }>,
): readonly Rule[] {
  if (rules.length === 0) return []
  const ruleFor = ruleFinder(rules)
  const unused = new Set(rules)
  const seen = new Set<string>()
  for (const row of rows) {
    if (unused.size === 0) break
    const texts = textsOfRow(row.symbol, row)
    const key = `${texts.symbol}\t${texts.module}\t${texts.namespace}`
    if (seen.has(key)) continue
    seen.add(key)
    const rule = ruleFor(texts)
    if (rule) unused.delete(rule)
  }
  return rules.filter((rule) => unused.has(rule))
}
