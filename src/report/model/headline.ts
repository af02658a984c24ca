import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { problemTexts, type Problem } from '../../problem/problem.ts'
import type { Severity } from '../../judge/policy.ts'
import type { Override, Result, Verdict } from '../../judge/verdict.ts'
import { findingTexts } from './finding-texts.ts'
import { countsBesideSymbols, groupFindings, type KindGroup } from './group-findings.ts'
import { baseName, isAllFromBefore, originsInWords } from './origin-words.ts'
import { waivedInWords } from './waived.ts'
import { counted, partOfVariants } from '../words.ts'
import { docsLink } from './docs-link.ts'
import { join, say, text, variantName, type Words } from './span.ts'
import { promisingVariants } from './variant-words.ts'

/** The word that stands for a result in every report. */
export const resultWords: Readonly<Record<Result, string>> = {
  pass: 'PASS',
  break: 'BREAK',
  overridden: 'OVERRIDDEN',
  error: 'ERROR',
}

/**
 * The verdict in words, without the override: what was compared, what broke, or what could not be verified.
 *
 * @param groups the verdict's findings, grouped
 */
export function resultSentence(verdict: Verdict, groups: readonly KindGroup[]): Words {
  const broken = brokenInWords(verdict, groups)
  const foreign = verdict.problems.find(({ kind }) => kind === 'list-of-another-tree')
  switch (verdict.result) {
    case 'pass':
      return passInWords(verdict)
    case 'break':
    case 'overridden':
      if (foreign) return say`${text(foreign.message)} ${broken}`
      return broken.length + waivedInWords(verdict.findings).length > 0
        ? join([broken, originsInWords(verdict), waivedInWords(verdict.findings)], '; ')
        : say`nothing failed ${because(verdict)}`
    case 'error': {
      const sentence = errorInWords(verdict)
      return broken.length === 0 ? sentence : say`${sentence}; known so far: ${broken}`
    }
  }
}

/** What broke; in a report about some types, what broke because of them. */
function brokenInWords(verdict: Verdict, groups: readonly KindGroup[]): Words {
  const broken = findingsInWords(verdict, groups, 'fail')
  return broken.length === 0 || !verdict.explanation?.asked ? broken : say`${broken} ${because(verdict)}`
}

function because({ explanation }: Verdict): Words {
  const titles = (explanation?.asked ?? []).map((name) => text(definitionTitle(name)))
  return say`because of ${join(titles, ' or ')}`
}

/**
 * Who gave the disable flag or set the label, with which role, when and in which run, what came of it, and why; `undefined`
 * when nobody did.
 */
export function overrideSentence({ result, override }: Verdict): Words | undefined {
  if (!override) return undefined
  const { by, run, reason } = override
  const where = run === undefined ? '' : say`, ${{ link: run, words: ['run'] }}`
  return say`by ${text(by)}${standing(override)}${where}${overrideEffects[result]}: ${text(reason)}`
}

function standing({ how }: Override): Words {
  if (!how) return []
  const role = how.role === undefined ? 'role not checked' : text(how.role)
  const label = how.kind === 'label' ? say`, with the label “${text(how.label)}”` : ''
  return say` (${role})${label} at ${text(how.at)}`
}

const overrideEffects: Readonly<Record<Result, string>> = {
  overridden: '',
  pass: ', not needed',
  error: ', which does not excuse an error',
  break: ', not applied',
}

/** What may have made a break besides the patch. */
export function isDoubt({ kind }: Problem): boolean {
  return kind === 'list-of-another-tree' || kind === 'compiler-unknown' || kind === 'other-compiler'
}

/** What is to be done next, in one sentence. */
export function nextStep(verdict: Verdict): Words {
  const { result, override, docs } = verdict
  switch (result) {
    case 'pass':
      return verdict.findings.some(({ severity }) => severity === 'warn')
        ? ['nothing has to be done; read the warnings before you ship.']
        : ['nothing to do.']
    case 'break':
      // The base was built with the same compiler.
      if (verdict.origins && isAllFromBefore(verdict))
        return say`the patch did none of it: base ${baseName(verdict)} has the same. Whoever keeps the branch repairs it or waives it (${docsLink(docs, 'fixing-a-break.md#it-was-there-before')}).`
      if (verdict.problems.some(isDoubt))
        return say`find out whether the patch did it: run kabi-gate verify on the released commit (${docsLink(docs, 'policy.md')}). If nothing differs there, fix the patch (${docsLink(docs, 'fixing-a-break.md')}) and run again; if the break is wanted, ${excuseInWords(verdict)}.`
      return say`fix the patch (${docsLink(docs, 'fixing-a-break.md')}) and run again. If the break is wanted, ${excuseInWords(verdict)}.`
    case 'overridden':
      return say`the break is still there: a run without the ${override?.how?.kind === 'label' ? 'label' : 'disable flag'} fails until it is fixed (${docsLink(docs, 'fixing-a-break.md')}).`
    case 'error':
      return ['solve the errors and run again. Until then nobody knows whether the ABI is intact.']
  }
}

function excuseInWords({ excuse, docs }: Verdict): Words {
  switch (excuse?.kind) {
    case undefined:
      return ['give the disable flag with a reason']
    case 'label':
      return say`ask a maintainer for the label “${text(excuse.label)}”, or for a waiver (${docsLink(docs, 'waivers.md')})`
    case 'waiver':
      return say`ask for a waiver (${docsLink(docs, 'waivers.md')})`
  }
}

function passInWords(verdict: Verdict): Words {
  const checked = verdict.variants.filter(({ result }) => result !== 'no-promise')
  const sum = (key: 'compared' | 'protected') => checked.reduce((total, variant) => total + variant[key], 0)
  const parts: Words[] = [
    say`compared ${sum('compared')} of ${counted(sum('protected'), 'protected symbol')} in ${all(checked)}`,
  ]
  const silent = verdict.variants.length - checked.length
  if (silent > 0)
    parts.push([`${counted(silent, 'variant')} ${silent === 1 ? 'promises' : 'promise'} nothing`])
  const others = groupFindings(
    verdict.findings.filter((finding) => finding.family !== 'symbol' || !finding.waiver),
  )
  const warned = findingsInWords(verdict, others, 'warn')
  if (warned.length > 0) parts.push(say`warning: ${warned}`)
  parts.push(originsInWords(verdict), waivedInWords(verdict.findings))
  const ignored = checked.reduce((total, { findings }) => total + findings.ignore, 0)
  if (ignored > 0) parts.push([`${counted(ignored, 'finding')} ignored by rules`])
  return join(parts, '; ')
}

function all(variants: Verdict['variants']): Words {
  const [first] = variants
  return first && variants.length === 1 ? [variantName(first.name)] : [counted(variants.length, 'variant')]
}

/**
 * `3 protected symbols changed, 1 removed in 2 of 10 variants; 2 patch lines hiding a change`; empty when there are
 * none.
 */
function findingsInWords(verdict: Verdict, groups: readonly KindGroup[], weight: Severity): Words {
  const { variants, findings } = verdict
  const affected = new Set<string>()
  let noun = ''
  const counts: string[] = []
  for (const { severity, kind, symbols, groups: sets } of groups) {
    if (severity !== weight) continue
    for (const set of sets) set.variants.forEach((name) => affected.add(name))
    const text = findingTexts[kind].counted
    counts.push(`${text.noun === noun ? symbols : counted(symbols, text.noun)} ${text.happened}`)
    noun = text.noun
  }
  const whole = countsBesideSymbols(findings)
    .filter(({ severity }) => severity === weight)
    .map(({ kind, count }) => {
      const { noun: what, happened } = findingTexts[kind].counted
      return `${counted(count, what)} ${happened}`
    })
  if (counts.length === 0) return [whole.join('; ')].filter((words) => words !== '')
  const [only = ''] = affected
  const total = promisingVariants(variants).length
  const where = total === 1 ? variantName(only) : partOfVariants(affected.size, total)
  return join([say`${counts.join(', ')} in ${where}`, ...whole], '; ')
}

const mostTitles = 3

function errorInWords({ reasons, variants }: Verdict): Words {
  const titles: string[] = []
  const named = new Set<string>()
  let wholeRun = false
  for (const { weight, about, variants: some } of reasons) {
    if (weight !== 'error' || !('problem' in about)) continue
    titles.push(problemTexts[about.problem].title)
    for (const name of some) named.add(name)
    wholeRun ||= some.length === 0
  }
  const [only = ''] = named
  const total = Math.max(promisingVariants(variants).length, named.size)
  const what =
    wholeRun || named.size === 0
      ? 'the kernel ABI'
      : total === 1
        ? variantName(only)
        : partOfVariants(named.size, total)
  const more = titles.length > mostTitles ? `, and ${titles.length - mostTitles} more` : ''
  return say`could not verify ${what}: ${titles.slice(0, mostTitles).join(', ')}${more}`
}
