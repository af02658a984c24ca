import type { Rule } from '../../judge/policy.ts'
import { counted } from '../words.ts'
import { blameItems } from './blame-words.ts'
import { causeParts, leadWords, unexplainedRemarks } from './cause-sections.ts'
import { adviceWords } from './docs-link.ts'
import type { Explained } from './explained.ts'
import { findingTexts } from './finding-texts.ts'
import type { KindGroup, RuleUse, VariantGroup } from './group-findings.ts'
import { emptySection, type Blames, type Column, type Section, type Table } from './report-model.ts'
import { code, say, text, type Words } from './span.ts'
import { symbolTable } from './symbol-table.ts'

/**
 * Findings of one kind: the symbols by set of variants, and what made them. Changed symbols that are explained stand by their causes.
 * @param withCauses false for a second group of changed symbols, of another severity: its causes were shown already
 */
export function symbolSection(
  group: KindGroup,
  why: Explained | undefined,
  withCauses: boolean,
  all: readonly string[],
  docs: string | undefined,
): Section {
  const { severity, kind, symbols, groups } = group
  const { title, counted: words, explanation, advice, anchor } = findingTexts[kind]
  const section = {
    ...emptySection(`${severity}-${kind}`, [`${title}: ${counted(symbols, words.noun)}`]),
    about: { severity, kind },
    explanation,
  }
  if (kind === 'changed' && why && why.causes.length > 0) {
    return {
      ...section,
      ...(withCauses ? { lead: leadWords(why) } : {}),
      ...causeParts(group, why, withCauses, all, docs),
    }
  }
  return {
    ...section,
    advice: adviceWords(docs, advice, anchor),
    blocks: [symbolTable(groups, all), ...blames(groups)],
    remarks: kind === 'changed' && why ? unexplainedRemarks(why) : [],
  }
}

function blames(groups: readonly VariantGroup[]): readonly Blames[] {
  const items = blameItems(groups.flatMap(({ findings }) => findings))
  return items.length === 0 ? [] : [{ kind: 'blames', items }]
}

/** The rules that made findings to be ignored with a count each, and those that are the first to match no protected symbol. */
export function ruleSections(uses: readonly RuleUse[], unused: readonly Rule[]): readonly Section[] {
  const total = uses.reduce((sum, { findings }) => sum + findings, 0)
  const ignored: Section = {
    ...emptySection('ignored', [`${counted(total, 'finding')} ignored by ${counted(uses.length, 'rule')}`]),
    label: 'note',
    folded: true,
    blocks: [
      ruleTable(
        'ignored',
        [{ head: 'Findings', number: true }],
        uses.map(({ rule, findings }) => [[String(findings)], ...ruleCells(rule)]),
      ),
    ],
  }
  const idle: Section = {
    ...emptySection('unused', [counted(unused.length, 'unused rule')]),
    label: 'note',
    folded: true,
    blocks: [ruleTable('unused', [], unused.map(ruleCells))],
  }
  return [...(uses.length > 0 ? [ignored] : []), ...(unused.length > 0 ? [idle] : [])]
}

function ruleTable(
  list: 'ignored' | 'unused',
  columns: readonly Column[],
  rows: readonly (readonly Words[])[],
): Table {
  const heads = ['Rule', 'Action', 'Place', 'Reason'].map((head) => ({ head }))
  return { kind: 'table', list, caption: 'Rules', columns: [...columns, ...heads], rows }
}

function ruleCells({ match, action, file, line, reason = '' }: Rule): readonly Words[] {
  return [
    say`${match.by} ${code(match.pattern)}`,
    [action],
    [code(`${file}:${line}`)],
    reason === '' ? [] : [text(reason)],
  ]
}
