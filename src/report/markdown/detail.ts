import type { ListName } from '../model/report-model.ts'

/** How much a Markdown report shows. */
export interface Detail {
  /** Symbols of each group. */
  readonly symbols: number
  /** Sets of variants of each kind of finding. */
  readonly groups: number
  readonly problems: number
  /** Lines of a problem's excerpt, the last ones. */
  readonly excerpt: number
  readonly variants: number
  readonly rules: number
  /** Rows of the table of causes. */
  readonly causes: number
  /** Causes that are told in full. */
  readonly causeBlocks: number
  /** Lines of each definition's diff. */
  readonly diff: number
  /** UTF-16 units of each text that somebody else wrote. */
  readonly text: number
  readonly complete: boolean
}

/** The same number of everything. */
function ofEach(most: number) {
  return {
    symbols: most,
    groups: most,
    problems: most,
    excerpt: most,
    variants: most,
    rules: most,
    causes: most,
    causeBlocks: most,
    diff: most,
  }
}

const complete: Detail = { ...ofEach(Infinity), text: 2000, complete: true }

const shorter: Detail = {
  symbols: 0,
  groups: 50,
  problems: 50,
  excerpt: 40,
  variants: 256,
  rules: 20,
  causes: Infinity,
  causeBlocks: Infinity,
  diff: 60,
  text: 500,
  complete: false,
}

const short: Detail = {
  ...shorter,
  groups: 10,
  problems: 10,
  excerpt: 10,
  variants: 40,
  rules: 5,
  causes: 20,
  causeBlocks: 0,
  text: 200,
}

/** Only what the opening says. */
export const countsOnly: Detail = { ...ofEach(0), text: 300, complete: false }

/** The same with texts so short that it fits into 2,000 bytes, whatever they hold. */
export const leastOfAll: Detail = { ...countsOnly, text: 40 }

/** From everything to counts; each step shows less than the one before. */
export const detailLevels: readonly Detail[] = [
  complete,
  ...[5_000, 3_500, 2_500, 1_800, 1_200, 800, 550, 400, 280, 200, 140, 100, 70, 50, 35, 25].map(
    (symbols) => ({ ...shorter, symbols }),
  ),
  ...[70, 50, 35, 25, 15, 10, 5, 3, 0].map((symbols) => ({ ...short, symbols })),
  { ...short, groups: 0, problems: 3, excerpt: 3, variants: 0, rules: 0 },
]

/**
 * The same for a verdict with an explanation. A few names of symbols are enough there, so that these go first; then
 * the least important causes are told only in the table, and at last their rows go, too.
 */
export const explainedLevels: readonly Detail[] = [
  complete,
  ...[1_000, 300, 100, 30, 10].map((symbols) => ({ ...shorter, symbols })),
  ...[400, 250, 150, 100, 80, 65, 50, 40, 32, 25, 20, 16, 12, 9, 6, 4, 2, 1, 0].map((causeBlocks) => ({
    ...shorter,
    groups: 20,
    symbols: 5,
    diff: 40,
    text: 300,
    causeBlocks,
  })),
  ...[400, 200, 100, 50, 20, 10, 5].map((causes) => ({ ...short, symbols: 3, causes })),
  ...detailLevels.slice(-2),
]

export const cutNote = '_Cut to fit in here; the JSON report has everything._'

/** Rows of a list that a report of this detail shows. */
export function rowsOf(list: ListName, detail: Detail): number {
  const { symbols, problems, rules, variants, causes, complete: all } = detail
  const rows: Readonly<Record<ListName, number>> = {
    blames: problems,
    hidden: problems,
    layouts: problems,
    edits: problems,
    drivers: problems,
    ranks: Math.min(10, problems),
    'driver-sets': problems,
    waivers: Math.min(50, rules),
    origins: 3,
    ignored: rules,
    unused: rules,
    variants,
    about: symbols > 0 ? variants : 0,
    causes,
    idle: all ? Infinity : Math.min(causes, 20),
    problems,
    series: variants,
    reach: variants,
    rows: all ? Infinity : symbols,
  }
  return rows[list]
}
