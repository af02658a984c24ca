import type {
  Cause,
  CauseGroup,
  Explanation,
  HiddenChange,
  Unexplained,
  UnexplainedReason,
} from '../../src/abi/cause.ts'
import type { LayoutDifference } from '../../src/abi/layouts/layout-change.ts'
import { compareLayouts } from '../../src/abi/layouts/compare-layouts.ts'
import type { TypeLayout } from '../../src/abi/layouts/layout.ts'
import { bitsOf } from '../../src/abi/layouts/size-of-type.ts'
import type { HiddenFinding, HiddenProof, LayoutFinding, SymbolFinding } from '../../src/judge/finding.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { changed, crcOf, tenVariants, verdictOf } from './samples.ts'

/** A cause as a sample tells it; what follows from the symbols that need it is filled in. */
export type CauseSketch = Omit<Cause, 'id' | 'reach' | 'symbols' | 'alone' | 'matters'> & {
  /** Indexes into `symbols` of a sketch, from and to (exclusive). */
  readonly needs: readonly [number, number]
  readonly variants: readonly string[]
}

interface Sketch {
  readonly variants: readonly string[]
  readonly symbols: readonly string[]
  readonly causes: readonly CauseSketch[]
  readonly unexplained?: readonly Unexplained[]
  readonly hidden?: readonly HiddenFinding[]
}

/** A verdict whose findings and explanation agree with each other, as those of a real run do. */
export function explainedVerdict({
  variants,
  symbols,
  causes,
  unexplained = [],
  hidden = [],
}: Sketch): Verdict {
  const ids = causes.map(({ name, before, after }) => `${name}:${crcOf(before + after).toString(16)}`)
  const needing = new Map(variants.map((variant) => [variant, symbols.map((): string[] => [])]))
  causes.forEach(({ needs: [from, to], variants: own }, at) => {
    for (const variant of own) {
      for (const needed of needing.get(variant)?.slice(from, to) ?? []) needed.push(ids[at] ?? '')
    }
  })
  const findings: SymbolFinding[] = variants.flatMap((variant) => [
    ...symbols.flatMap((symbol, index) => {
      const needed = needing.get(variant)?.[index] ?? []
      return needed.length === 0 ? [] : [{ ...changed(symbol, variant, needed.join()), causes: needed }]
    }),
    ...unexplained
      .filter((one) => one.variant === variant)
      .flatMap((one) => one.symbols.map((symbol) => changed(symbol, variant))),
  ])
  const setsOf = new Map<string, Set<string>>()
  for (const { symbol, causes: needed = [] } of findings) {
    for (const id of needed.length > 0 ? needed : ['none']) {
      setsOf.set(symbol, (setsOf.get(symbol) ?? new Set()).add(id))
    }
  }
  const explained = [...setsOf].filter(([, set]) => !set.has('none'))
  const alone = new Map<string, number>()
  for (const [, set] of explained) {
    const [only = '', ...others] = set
    if (others.length === 0) alone.set(only, (alone.get(only) ?? 0) + 1)
  }
  const explanation: Explanation = {
    changed: setsOf.size,
    proven: explained.length,
    causes: causes.map(({ needs, variants: own, ...cause }, at): Cause => {
      const reach = own
        .map((variant) => ({ variant, symbols: symbols.slice(...needs) }))
        .filter((one) => one.symbols.length > 0)
      return {
        ...cause,
        id: ids[at] ?? '',
        reach,
        symbols: reach.length === 0 ? 0 : needs[1] - needs[0],
        alone: alone.get(ids[at] ?? '') ?? 0,
        matters: reach.length > 0,
      }
    }),
    groups: groupsOf(explained),
    repair: repairOf(
      ids.filter((_, at) => (causes[at]?.variants.length ?? 0) > 0),
      explained,
    ),
    unexplained,
  }
  return { ...withHidden(verdictOf({ variants, findings }), hidden), explanation }
}

function withHidden(verdict: Verdict, hidden: readonly HiddenFinding[]): Verdict {
  return { ...verdict, findings: [...verdict.findings, ...hidden] }
}

function groupsOf(explained: readonly (readonly [string, ReadonlySet<string>])[]): CauseGroup[] {
  const groups = new Map<string, { causes: string[]; symbols: string[] }>()
  for (const [symbol, set] of explained) {
    const causes = [...set]
    const group = groups.get(causes.join()) ?? { causes, symbols: [] }
    groups.set(causes.join(), group)
    group.symbols.push(symbol)
  }
  return [...groups.values()].sort((a, b) => b.symbols.length - a.symbols.length)
}

function repairOf(
  ids: readonly string[],
  explained: readonly (readonly [string, ReadonlySet<string>])[],
): Explanation['repair'] {
  const step = new Map(ids.map((id, index) => [id, index]))
  const restoredAt = ids.map(() => 0)
  for (const [, set] of explained) {
    const last = Math.max(...[...set].map((id) => step.get(id) ?? 0))
    restoredAt[last] = (restoredAt[last] ?? 0) + 1
  }
  let restored = 0
  return ids.map((id, index) => ({ causes: [id], restored: (restored += restoredAt[index] ?? 0) }))
}

const subjects =
  'acpi_bus ata_host blk_mq bus_for_each class_device clk_hw crypto_alg dev_pm device dma_pool drm_dev ethtool genphy gpiod hid_hw i2c_client input_dev iommu_group kobject led_classdev mdiobus mmc_host mtd_device napi netif pci_bus phy_device pinctrl platform_device power_supply pwm_chip regmap regulator rfkill rtc_device scsi_host serial_core spi_sync tty_port usb_hcd vb2_queue virtio_dev'.split(
    ' ',
  )
const verbs =
  'add alloc attach bind complete create detach disable enable find free get init lookup notify probe put register release remove reset resume set start stop suspend sync unregister update wait wake'.split(
    ' ',
  )

/** Names such as the kernel has them, all distinct. */
export function symbolNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / (subjects.length * verbs.length))
    const subject = subjects[index % subjects.length] ?? ''
    const verb = verbs[Math.floor(index / subjects.length) % verbs.length] ?? ''
    return `${subject}_${verb}${round === 0 ? '' : `_${round}`}`
  })
}

const deviceBefore =
  'struct device { s#kobject kobj ; s#device * parent ; s#device_private * p ; const char * init_name ; const s#device_type * type ; s#bus_type * bus ; s#device_driver * driver ; void * platform_data ; void * driver_data ; s#mutex mutex ; s#dev_links_info links ; s#dev_pm_info power ; s#dev_pm_domain * pm_domain ; s#dev_msi_info msi ; const s#dma_map_ops * dma_ops ; t#u64 * dma_mask ; t#u64 coherent_dma_mask ; s#list_head dma_pools ; s#device_node * of_node ; t#dev_t devt ; t#u32 id ; t#spinlock_t devres_lock ; void ( * release ) ( s#device * ) ; s#iommu_group * iommu_group ; t#bool offline_disabled : 1 ; t#bool offline : 1 ; }'

const plainDevice: CauseSketch = {
  name: 's#device',
  before: deviceBefore,
  after: deviceBefore.replace(/ }$/, ' t#u64 probe_cookie ; }'),
  changes: [{ class: 'field-added-at-end', subject: 'u64 probe_cookie' }],
  chain: ['__pci_register_driver', 's#pci_driver', 's#pci_dev', 's#device'],
  place: { file: 'include/linux/device.h', line: 549, endLine: 648 },
  patch: [
    {
      file: 'include/linux/device.h',
      line: 647,
      kind: 'added',
      text: '\tu64\t\t\tprobe_cookie;',
      commit: {
        hash: '1a2b3c4d5e6f'.padEnd(40, '0'),
        subject: 'driver core: remember a cookie',
        date: '2026-11-03',
      },
    },
  ],
  layout: {
    sizeBefore: 752,
    sizeAfter: 760,
    differences: [{ class: 'grown', before: '752', after: '760' }],
    room: {
      member: 'probe_cookie',
      bytes: 8,
      place: { offset: 724, bytes: 12, behind: 'devres_lock', last: false },
    },
  },
  needs: [0, 700],
  variants: tenVariants.filter((variant) => !variant.startsWith('ia64')),
}

const device: CauseSketch = {
  ...plainDevice,
  reserved: {
    macro: 'RH_KABI_RESERVE',
    left: 3,
    place: { file: 'include/linux/device.h', line: 640, endLine: 642 },
    first: { line: 640, argument: '1' },
  },
  fix: {
    how: 'use',
    file: 'include/linux/device.h',
    edits: [
      { line: 640, removed: ['\tRH_KABI_RESERVE(1)'], added: ['\tRH_KABI_USE(1, u64 probe_cookie)'] },
      { line: 647, removed: ['\tu64\t\t\tprobe_cookie;'], added: [] },
    ],
  },
}

const netNamespace: CauseSketch = {
  name: 's#net',
  before: 'struct net { UNKNOWN }',
  after:
    'struct net { t#refcount_t passive ; t#spinlock_t rules_mod_lock ; unsigned int dev_base_seq ; int ifindex ; s#list_head list ; s#list_head exit_list ; s#user_namespace * user_ns ; s#ucounts * ucounts ; }',
  changes: [{ class: 'became-defined' }],
  chain: ['netif_register', 's#net_device', 't#possible_net_t', 's#net'],
  place: { file: 'include/net/net_namespace.h', line: 58, endLine: 192 },
  patch: [{ file: 'drivers/base/core.c', line: 32, kind: 'added', text: '#include <net/net_namespace.h>' }],
  needs: [640, 820],
  variants: tenVariants,
}

const regulatorEvents: CauseSketch = {
  name: 'e#regulator_status',
  before:
    'enum regulator_status { REGULATOR_STATUS_OFF , REGULATOR_STATUS_ON , REGULATOR_STATUS_ERROR , REGULATOR_STATUS_FAST , REGULATOR_STATUS_NORMAL , }',
  after:
    'enum regulator_status { REGULATOR_STATUS_OFF , REGULATOR_STATUS_ON , REGULATOR_STATUS_UNDEFINED , REGULATOR_STATUS_ERROR , REGULATOR_STATUS_FAST , REGULATOR_STATUS_NORMAL , }',
  changes: [
    { class: 'enumerator-inserted', subject: 'REGULATOR_STATUS_UNDEFINED' },
    { class: 'enumerator-value', subject: 'REGULATOR_STATUS_ERROR', before: '2', after: '3' },
    { class: 'enumerator-value', subject: 'REGULATOR_STATUS_FAST', before: '3', after: '4' },
    { class: 'enumerator-value', subject: 'REGULATOR_STATUS_NORMAL', before: '4', after: '5' },
  ],
  chain: ['regulator_register', 's#regulator_desc', 's#regulator_ops', 'e#regulator_status'],
  place: { file: 'include/linux/regulator/driver.h', line: 36, endLine: 49 },
  patch: [
    {
      file: 'include/linux/regulator/driver.h',
      line: 39,
      kind: 'added',
      text: '\tREGULATOR_STATUS_UNDEFINED,',
    },
  ],
  needs: [820, 880],
  variants: tenVariants,
}

const prototype: CauseSketch = {
  name: 'ccw_device_start',
  before: 'int ccw_device_start ( s#ccw_device * , s#ccw1 * , unsigned long , t#__u8 , unsigned long )',
  after: 'int ccw_device_start ( s#ccw_device * , s#ccw1 * , unsigned long , t#__u8 , unsigned long , int )',
  changes: [{ class: 'argument-added', subject: 'argument 6', after: 'int' }],
  chain: ['ccw_device_start'],
  place: { file: 'arch/s390/include/asm/ccwdev.h', line: 177, endLine: 178 },
  needs: [899, 900],
  variants: ['s390x'],
}

const idle: readonly CauseSketch[] = [
  {
    name: 't#blk_status_t',
    before: 'typedef t#u8 blk_status_t',
    after: 'typedef t#u32 blk_status_t',
    changes: [{ class: 'typedef-retargeted', before: 'u8', after: 'u32' }],
    chain: ['device_add', 's#device', 't#blk_status_t'],
    place: { file: 'include/linux/blk_types.h', line: 91, endLine: 91 },
    needs: [0, 0],
    variants: [],
  },
  {
    name: 's#user_namespace',
    before: 'struct user_namespace { UNKNOWN }',
    after: 'struct user_namespace { s#uid_gid_map uid_map ; t#kuid_t owner ; }',
    changes: [{ class: 'became-defined' }],
    chain: ['netif_register', 's#net', 's#user_namespace'],
    needs: [0, 0],
    variants: [],
  },
]

const reasons: readonly UnexplainedReason[] = [
  'no-baseline-types',
  'symbol-without-types',
  'baseline-not-reproduced',
  'no-types',
  'build-not-reproduced',
  'unproven',
]

const unexplainedOfEachReason: readonly Unexplained[] = reasons.map((why, index) => ({
  variant: tenVariants[index] ?? 'i686',
  why,
  symbols: index === 1 ? ['memcpy_fromio', 'memcpy_toio'] : [`arch_helper_${index}`],
}))

const hows: readonly HiddenChange['how'][] = ['genksyms-guard', 'kabi-macro', 'override', 'kabi-rule']

const hiddenTexts: readonly string[] = [
  '#ifndef __GENKSYMS__',
  '\tRH_KABI_USE(1, struct probe_state *probe_state)',
  'override s#device struct device { UNKNOWN }',
  'KABI_IGNORE(0, u64 probe_cookie);',
]

const proofs: readonly HiddenProof[] = [
  { kind: 'moves', types: ['s#device'] },
  { kind: 'harmless', types: ['s#device', 's#pci_dev'] },
  { kind: 'no-baseline', variants: ['x86_64'] },
  { kind: 'no-build', variants: ['s390x', 'ppc64le'] },
]

/** A line of each sort that hides a change. */
export const hiddenLines: readonly HiddenFinding[] = hows.map((how, index) => ({
  family: 'hidden',
  kind: 'hidden',
  severity: 'warn',
  line: {
    how,
    file: index === 2 ? 'kabi/x86_64.overrides' : 'include/linux/device.h',
    line: 640 + index,
    kind: 'added',
    text: hiddenTexts[index] ?? '',
    ...(index === 1
      ? { commit: { hash: 'abcdef012345'.padEnd(40, '0'), subject: 'net: hide it', date: '2026-11-04' } }
      : {}),
  },
  proof: proofs[index] ?? { kind: 'off' },
}))

/** One definition reaches 700 of 900 symbols in eight of ten variants; three others and two that do not matter. */
export const tenVariantsExplained: Verdict = explainedVerdict({
  variants: tenVariants,
  symbols: [...symbolNames(899), 'ccw_device_start'],
  causes: [device, netNamespace, regulatorEvents, prototype, ...idle],
  hidden: hiddenLines,
})

type Member = Layout['members'][number]
type Layout = Extract<TypeLayout, { kind: 'struct' | 'union' }>

/** Bytes of what the sample types hold. */
const sampleSizes = {
  pointer: 8,
  held: new Map(
    Object.entries({
      's#kobject': 64,
      's#mutex': 32,
      's#dev_links_info': 56,
      's#dev_pm_info': 304,
      's#dev_msi_info': 16,
      's#list_head': 16,
      'e#device_removable': 4,
    }),
  ),
}

/** Members behind each other, each where its size allows; `name:3` is a bit-field of three bits. */
function structure(lines: readonly string[], align = 8): Layout {
  const members: Member[] = []
  let end = 0
  for (const line of lines) {
    const [, name = '', width, type = ''] = /^(\w+)(?::(\d+))? (.*)$/.exec(line) ?? []
    const sizes = { pointer: 8, layoutOf: (one: string) => ({ size: sampleSizes.held.get(one) ?? 8 }) }
    const bits = width === undefined ? (bitsOf(type, sizes) ?? 64) : Number(width)
    const step = width === undefined ? Math.min(bits, 64) : 1
    const offset = Math.ceil(end / step) * step
    members.push({ name, offset, ...(width === undefined ? {} : { bits }), type })
    end = offset + bits
  }
  const size = Math.ceil(end / 8 / align) * align
  return { kind: 'struct', size, align, members }
}

const deviceMembers = [
  ...['kobj s#kobject', 'parent s#device *', 'p s#device_private *', 'init_name u8 *'],
  ...['type s#device_type *', 'bus s#bus_type *', 'driver s#device_driver *', 'platform_data void *'],
  ...['driver_data void *', 'id u32', 'mutex s#mutex', 'links s#dev_links_info', 'power s#dev_pm_info'],
  ...['pm_domain s#dev_pm_domain *', 'msi s#dev_msi_info', 'dma_ops s#dma_map_ops *', 'dma_mask u64 *'],
  ...['coherent_dma_mask u64', 'bus_dma_limit u64', 'dma_range_map s#bus_dma_region *'],
  ...['dma_parms s#device_dma_parameters *', 'dma_pools s#list_head', 'cma_area s#cma *'],
  ...['of_node s#device_node *', 'fwnode s#fwnode_handle *', 'numa_node s32', 'devt u32'],
  ...['devres_head s#list_head', 'class s#class *', 'groups s#attribute_group **'],
  ...['release void (s#device *) *', 'iommu_group s#iommu_group *', 'iommu s#dev_iommu *'],
  ...['removable e#device_removable', 'offline_disabled:1 u8', 'offline:1 u8', 'of_node_reused:1 u8'],
]

/** The members with some more, each behind the one that is named. */
function withMore(members: readonly string[], more: Readonly<Record<string, string>>): readonly string[] {
  return members.flatMap((line) => {
    const extra = more[line.split(/[ :]/)[0] ?? '']
    return extra === undefined ? [line] : [line, extra]
  })
}

const sized = (size: number): TypeLayout => ({ kind: 'struct', size, members: [] })

/** A type with its members on both sides, and what changed between them. */
function typeFinding(
  name: string,
  layout: { readonly before: TypeLayout; readonly after: TypeLayout },
  rest: Partial<LayoutFinding> = {},
): LayoutFinding {
  const layoutOf = (one: string) => {
    const size = sampleSizes.held.get(one)
    return size === undefined ? undefined : { size }
  }
  const known = { pointer: 8, layoutOf }
  return layoutFinding(name, compareLayouts(layout, { before: known, after: known }), {
    layout,
    sizes: { before: sampleSizes, after: sampleSizes },
    ...rest,
  })
}

function layoutFinding(
  name: string,
  differences: readonly LayoutDifference[],
  rest: Partial<LayoutFinding> = {},
): LayoutFinding {
  return {
    ...{ family: 'layout', kind: 'layout', severity: 'fail', variant: 'x86_64', name, differences },
    layout: { before: sized(2624), after: sized(2632) },
    embedding: [],
    digest: { before: '5ff1a0c3d2e4b697', after: '0b1c2d3e4f506172' },
    symbols: ['pci_enable_device', 'pci_set_master'],
    untold: ['pci_enable_device', 'pci_set_master'],
    ...rest,
  }
}

function states(names: readonly string[]): TypeLayout {
  return { kind: 'enum', size: 4, values: names.map((name, at) => ({ name, value: BigInt(at) })) }
}

function key(align: number): TypeLayout {
  const members = ['u64 *', 'u32[2]'].map((type, at) => ({ name: `key${at}`, offset: 0, type }))
  return { kind: 'union', size: 8, align, members }
}

/** Types that moved, one that is waived, and one that fits. */
const movedLayouts: readonly LayoutFinding[] = [
  typeFinding(
    's#device',
    {
      before: structure(deviceMembers),
      after: structure(
        withMore(deviceMembers, { id: 'slot u32', dma_range_map: 'probe_cookie u64', offline: 'ready:1 u8' }),
      ),
    },
    {
      embedding: ['s#pci_dev', 's#usb_device', 's#scsi_target', 's#net_device'].map((name) => ({
        name,
        layout: { before: sized(2624), after: sized(2632) },
        differences: [{ class: 'size', before: '2624', after: '2632' }],
      })),
      symbols: ['device_add', 'pci_enable_device', 'pci_set_master'],
      untold: ['pci_enable_device'],
      place: { file: 'include/linux/device.h', line: 549, endLine: 648 },
      patch: [{ file: 'include/linux/device.h', line: 647, kind: 'added', text: '\tu64 probe_cookie;' }],
    },
  ),
  layoutFinding('pci_enable_device', [
    { class: 'prototype', before: 's32 (s#pci_dev *)', after: 's32 (s#pci_dev *, u32)' },
  ]),
  typeFinding(
    'e#state',
    { before: states(['DEAD', 'ALIVE']), after: states(['DEAD', 'ASLEEP', 'ALIVE']) },
    { variant: 's390x', place: { file: 'include/linux/state.h', line: 3, endLine: 5 } },
  ),
  typeFinding(
    'u#key',
    { before: key(8), after: key(1) },
    {
      severity: 'warn',
      waiver: {
        ...{
          kind: 'layout',
          name: 'u#key',
          variants: ['x86_64'],
          from: '5ff1a0c3d2e4b697',
          to: '0b1c2d3e4f506172',
        },
        ...{
          reason: 'nobody allocates it',
          owner: 'Ada Release',
          expires: '2027-01-31',
          file: 'kabi-waivers.yml',
          line: 3,
        },
      },
    },
  ),
  typeFinding(
    's#pci_bus',
    {
      before: structure(['node s#list_head', 'ops s#pci_ops *', 'is_added:1 u32', 'rh_reserved1 u64']),
      after: structure(['node s#list_head', 'ops s#pci_ops *', 'is_added:1 u32', 'slot u64']),
    },
    {
      ...{ kind: 'fits', severity: 'warn' },
      place: { file: 'include/linux/pci.h', line: 600, endLine: 650 },
    },
  ),
]

/** One field more, in a kernel whose headers have no macros for it. */
const oneMoreField = explainedVerdict({
  variants: ['x86_64'],
  symbols: ['device_add', 'device_register'],
  causes: [{ ...plainDevice, variants: ['x86_64'], needs: [0, 2] }],
})

const withoutMacros: Verdict = {
  ...oneMoreField,
  docs: 'https://kernel.example.org/kabi-gate/docs',
  ...(oneMoreField.explanation ? { explanation: { ...oneMoreField.explanation, kabiMacros: false } } : {}),
}

export const explainedVerdicts: Readonly<Record<string, Verdict>> = {
  'without-kabi-macros': withoutMacros,
  'explained-one-cause': explainedVerdict({
    variants: ['x86_64'],
    symbols: ['device_add', 'device_register'],
    causes: [{ ...device, variants: ['x86_64'], needs: [0, 2] }],
  }),
  'explained-in-part': explainedVerdict({
    variants: tenVariants.slice(0, 6),
    symbols: symbolNames(5),
    causes: [{ ...regulatorEvents, variants: ['i686', 'ia64'], needs: [0, 5] }, ...idle],
    unexplained: unexplainedOfEachReason,
  }),
  'not-explained': explainedVerdict({
    variants: ['x86_64', 's390x'],
    symbols: [],
    causes: [],
    unexplained: [{ variant: 's390x', why: 'no-types', symbols: ['device_add', 'device_register'] }],
  }),
  'hidden-only': withHidden(verdictOf({}), hiddenLines),
  'layouts-moved': verdictOf({ variants: ['x86_64', 's390x'], findings: movedLayouts }),
}

/** So many causes over so many symbols, each with a structure of forty members. */
export function manyCauses(causes: number, symbols: number, variants: readonly string[]): Verdict {
  const share = Math.ceil(symbols / causes)
  return explainedVerdict({
    variants,
    symbols: symbolNames(symbols),
    causes: Array.from({ length: causes }, (_, index): CauseSketch => {
      const members = Array.from({ length: 40 }, (_, member) => `t#u64 member_${member} ;`)
      const text = (list: readonly string[]) => `struct state_${index} { ${list.join(' ')} }`
      return {
        ...device,
        name: `s#state_${index}`,
        before: text(members),
        after: text(members.toSpliced(20, 0, `t#u32 added_${index} ;`)),
        changes: [{ class: 'field-added', subject: `u32 added_${index}` }],
        chain: ['device_add', `s#state_${index}`],
        // Neighbours overlap, so that there are symbols which need two of them.
        needs: [index * share, Math.min(symbols, (index + 1) * share + Math.ceil(share / 10))],
        variants,
      }
    }),
  })
}

/** A type that changed checksums and moved, and others that moved alone: its cause and its picture belong together. */
export const drawnCause: Verdict = {
  ...(explainedVerdicts['explained-one-cause'] ?? verdictOf({})),
  findings: [...(explainedVerdicts['explained-one-cause']?.findings ?? []), ...movedLayouts],
}
