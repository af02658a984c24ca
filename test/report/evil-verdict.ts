import type { Rule } from '../../src/judge/policy.ts'
import type { Waiver } from '../../src/judge/waiver.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { changed, edited, removed, verdictOf } from './samples.ts'

/** Texts that somebody outside of the project could have written. */
export const evilTexts: readonly string[] = [
  '](javascript:alert(1)) [click me](javascript:alert(1))',
  '@everyone see #123, GH-7 and https://evil.example/ or www.evil.example',
  '<script>alert(1)</script><!-- kabi-gate --> &lt; </details>',
  '``` ` **bold** | cell | $x$ _em_ \\',
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J \u0000',
  '\u202etxt.exe\u202c \u2066hidden\u2069 zero\u200bwidth',
  '::error::forged\n::add-mask::x\r\n##[error]forged too ##[stop-commands]x',
]

/** A verdict whose every free text is evil. */
export const evilVerdict: Verdict = makeEvil()

function makeEvil(): Verdict {
  const evil = evilTexts.join('\n')
  const evilRule: Rule = {
    match: { by: 'symbol', pattern: evil },
    action: 'pass',
    reason: evil,
    file: evil,
    line: 1,
  }
  const evilWaiver: Waiver = {
    symbol: evil,
    kind: 'changed',
    variants: [evil],
    from: 1,
    to: 2,
    reason: evil,
    owner: evil,
    ticket: evil,
    expires: evil,
    file: evil,
    line: 1,
  }
  const base = verdictOf({
    variants: ['x86_64', evil],
    silent: { rt: evil },
    policy: evil,
    override: { by: evil, reason: evil, how: { kind: 'flag', role: evil, at: evil }, run: evil },
    findings: [
      changed('kmalloc', 'x86_64', '', { module: evil, namespace: evil }),
      { ...changed('kfree', evil), severity: 'ignore', rule: evilRule },
      { ...changed('vfree', 'x86_64'), severity: 'warn', waiver: evilWaiver },
      {
        ...removed({ symbol: 'vmalloc', variant: 'x86_64', severity: 'fail' }),
        blame: {
          patch: [1, 2].map((line) => ({
            file: evil,
            line,
            kind: 'added' as const,
            text: evil,
            commit: { hash: evil, subject: evil, date: evil },
          })),
          options: [{ name: evil, before: evil, after: evil }],
          place: { file: evil, line: 1, endLine: 1 },
        },
      },
      edited('warn', {
        kind: 'row-changed',
        subject: evil,
        variant: evil,
        before: evil,
        after: evil,
        file: evil,
        line: 1,
      }),
    ],
    problems: [
      {
        kind: 'duplicate-row',
        message: evil,
        place: { file: evil, line: 1 },
        excerpt: evilTexts,
        advice: evil,
        variant: evil,
      },
    ],
    unusedRules: [evilRule],
  })
  return { ...base, tool: { name: 'kabi-gate', version: evil } }
}
