import type { Problem } from '../../src/problem/problem.ts'
import type { SymbolFinding } from '../../src/judge/finding.ts'
import type { Rule } from '../../src/judge/policy.ts'
import type { SymbolWaiver } from '../../src/judge/waiver.ts'
import type { Break } from '../../src/judge/break.ts'
import type { Series } from '../../src/judge/series.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { evilVerdict } from './evil-verdict.ts'
import { explainedVerdicts } from './explained-verdicts.ts'
import {
  added,
  changed,
  crcOf,
  differs,
  edited,
  manyChanged,
  removed,
  stopped,
  tenVariants,
  verdictOf,
} from './samples.ts'

const override = { by: 'alice', reason: 'CVE-2026-1234 has no fix that keeps struct sk_buff' }

function rule(pattern: string, action: Rule['action'], line: number, reason?: string): Rule {
  const by = pattern.includes('/') ? 'module' : 'symbol'
  return { match: { by, pattern }, action, file: 'kabi/severities', line, ...(reason ? { reason } : {}) }
}

const fail = { variant: 'x86_64', severity: 'fail' } as const

const eachKind: readonly SymbolFinding[] = [
  removed({ symbol: 'blk_queue_bounce', ...fail }),
  removed({ symbol: 'ioremap_nocache', ...fail }, { module: 'arch/x86/mm/ioremap' }),
  changed('__alloc_pages_nodemask', 'x86_64'),
  changed('__netif_receive_skb_list_internal_locked', 'x86_64'),
  changed('ixgbe_xmit_frame', 'x86_64', '', { module: 'drivers/net/ethernet/intel/ixgbe/ixgbe' }),
  changed('kmalloc', 'x86_64'),
  changed('usb_stor_probe1', 'x86_64', '', {
    module: 'drivers/usb/storage/usb-storage',
    namespace: 'USB_STORAGE',
  }),
  differs('unversioned', { symbol: '__memcpy', ...fail }, {}, { crc: 0 }),
  differs('export-type', { symbol: 'dma_map_page', ...fail }, {}, { type: 'EXPORT_SYMBOL_GPL' }),
  differs('namespace', { symbol: 'crypto_cipher_setkey', ...fail }, {}, { namespace: 'CRYPTO_INTERNAL' }),
  differs('moved', { symbol: 'crc32_le', ...fail }, { module: 'vmlinux' }, { module: 'lib/crc32' }),
  added({ symbol: 'mas_find', ...fail }, { type: 'EXPORT_SYMBOL_GPL' }),
]

const makefile = {
  file: 'drivers/net/Makefile',
  line: 12,
  kind: 'removed',
  text: 'obj-$(CONFIG_DUMMY) += dummy.o',
} as const
const kconfig = {
  file: 'net/802/Kconfig',
  line: 3,
  kind: 'added',
  text: '\tdepends on BROKEN',
  commit: { hash: '1a2b3c4d5e6f'.padEnd(40, '0'), subject: 'net: "802" does not build', date: '2026-11-03' },
} as const
const stp = { name: 'CONFIG_STP', before: 'm', after: 'n' }
const blamedFindings: readonly SymbolFinding[] = [
  { ...removed({ symbol: 'dummy_init', ...fail }), blame: { patch: [makefile] } },
  { ...removed({ symbol: 'dummy_exit', ...fail }), blame: { patch: [makefile] } },
  { ...removed({ symbol: 'stp_proto_register', ...fail }), blame: { patch: [kconfig], options: [stp] } },
  {
    ...removed({ symbol: 'bio_endio', ...fail }),
    blame: { patch: [], place: { file: 'block/bio.c', line: 1560, endLine: 1590 } },
  },
  removed({ symbol: 'nobody_knows', ...fail }),
  {
    ...differs(
      'export-type',
      { symbol: 'kfree', ...fail },
      { type: 'EXPORT_SYMBOL' },
      { type: 'EXPORT_SYMBOL_GPL' },
    ),
    blame: {
      patch: [
        { file: 'mm/slab_common.c', line: 1012, kind: 'added', text: 'EXPORT_SYMBOL_GPL(kfree);' },
        { file: 'mm/slab_common.c', line: 1012, kind: 'removed', text: 'EXPORT_SYMBOL(kfree);' },
      ],
      place: { file: 'mm/slab_common.c', line: 1012, endLine: 1012 },
    },
  },
]

function notComparable(kind: 'not-comparable' | 'compared-anyway'): Problem {
  const options = ['FAIR_GROUP_SCHED', 'MEMCG', 'MODULE_SIG', 'NUMA', 'NUMA_BALANCING', 'PSI']
  return {
    kind,
    message:
      'this kernel differs from the one behind the whitelist in compiler, genksyms and 17 options of the configuration',
    place: { file: 'whitelists/x86_64/baseline.yml' },
    excerpt: [
      'compiler: baseline gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, now Debian clang version 14.0.6',
      'genksyms: baseline 4e07408562be, now ef2d127de37b',
      'CONFIG_BASE_SMALL: baseline 0, now 1',
      'CONFIG_DEBUG_PREEMPT: baseline n, now y',
      ...options.map((option) => `CONFIG_${option}: baseline y, now n`),
      'CONFIG_RANDSTRUCT: baseline n, now y',
      'CONFIG_SCHED_CORE: baseline y, now n',
      'and 7 more options',
    ],
    variant: 'x86_64',
  }
}

const ofAnotherTree: Problem = {
  kind: 'list-of-another-tree',
  message: '14 of 16 protected symbols differ: do the list and this tree belong together?',
  variant: 'x86_64',
}

const fromTheCompiler: Problem = {
  kind: 'compiler-unknown',
  message: '2 changed checksums may follow from the compiler, here gcc (Debian 12.2.0-14+deb12u1) 12.2.0',
  excerpt: [
    'Options that Kconfig sets from the compiler, and that what was preprocessed can see:',
    'CONFIG_CC_HAS_SANE_FUNCTION_ALIGNMENT: y in the configuration of the release, not set with this compiler',
    'CONFIG_CC_HAS_NAMED_AS: y with this compiler',
  ],
  variant: 'x86_64',
}

const assumed: Problem = {
  kind: 'option-assumed',
  message: 'the checksums are those of a kernel with CONFIG_CC_HAS_ASM_INLINE as kabi.yml assumes',
  excerpt: ['CONFIG_CC_HAS_ASM_INLINE: y is assumed, with this compiler it is n'],
  variant: 'x86_64',
}

const shared = ['__alloc_pages_nodemask', 'kfree_skb', 'netif_rx', 'skb_clone']

const tenSharing: readonly SymbolFinding[] = [
  ...['ia64', 'ia64xen'].map((variant) => removed({ symbol: 'swiotlb_map_sg', variant, severity: 'fail' })),
  ...tenVariants.flatMap((variant) => shared.map((symbol) => changed(symbol, variant))),
  ...tenVariants
    .filter((variant) => variant !== 's390x')
    .map((variant) => changed('pci_enable_device', variant, '', { module: 'drivers/pci/pci' })),
  ...tenVariants.flatMap((variant) =>
    variant.startsWith('i686') ? [changed('kmap_atomic', variant, variant)] : [],
  ),
]

const theBase = '5e1f0c3a9b7d'.padEnd(40, '2')
const aRowRemoved = {
  kind: 'row-removed',
  subject: 'kmalloc',
  variant: 'x86_64',
  file: 'whitelists/x86_64/kabi_whitelist',
  line: 12,
} as const

/** Of a verdict with causes, what the first of them changed was there before. */
function withOrigins(verdict: Verdict | undefined): Verdict {
  if (!verdict) throw new Error('no such sample')
  const [first] = verdict.explanation?.causes ?? []
  const findings = verdict.findings.map((one) => {
    const before = one.family === 'symbol' && first && one.causes?.includes(first.id)
    return { ...one, origin: before ? ('pre-existing' as const) : ('introduced' as const) }
  })
  return { ...verdict, findings, origins: { base: theBase, preExisting: 'fail' } }
}

/** What verdicts can look like; each has golden reports. */
const waiver: SymbolWaiver = {
  symbol: 'kfree_skb',
  kind: 'changed',
  variants: 'all',
  from: crcOf('kfree_skb  before'),
  to: crcOf('kfree_skb  after'),
  reason: 'only an out-of-tree driver that we build ourselves uses it',
  owner: 'Ada Release',
  ticket: 'KABI-4711',
  expires: '2027-01-31',
  file: 'kabi-waivers.yml',
  line: 3,
}

const commitNamed = (digit: string, subject: string) => ({
  hash: digit.repeat(40),
  subject,
  date: '2026-11-03',
})
const device: Break = {
  kind: 'type',
  name: 's#device',
  change: { class: 'field-added', subject: 'u64 cookie' },
  after: 'struct device { u64 cookie ; }',
  symbols: ['device_add', 'device_del'],
  lines: [{ file: 'include/linux/device.h', line: 480, kind: 'added', text: '\tu64 cookie;' }],
}
const page: Break = {
  kind: 'type',
  name: 's#page',
  change: undefined,
  after: '',
  symbols: ['get_page'],
  lines: [],
}
const gone: Break = {
  kind: 'symbol',
  finding: 'removed',
  name: 'dummy_init',
  symbols: ['dummy_init'],
  lines: [makefile],
}
const idle = { doubtful: [], introduced: [], changed: [], repaired: [] }
const doubted = commitNamed('c', 'mm: | half a *rework*')
const series: Series = {
  base: commitNamed('a', 'Linux 6.1.170'),
  before: [page],
  commits: [
    { commit: commitNamed('b', 'driver core: explain'), ...idle },
    { commit: commitNamed('d', 'driver core: give devices a cookie'), ...idle, introduced: [device] },
    { commit: commitNamed('e', 'driver core: a larger cookie'), ...idle, changed: [device] },
    { commit: doubted, ...idle, skipped: 'the kernel cannot be configured: make ended with exit code 2' },
    {
      commit: commitNamed('f', 'net: drop dummy'),
      ...idle,
      doubtful: [doubted],
      introduced: [gone],
      repaired: [page],
    },
    { commit: commitNamed('0', 'driver core: no cookie'), ...idle, repaired: [device] },
  ],
}

function waivedIn(variant: string, waiver: SymbolWaiver): SymbolFinding {
  return { ...changed('kfree_skb', variant), severity: 'warn', waiver }
}

const commit = '89abcdef0123456789abcdef0123456789abcdef'

/** A verdict that knows all about what it is of. */
function ofAFullRun(verdict: Verdict | undefined): Verdict {
  if (!verdict) throw new Error('no verdict with causes')
  return {
    ...verdict,
    docs: 'https://kernel.example.org/kabi-gate/docs',
    configuration: {
      kind: 'commit',
      name: 'origin/release/6.1',
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'release/6.1',
    },
    excuse: { kind: 'label', label: 'kabi: break approved' },
    variants: verdict.variants.map((variant) => ({
      ...variant,
      added: undefined,
      tree: { commit },
      kernel: '6.1.170',
      whitelistDigest: '5f3a9c01'.repeat(8),
      how: {
        strategy: 'exports',
        source: '/src/linux',
        compiler: 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0',
        configDigest: 'ab'.repeat(32),
        seconds: 17.2,
      },
    })),
  }
}

/** Two variants have evidence of an earlier commit, and somebody asks what the changed files can reach. */
function carriedOver(verdict: Verdict): Verdict {
  const from = '5eb6ab14448151f84ea03d1456c3819f09495b88'
  const reads: Readonly<Record<string, number>> = { x86_64: 2623, s390x: 2188 }
  const free = { path: 'drivers/net/ethernet/intel/e1000e/netdev.c' }
  const read = { path: 'include/net/`tcp`.h', doubt: 'read' } as const
  return {
    ...verdict,
    variants: verdict.variants.map((one) => {
      const count = reads[one.name]
      return count === undefined ? one : { ...one, carried: { from, changed: 2, read: count } }
    }),
    reach: [
      { variant: 'x86_64', from, files: [free, { path: 'lib/Kconfig', doubt: 'build' }] },
      {
        variant: 's390x',
        from,
        files: [free, { ...read, objects: ['net/core/dev.o', 'net/tcp.o'], symbols: 9 }],
      },
      { variant: 'ppc64', files: [] },
    ],
  }
}

export const sampleVerdicts: Readonly<Record<string, Verdict>> = {
  'full-run': ofAFullRun(explainedVerdicts['explained-one-cause']),
  pass: verdictOf({ variants: tenVariants }),
  'pass-with-remarks': verdictOf({
    variants: ['x86_64', 's390x'],
    silent: { 'x86_64-rt': 'the real-time kernel is rebuilt with every driver' },
    policy: 'suse',
    findings: [
      ...['x86_64', 's390x'].map((variant) =>
        differs('moved', { symbol: 'crc32_le', variant, severity: 'warn' }, {}, { module: 'lib/crc32' }),
      ),
      ...['kvm_get_kvm', 'kvm_put_kvm'].map((symbol): SymbolFinding => ({
        ...changed(symbol, 'x86_64', '', { module: 'arch/x86/kvm/kvm' }),
        severity: 'ignore',
        rule: rule('arch/x86/kvm/*', 'pass', 4, 'KVM is not for drivers'),
      })),
      {
        ...removed({ symbol: 'ext4_mark_inode_dirty', variant: 'x86_64', severity: 'ignore' }),
        rule: rule('ext4_*', 'pass', 9),
      },
    ],
    problems: [
      {
        kind: 'duplicate-row',
        message: '"down_write_trylock" stands in lines 12 and 409 with the same values',
        place: { file: 'whitelists/x86_64/kabi_whitelist', line: 409, column: 1 },
        variant: 'x86_64',
      },
    ],
    unusedRules: Array.from({ length: 12 }, (_, index) => rule(`old_driver_${index}_*`, 'pass', 20 + index)),
  }),
  'break-each-kind': verdictOf({ findings: eachKind }),
  blamed: verdictOf({ findings: blamedFindings }),
  series: verdictOf({ findings: blamedFindings, series }),
  'series-without-breaks': verdictOf({
    series: { ...series, before: [], commits: series.commits.slice(0, 1) },
  }),
  'carried-over': carriedOver(verdictOf({ variants: ['x86_64', 's390x', 'ppc64'] })),
  'ten-variants': verdictOf({ variants: tenVariants, findings: tenSharing }),
  'break-by-rule': verdictOf({
    findings: [
      differs(
        'moved',
        { symbol: 'scsi_add_host', ...fail, rule: rule('scsi_*', 'fail', 7) },
        { module: 'drivers/scsi/scsi_mod' },
        { module: 'vmlinux' },
      ),
    ],
  }),
  overridden: verdictOf({
    variants: ['x86_64', 's390x'],
    findings: ['x86_64', 's390x'].map((variant) => changed('kfree_skb', variant)),
    override,
  }),
  'overridden-by-label': verdictOf({
    findings: [changed('kfree_skb', 'x86_64')],
    override: {
      by: 'mia',
      reason: 'pull request 12: net: make room for the new flags',
      how: { kind: 'label', label: 'kabi: break approved', role: 'maintain', at: '2026-11-20T09:30:00Z' },
      run: 'https://github.com/o/r/actions/runs/7',
    },
  }),
  'overridden-by-flag': verdictOf({
    findings: [changed('kfree_skb', 'x86_64')],
    override: {
      by: 'hubot',
      reason: 'bisecting the break',
      how: { kind: 'flag', role: undefined, at: '2026-11-20T09:30:00.000Z' },
      run: 'https://github.com/o/r/actions/runs/7',
    },
  }),
  'override-not-needed': verdictOf({ override }),
  'drivers-load': verdictOf({
    drivers: {
      sets: [{ variant: 'x86_64', drivers: 3, broken: 0, foreign: ['drivers/old.ko'] }],
      ranks: [],
    },
  }),
  'drivers-broken': withBrokenDrivers(explainedVerdicts['explained-one-cause']),
  'gate-edited': verdictOf({
    configuration: {
      kind: 'commit',
      name: 'origin/release/6.1',
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'release/6.1',
    },
    findings: [
      changed('kfree_skb', 'x86_64'),
      edited('fail', {
        kind: 'row-changed',
        subject: 'kfree_skb',
        variant: 'x86_64',
        before: '0xc3fc91d4',
        after: '0x4ddc9b23',
        file: 'whitelists/x86_64/kabi_whitelist',
        line: 12,
      }),
      edited('fail', {
        kind: 'weight-lowered',
        subject: 'policy.kinds.changed',
        before: 'fail',
        after: 'warn',
        file: 'kabi.yml',
        line: 9,
      }),
      edited('warn', {
        kind: 'row-removed',
        subject: 'kmalloc',
        variant: 'x86_64',
        file: 'kabi_whitelist',
      }),
    ],
  }),
  waived: verdictOf({
    variants: tenVariants,
    findings: ['i686', 'x86_64'].map((variant) => waivedIn(variant, waiver)),
  }),
  'of-each-origin': verdictOf({
    variants: ['i686', 'x86_64'],
    findings: [
      { ...removed({ symbol: 'kmalloc', variant: 'x86_64', severity: 'fail' }), origin: 'introduced' },
      { ...changed('kfree_skb', 'i686'), origin: 'unknown' },
      { ...changed('kfree_skb', 'x86_64'), origin: 'pre-existing' },
      { ...changed('netif_rx', 'x86_64'), origin: 'pre-existing' },
      { ...edited('fail', aRowRemoved), origin: 'introduced' },
    ],
    problems: [
      {
        kind: 'origin-unknown',
        message: `Nobody knows whether base ${theBase.slice(0, 12)} has the findings of variant i686: make olddefconfig ended with exit code 2`,
        excerpt: ["arch/x86/Kconfig:3: can't open file"],
        variant: 'i686',
      },
    ],
    origins: { base: theBase, preExisting: 'fail' },
    configuration: { kind: 'commit', name: 'origin/main', commit: theBase },
  }),
  'explained-origins': withOrigins(explainedVerdicts['explained-in-part']),
  'there-before': verdictOf({
    findings: [
      { ...changed('kfree_skb', 'x86_64'), origin: 'pre-existing' },
      { ...changed('netif_rx', 'x86_64'), origin: 'pre-existing' },
    ],
    origins: { base: theBase, preExisting: 'fail' },
  }),
  'there-before-excused': verdictOf({
    findings: [
      { ...changed('kfree_skb', 'x86_64'), severity: 'warn', origin: 'pre-existing', excused: true },
      {
        ...differs(
          'moved',
          { symbol: 'crc32_le', variant: 'x86_64', severity: 'warn' },
          { module: 'vmlinux' },
          { module: 'lib/crc32' },
        ),
        origin: 'introduced',
      },
    ],
    origins: { base: theBase, preExisting: 'warn' },
  }),
  error: verdictOf({
    variants: tenVariants,
    findings: [changed('kfree_skb', 'x86_64'), changed('kfree_skb', 'x86_64xen')],
    problems: [
      {
        kind: 'malformed-line',
        message: 'expected a checksum such as 0x12345678, found "0x1234"; read as symvers',
        place: { file: 'whitelists/s390x/kabi_whitelist', line: 14, column: 1 },
        excerpt: ['0x1234 ccw_device_start vmlinux EXPORT_SYMBOL', '^^^^^^'],
        variant: 's390x',
      },
      ...['ia64', 'ia64xen'].map((variant) => ({
        kind: 'missing-variant' as const,
        message: 'no evidence was collected for this variant',
        variant,
      })),
      {
        kind: 'build-failed',
        message: 'make vmlinux modules ended with exit code 2',
        excerpt: [
          "net/core/skbuff.c: In function 'skb_clone':",
          "net/core/skbuff.c:1482:9: error: 'struct sk_buff' has no member named 'cloned'",
          'make[2]: *** [scripts/Makefile.build:250: net/core/skbuff.o] Error 1',
        ],
        variant: 'ppc64',
        advice: 'Fix the build first; the full log is build/ppc64/build.log.',
      },
      {
        kind: 'duplicate-row',
        message: '"down_write_trylock" stands in lines 12 and 409 with the same values',
        place: { file: 'whitelists/x86_64xen/kabi_whitelist', line: 409 },
        variant: 'x86_64xen',
      },
    ],
  }),
  'error-not-excused': verdictOf({
    variants: [],
    override,
    problems: [
      {
        kind: 'config',
        message: 'unknown key "varaints"; did you mean "variants"?',
        place: { file: 'kabi.yml', line: 3, column: 1 },
        excerpt: ['varaints:', '^^^^^^^^'],
      },
    ],
  }),
  'not-comparable': verdictOf({
    variants: ['x86_64', 's390x'],
    findings: [changed('kfree_skb', 's390x')],
    problems: [notComparable('not-comparable')],
  }),
  'compared-anyway': verdictOf({
    findings: [changed('kfree_skb', 'x86_64')],
    problems: [notComparable('compared-anyway')],
  }),
  'compiler-unknown': verdictOf({
    findings: ['_printk', 'netdev_err'].map((symbol) => changed(symbol, 'x86_64')),
    problems: [ofAnotherTree, fromTheCompiler, assumed],
  }),
  'one-finding': verdictOf({ findings: manyChanged(1, 'x86_64') }),
  'fifty-findings': verdictOf({
    variants: ['x86_64', 's390x', 'ppc64'],
    findings: ['x86_64', 's390x', 'ppc64'].flatMap((variant) => manyChanged(50, variant)),
  }),
  ...explainedVerdicts,
  evil: evilVerdict,
}

/** A verdict on two drivers that its first cause stops, and one that a symbol of nobody's stops. */
function withBrokenDrivers(verdict: Verdict | undefined): Verdict {
  if (!verdict) throw new Error('no verdict with causes')
  const [cause] = verdict.explanation?.causes ?? []
  const broken = { variant: 'x86_64', severity: 'fail' } as const
  const reason = {
    kind: 'checksum',
    symbol: 'pci_enable_device',
    built: 1,
    expected: 2,
    by: 'kernel',
  } as const
  const causes = cause ? [cause.id] : []
  const file = (name: string) => `kmods.deb!/lib/modules/${name}.ko`
  return {
    ...verdict,
    findings: [
      ...verdict.findings,
      stopped({ ...broken, name: 'e1000e', file: file('e1000e'), causes, reasons: [reason] }),
      stopped({
        ...broken,
        name: 'igb',
        file: file('igb'),
        causes,
        reasons: [reason, { kind: 'gpl-only', symbol: 'kfree' }],
      }),
      stopped({
        ...broken,
        name: 'ixgbe',
        file: file('ixgbe'),
        causes: [],
        reasons: [{ kind: 'not-exported', symbol: 'gone' }],
      }),
    ],
    drivers: {
      sets: [{ variant: 'x86_64', drivers: 12, broken: 3, foreign: ['drivers/old.ko'] }],
      ranks: [
        ...causes.map((id) => ({ about: { cause: id }, drivers: 2 })),
        { about: { symbol: 'gone' }, drivers: 1 },
      ],
    },
  }
}
