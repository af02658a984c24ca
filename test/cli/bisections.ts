import type { Bisection } from '../../src/cli/bisection.ts'

const commit = (digit: string, subject: string) => ({ hash: digit.repeat(40), subject, date: '2026-11-30' })

const question: Bisection['question'] = {
  good: { name: 'v6.1.170', commit: 'a'.repeat(40) },
  bad: { name: 'main', commit: 'b'.repeat(40) },
  symbol: null,
  type: null,
  firstParent: false,
  variants: [],
}

/** Two breaks, one of which has no one commit. */
export const found: Bisection = {
  question,
  value: {
    breaks: [
      {
        broken: {
          kind: 'type',
          name: 's#device',
          after: '',
          change: { class: 'field-added', subject: 'u64 cookie' },
          symbols: ['device_add', 'device_del', 'get_device', 'put_device'],
          lines: [{ file: 'include/linux/device.h', line: 3, kind: 'added', text: '\tu64\tcookie;' }],
        },
        commits: [commit('9', 'Give a device a cookie')],
      },
      {
        broken: { kind: 'symbol', finding: 'removed', name: 'kfree', symbols: ['kfree'], lines: [] },
        commits: [commit('3', 'drop kfree'), commit('2', 'rework')],
      },
    ],
    looked: 6,
    skipped: [{ commit: '2'.repeat(40), why: 'it does not compile' }],
  },
  problems: [],
}

export const intact: Bisection = {
  question: { ...question, type: 'struct page', firstParent: true, variants: ['x86_64'] },
  value: { breaks: [], looked: 1, skipped: [] },
  problems: [],
}

export const failed: Bisection = {
  question: { ...question, bad: { name: 'nowhere', commit: null }, symbol: 'kfree' },
  value: undefined,
  problems: [{ kind: 'usage', message: 'git knows no commit "nowhere".', advice: 'Name a commit.' }],
}

/** A bisection in which somebody else wrote every text. */
export function bisectionOf(evil: string): Bisection {
  const end = { name: evil, commit: evil }
  const one = { hash: evil, subject: evil, date: evil }
  return {
    question: { good: end, bad: end, symbol: evil, type: evil, firstParent: false, variants: [evil] },
    value: {
      breaks: [
        {
          broken: {
            kind: 'type',
            name: evil,
            after: '',
            change: { class: 'field-added', subject: evil, before: evil, after: evil },
            symbols: [evil],
            lines: [{ file: evil, line: 1, kind: 'added', text: evil }],
          },
          commits: [one, one],
        },
      ],
      looked: 1,
      skipped: [{ commit: evil, why: evil }],
    },
    problems: [{ kind: 'usage', message: evil, excerpt: [evil], advice: evil }],
  }
}
