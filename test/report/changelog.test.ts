import { describe, expect, it } from 'vitest'
import type { Cause } from '../../src/abi/cause.ts'
import type { Explained } from '../../src/abi/explain/merge-explanations.ts'
import type { Evidence } from '../../src/abi/evidence.ts'
import { decide, errorVerdict } from '../../src/judge/decide.ts'
import { presetPolicy } from '../../src/judge/policy.ts'
import { stableGuard, type VariantCase } from '../../src/judge/variant-case.ts'
import { renderChangelog } from '../../src/report/changelog.ts'
import { evidence, exported, promised, runCase } from '../judge/cases.ts'

/** A variant whose release and build export these symbols from these objects. */
function variant(name: string, now: readonly string[]): VariantCase {
  const rows = ['dev_open', 'gone', 'gpl', 'same'].map((symbol) => promised(symbol))
  const exports = [
    exported('dev_open', { crc: 2 }),
    exported('gpl', { type: 'EXPORT_SYMBOL_GPL', module: 'drivers/net/phy/libphy' }),
    exported('same'),
    ...now.map((symbol) =>
      exported(symbol, { type: 'EXPORT_SYMBOL_GPL', namespace: 'NET', module: 'net/foo' }),
    ),
  ]
  const collected: Evidence = {
    ...evidence(name, exports),
    build: {
      arch: 'x86_64',
      kernel: '6.1.192',
      genksyms: '',
      options: new Map(),
      objects: new Map([
        ['net/core/dev.o', { exports: ['dev_open', 'same'], types: undefined, dependencies: [] }],
        ['net/ipv4/foo.o', { exports: now, types: undefined, dependencies: [] }],
      ]),
    },
  }
  const guard = stableGuard({
    whitelist: { file: 'v6.1.170', dialect: 'canonical', rows },
    collected,
    objects: new Map([['gone', 'kernel/fork.o']]),
  })
  return { name, arch: 'x86_64', guard, problems: [] }
}

const strict = presetPolicy('strict')
const policy = { ...strict, kinds: { ...strict.kinds, added: 'warn' as const } }

function logOf(...cases: readonly VariantCase[]): string {
  const one: Cause = {
    id: 's#net_device:1',
    name: 's#net_device',
    before: 'struct net_device { int a ; }',
    after: 'struct net_device { int b ; int a ; }',
    changes: [{ class: 'field-added', subject: 'b' }],
    reach: [],
    symbols: 1,
    alone: 1,
    matters: true,
    chain: ['dev_open', 's#net_device'],
    place: { file: 'include/linux/netdevice.h', line: 12, endLine: 14 },
    patch: [
      {
        ...{ file: 'include/linux/netdevice.h', line: 13, kind: 'added', text: '\tint b;' },
        commit: { hash: 'abc'.repeat(13) + 'a', subject: 'net: add b', date: '2026-11-30' },
      },
    ],
  }
  const explained: Explained = {
    explanation: { changed: 1, proven: 1, causes: [one], groups: [], repair: [], unexplained: [] },
    causesOf: new Map(cases.map(({ name }) => [name, new Map([['dev_open', [one.id]]])])),
  }
  return renderChangelog(decide(runCase(cases, { policy, explained })))
}

describe('the change log of exported symbols', () => {
  it('lists by subsystem what is new, gone and changed, and why', () => {
    expect(logOf(variant('amd64', ['new_one']), variant('arm64', []))).toMatchInlineSnapshot(`
      "# Exported symbols

      | variant | before | now | compared | added | removed | changed |
      |---|---|---|--:|--:|--:|--:|
      | amd64 | v6.1.170 | 6.1.192 | 4 | 1 | 1 | 2 |
      | arm64 | v6.1.170 | 6.1.192 | 4 | 0 | 1 | 2 |

      ## Why checksums changed

      * <code>struct net_device</code>: Field added in front of others (include/linux/netdevice.h:12), 1 symbol, commit abcabcabcabc ("net: add b", 2026-11-30)

      ## drivers/net

      ### Changed

      * \`gpl\`: became GPL-only; provided by another module

      ## kernel

      ### Removed

      * \`gone\` (EXPORT_SYMBOL, vmlinux)

      ## net/core

      ### Changed

      * \`dev_open\`: <code>struct net_device</code>

      ## net/ipv4

      ### Added

      * \`new_one\` (EXPORT_SYMBOL_GPL, namespace NET, net/foo), amd64
      "
    `)
  })

  it('says of a run that ended in an error why, and nothing else', () => {
    const problems = [{ kind: 'build-failed', message: 'it does not *compile*' } as const]
    const verdict = errorVerdict({ name: 'kabi-gate', version: '0.0.0' }, problems, undefined)
    expect(renderChangelog(verdict)).toBe(
      '# Exported symbols\n\nThe run ended in an error, so nothing can be said:\n\n* it does not \\*compile\\*\n',
    )
  })

  it('takes no name for Markdown or HTML', () => {
    const evil = '<b>`|x](http://a)'
    const log = logOf(variant('amd64', [evil]))
    expect(log).not.toContain('<b>')
    expect(log).not.toMatch(/(?<!\\)\]\(/)
  })
})
