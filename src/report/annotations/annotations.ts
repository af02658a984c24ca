import { adviceFor, isError, problemTexts } from '../../problem/problem.ts'
import { ofFamily, type EditFinding, type HiddenFinding } from '../../judge/finding.ts'
import type { Result, Verdict } from '../../judge/verdict.ts'
import { editChange, editTexts } from '../model/edit-texts.ts'
import type { Blame } from '../../abi/blame.ts'
import { blamePlace, blameSentences, byBlame } from '../model/blame-words.ts'
import { printable } from '../escape.ts'
import { adviceWords } from '../model/docs-link.ts'
import { explained, splitByCauses, type CauseView } from '../model/explained.ts'
import {
  adviceOf,
  chainTitles,
  changesInWords,
  classWords,
  patchText,
  reachWords,
  reservedWords,
  riskWords,
} from '../model/explanation-words.ts'
import { findingTexts } from '../model/finding-texts.ts'
import { groupFindings, type KindGroup, type VariantGroup } from '../model/group-findings.ts'
import { nextStep, overrideSentence, resultSentence, resultWords } from '../model/headline.ts'
import { hiddenWords } from '../model/hidden-words.ts'
import { mergeProblems, type MergedProblem } from '../model/merge-problems.ts'
import { promisingVariants, variantsInWords } from '../model/variant-words.ts'
import { plainText } from '../text/text-pen.ts'
import { counted } from '../words.ts'

/** What a forge shows beside the lines of a change. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  /** Below 4,096 characters; may hold newlines. */
  readonly message: string
  /** As the verdict names it: the adapter decides whether the file lies in the workspace. */
  readonly file?: string
  /** The kernel tree that `file` starts at, where it starts at one. */
  readonly tree?: string
  readonly line?: number
}

/** GitHub keeps ten annotations of a level for one step. */
const most = 10

const mostSymbols = 10

/**
 * The verdict as annotations, at most ten: the verdict itself first, then errors (those with a place first), then
 * findings, then lines of the patch that hide changes, then edits of the gate, then drivers, then notes. Changed symbols stand as one annotation for each
 * cause on the line of the patch that made it; findings of other kinds by set of variants, on the line that made them, or where
 * nothing is known of that, as for what is not explained, on the whitelist's line of their first symbol. When some were left out, the last one says how many.
 */
export function annotations(verdict: Verdict): readonly Annotation[] {
  const all = promisingVariants(verdict.variants)
  const problems = mergeProblems(verdict.problems)
  const errors = problems.filter(({ problem }) => isError(problem))
  const groups = groupFindings(verdict.findings)
  const why = explained(verdict)
  const firstChanged = groups.find(({ kind }) => kind === 'changed')
  const tree = verdict.variants.flatMap(({ how }) => how?.source ?? [])[0]
  const run: Run = { all, tree, advise: adviser(verdict.docs) }
  const failing = new Set(
    ofFamily(verdict.findings, 'symbol').flatMap(({ severity, causes: ids = [] }) =>
      severity === 'fail' ? ids : [],
    ),
  )
  const causes = (why?.causes ?? []).map((view) => aboutCause(view, failing.has(view.cause.id), run))
  const details = [
    ...errors.filter(({ problem }) => problem.place).map(aboutProblem),
    ...errors.filter(({ problem }) => !problem.place).map(aboutProblem),
    ...groups
      .filter(({ severity }) => severity !== 'ignore')
      .flatMap((kind) => {
        const rows = why && kind.kind === 'changed' ? splitByCauses(kind, why).rest : kind.groups
        return [
          ...(kind === firstChanged ? causes : []),
          ...rows.flatMap((group) =>
            byBlame(group.findings).map(({ blame, findings }) =>
              aboutFindings(kind, { ...group, findings }, blame, run),
            ),
          ),
        ]
      }),
    ...ofFamily(verdict.findings, 'hidden')
      .filter(({ severity }) => severity !== 'ignore')
      .map((line) => aboutHidden(line, run)),
    ...ofFamily(verdict.findings, 'gate-edit')
      .filter(({ severity }) => severity !== 'ignore')
      .map((edit) => aboutEdit(edit, run)),
    ...aboutDrivers(verdict, run),
    ...problems.filter(({ problem }) => !isError(problem)).map(aboutProblem),
  ]
  const first = aboutVerdict(verdict, groups)
  if (details.length < most) return [first, ...details]
  const shown = details.slice(0, most - 2)
  const left = details.length - shown.length
  return [
    first,
    ...shown,
    {
      level: 'notice',
      title: 'kabi-gate: more than annotations can show',
      message: `${left} more annotations were left out; the full report lists everything.`,
    },
  ]
}

/** What all annotations of a run need to know. */
interface Run {
  readonly all: readonly string[]
  /** The kernel tree. */
  readonly tree: string | undefined
  /** What to do, and where to read on. */
  readonly advise: (text: { readonly advice: string; readonly anchor: string }) => string
}

function adviser(docs: string | undefined): Run['advise'] {
  return ({ advice, anchor }) => plainText(adviceWords(docs, advice, anchor))
}

const levels: Readonly<Record<Result, Annotation['level']>> = {
  pass: 'notice',
  break: 'error',
  overridden: 'warning',
  error: 'error',
}

function aboutVerdict(verdict: Verdict, groups: readonly KindGroup[]): Annotation {
  const { result } = verdict
  const override = overrideSentence(verdict)
  const lines = [
    plainText(resultSentence(verdict, groups)),
    ...(override ? [`Override ${plainText(override)}`] : []),
  ]
  return {
    level: levels[result],
    title: `kabi-gate: ${resultWords[result]}`,
    message: [...lines, `Next: ${plainText(nextStep(verdict))}`].join('\n'),
  }
}

function aboutProblem({ problem, variants }: MergedProblem): Annotation {
  const { kind, message, place } = problem
  const where = variants.length > 0 ? `Variants: ${plainText(variantsInWords(variants, []))}\n` : ''
  return {
    level: isError(problem) ? 'error' : 'notice',
    title: problemTexts[kind].title,
    message: `${printable(message, 1000)}\n${where}${printable(adviceFor(problem), 1000)}`,
    ...(place ? { file: place.file } : {}),
    ...(place?.line === undefined ? {} : { line: place.line }),
  }
}

function aboutFindings(
  { severity, kind }: KindGroup,
  group: VariantGroup,
  blame: Blame | undefined,
  { all, tree, advise }: Run,
): Annotation {
  const text = findingTexts[kind]
  const { findings, variants } = group
  const names = findings.slice(0, mostSymbols).map(({ symbol }) => printable(symbol, 100))
  const left = findings.length - names.length
  const symbols = names.join(', ') + (left > 0 ? ` and ${left} more` : '')
  const where = plainText(variantsInWords(variants, all))
  const baseline = findings[0]?.baseline
  const place = blamePlace(blame)
  return {
    level: severity === 'fail' ? 'error' : 'warning',
    title: `${text.title}: ${counted(findings.length, text.counted.noun)}`,
    message: [
      symbols,
      `In ${where}.`,
      ...blameSentences(findings).map(plainText),
      text.explanation,
      advise(text),
    ].join('\n'),
    ...(place
      ? { file: place.file, line: place.line, ...(tree === undefined ? {} : { tree }) }
      : baseline
        ? { file: baseline.file, line: baseline.line }
        : {}),
  }
}

function aboutCause(
  { cause, number, title, risk }: CauseView,
  fails: boolean,
  { all, tree, advise }: Run,
): Annotation {
  const escape = (text: string) => printable(text, 100)
  const text = adviceOf(cause)
  const chain = chainTitles(cause)
  const place = cause.patch?.[0] ?? cause.place
  return {
    level: fails ? 'error' : 'warning',
    title: `${escape(title)}: ${classWords(cause)} (${riskWords[risk]})`,
    message: [
      `Cause ${number} of changed checksums: ${plainText(reachWords(cause, all))}.`,
      ...changesInWords(cause).map(plainText),
      ...(chain.length > 1 ? [`For example ${chain.slice(0, mostLinks).map(escape).join(' → ')}`] : []),
      ...(cause.reserved ? [`Reserved fields: ${plainText(reservedWords(cause.reserved))}`] : []),
      text.explanation,
      advise(text),
    ].join('\n'),
    ...(place ? { file: place.file, line: place.line } : {}),
    ...(place && tree !== undefined ? { tree } : {}),
  }
}

const mostLinks = 8

function aboutEdit({ edit, severity }: EditFinding, { advise }: Run): Annotation {
  const { title, meaning } = editTexts[edit.kind]
  const change = plainText(editChange(edit))
  const about = edit.subject + (change === '' ? '' : `: ${change}`)
  const where = edit.variant === undefined ? '' : ` in ${printable(edit.variant, 100)}`
  return {
    level: severity === 'fail' ? 'error' : 'warning',
    title: `${findingTexts['whitelist-edit'].title}: ${title}`,
    message: `${printable(about, 500)}${where}\n${meaning}\n${advise(findingTexts['whitelist-edit'])}`,
    file: edit.file,
    ...(edit.line === undefined ? {} : { line: edit.line }),
  }
}

/** All broken drivers in one. */
function aboutDrivers({ findings }: Verdict, { advise }: Run): readonly Annotation[] {
  const broken = ofFamily(findings, 'driver').filter(({ severity }) => severity !== 'ignore')
  if (broken.length === 0) return []
  const { title, explanation, counted: words } = findingTexts.driver
  const names = broken
    .slice(0, mostSymbols)
    .map(({ name, variant }) => printable(`${name} (${variant})`, 150))
  const left = broken.length - names.length
  return [
    {
      level: broken.some(({ severity }) => severity === 'fail') ? 'error' : 'warning',
      title: `${title}: ${counted(broken.length, words.noun)}`,
      message: `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}\n${explanation}\n${advise(findingTexts.driver)}`,
    },
  ]
}

function aboutHidden({ line, severity }: HiddenFinding, { tree, advise }: Run): Annotation {
  const { title, explanation } = findingTexts.hidden
  return {
    level: severity === 'fail' ? 'error' : 'warning',
    title: `${title}: ${hiddenWords[line.how]}`,
    message: `${printable(patchText(line), 200)}\n${explanation}\n${advise(findingTexts.hidden)}`,
    file: line.file,
    line: line.line,
    ...(tree === undefined ? {} : { tree }),
  }
}
