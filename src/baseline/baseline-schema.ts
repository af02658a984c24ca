import * as z from 'zod'
import { issuePattern, reviewerPattern } from '../abi/baseline.ts'
import { isSymbolName } from '../abi/export.ts'
import { complain, line, list, pattern, settings } from '../config/schema-parts.ts'
import { variantName } from '../config/variant-name.ts'

/** What `baseline.yml` says, as it is written there. */
export type BaselineSettings = z.infer<ReturnType<typeof baselineSchema>>

/** The one source of what `baseline.yml` may say; docs/formats.md explains it. */
export function baselineSchema() {
  const digest = pattern(/^[0-9a-f]{64}$/, 'a SHA-256 digest, 64 hexadecimal digits in quotes')
  return settings({
    version: z.literal([1, 2, 3, 4], { error: 'the number 1, 2, 3 or 4' }),
    variant: pattern(variantName, 'the name of a variant'),
    arch: pattern(/^[a-z0-9_]+$/, 'an architecture, such as x86_64').exactOptional(),
    kernel: line('a version of the kernel in quotes').exactOptional(),
    commit: pattern(
      /^([0-9a-f]{40}|[0-9a-f]{64})$/,
      'a commit, 40 hexadecimal digits in quotes',
    ).exactOptional(),
    'tree-digest': digest.exactOptional(),
    compiler: line('the first line of what a compiler says to --version, in quotes').exactOptional(),
    genksyms: digest.exactOptional(),
    'config-digest': digest.exactOptional(),
    'unseen-bodies': z
      .array(pattern(/^[sue]#[\w$]+$/, 'a type as genksyms names it, such as s#device in quotes'), {
        error: 'a list of types',
      })
      .exactOptional(),
    options: z
      .record(
        z.string(),
        z.string({ error: 'the value of an option as text, such as y, n or "64" in quotes' }),
        { error: 'a map of options and their values' },
      )
      .superRefine(checkNames)
      .exactOptional(),
    'rows-without-types': z
      .array(line('the name of a symbol'), { error: 'a list of symbols' })
      .exactOptional(),
    'types-digest': digest.exactOptional(),
    'layouts-digest': digest.exactOptional(),
    history: list(granted(), 'a list of requests that were granted').exactOptional(),
    rows: z.int({ error: 'a number of rows' }).min(1, { error: 'a number of rows' }).exactOptional(),
    'list-digest': digest.exactOptional(),
  }).superRefine((baseline, context) => {
    if ('commit' in baseline && 'tree-digest' in baseline)
      complain(context, 'cannot stand beside commit', 'Keep one of the two.', 'tree-digest')
    if ('history' in baseline !== (baseline.version === 4))
      complain(context, 'must be 4 with a history, and only then', restore, 'version')
    if (baseline.version === 1) return
    const needed = ['rows', 'list-digest', ...(baseline.version === 3 ? ['layouts-digest'] : [])]
    for (const key of needed) {
      if (!(key in baseline)) complain(context, `lacks ${key}, so it is not complete`, restore, 'version')
    }
  })
}

function granted() {
  return settings({
    date: pattern(/^\d{4}-\d\d-\d\d$/, 'a day in quotes, such as "2026-11-30"'),
    issue: pattern(issuePattern, 'the number of an issue, or its https address, in quotes').exactOptional(),
    reviewer: pattern(reviewerPattern, 'a name'),
    symbols: list(
      z.string({ error: 'the name of a symbol' }).refine(isSymbolName, { error: 'the name of a symbol' }),
      'a list of symbols',
    ),
  })
}

const restore = 'Restore the file as it was committed.'

function checkNames(options: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  for (const name of Object.keys(options)) {
    if (/^CONFIG_\w+$/.test(name)) continue
    complain(context, 'is not the name of an option', 'Write it as in a .config: CONFIG_SMP.', name)
  }
}
