import { stableGuard } from '../../src/judge/variant-case.ts'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { subjectOf } from '../../src/judge/finding.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { isError } from '../../src/problem/problem.ts'
import { decide } from '../../src/judge/decide.ts'
import { presetPolicy } from '../../src/judge/policy.ts'
import { parseSeverities } from '../../src/judge/rules.ts'
import { tool } from '../../src/version.ts'

/** Generated rules and tables, and what `ksymvers compare` and `ksymvers unused-rules` said of them. */
interface Case {
  readonly rules: string
  readonly old: string
  readonly now: string
  /** 0 equal, 1 different, 2 refused, more: it crashed. */
  readonly exit: number
  readonly broken: readonly string[]
  /** Lines of the rules that are the first to match nothing in the older table. */
  readonly unused: readonly number[]
}

const file = new URL('severities-cases.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[]

/** The differences that docs/policy.md names; each is told by the inputs alone. */
const named: Readonly<Record<string, (one: Case) => boolean>> = {
  'numbers from 0 to 31 and small letters are verdicts, as in kabi.pl': ({ rules, exit }) =>
    exit === 2 && /\s(?:\d+|pass|Fail)[ \t]*$/m.test(rules),
  'the export types that Linux had until 5.12 are known': ({ old, now, exit }) =>
    exit === 2 && /FUTURE|UNUSED/.test(old + now),
  'a row that repeats another word for word is a note': ({ old, exit }) =>
    exit === 2 && /^(.+)\n(?:.*\n)*\1\n/m.test(old),
  'a [ without its ] is refused, which they take for what never matches or crash on': ({ rules }) =>
    /\[\^?[^\s^][^\]\s]*\s/.test(rules),
  'a table without a row is refused': ({ now }) => now === '',
  'a symbol without a checksum is never equal to anything': ({ now }) => /^0x00000000\t/m.test(now),
}

function verdictOf({ rules, old, now }: Case) {
  const read = parseSeverities(rules, 'severities')
  const whitelist = parseWhitelist(old, 'old')
  const symvers = parseSymvers(now, 'now')
  if ([...read.problems, ...whitelist.problems, ...symvers.problems].some(isError)) return { exit: 2 }
  const { result, findings, unusedRules } = decide({
    tool,
    policy: presetPolicy('suse', read.value),
    variants: [
      {
        name: 'default',
        arch: undefined,
        guard: stableGuard({
          whitelist: whitelist.value,
          collected: {
            kind: 'evidence',
            variant: 'default',
            symvers: symvers.value,
            how: { strategy: 'prebuilt', seconds: 0 },
            notes: [],
          },
        }),
        problems: [],
      },
    ],
    override: undefined,
    problems: [],
  })
  if (result === 'error') return { exit: 2 }
  const failing = findings.filter(({ severity }) => severity === 'fail').map(subjectOf)
  return {
    exit: result === 'pass' ? 0 : 1,
    broken: [...new Set(failing)].sort(),
    unused: unusedRules.map(({ line }) => line),
  }
}

describe('the verdicts of SUSE’s ksymvers', () => {
  const met = new Set<string>()

  it(`are those of the preset suse in ${cases.length} generated cases, but for the differences that are named`, () => {
    expect(cases.length).toBeGreaterThanOrEqual(1000)
    for (const one of cases) {
      const { exit, broken, unused } = one
      const differences = Object.keys(named).filter((name) => named[name]?.(one))
      for (const name of differences) met.add(name)
      if (differences.length > 0) continue
      const expected = exit === 2 ? { exit } : { exit, broken: [...broken].sort(), unused }
      expect(verdictOf(one), JSON.stringify(one, undefined, 2)).toEqual(expected)
    }
  })

  it('differ in no case in that kabi-gate passes what they fail', () => {
    for (const one of cases.filter(({ exit }) => exit === 1)) expect(verdictOf(one).exit).not.toBe(0)
  })

  it('differ in each of the ways that are named', () => {
    expect([...met].sort()).toEqual(Object.keys(named).sort())
  })
})
