import { describe, expect, it } from 'vitest'
import type { Cause, CauseLayout, Fix } from '../../../src/abi/cause.ts'
import type { LayoutClass } from '../../../src/abi/layouts/layout-change.ts'
import { fixOf } from '../../../src/explain/locate/fix-lines.ts'
import { openSourceTexts } from '../../../src/explain/locate/source-texts.ts'
import { roomFacts } from '../../../src/report/model/explanation-words.ts'
import { plainText } from '../../../src/report/text/text-pen.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'

const path = folderOfEachTest()

const file = 'include/linux/pci.h'
const reservedAt = (line: number) =>
  ({
    ...{ macro: 'KABI_RESERVE', left: 1, place: { file, line, endLine: line } },
    first: { line, argument: '1' },
  }) as const

const moved: CauseLayout = {
  differences: [{ class: 'grown', before: '8', after: '16' }],
  room: { member: 'serial', bytes: 8 },
}

const fits = (...classes: readonly LayoutClass[]): CauseLayout => ({
  differences: classes.map((one) => ({ class: one, member: 'serial', after: '4 u32' })),
})

/** What is to be written for a patch that added one line to a header. */
function fix(lines: readonly string[], at: number, rest: Partial<Cause> = {}): Fix | undefined {
  writeFiles(path(), { [file]: lines.join('\n') })
  return fixOf(causeOf(lines[at - 1] ?? '', at, rest), openSourceTexts(path()))
}

function causeOf(text: string, line: number, rest: Partial<Cause> = {}): Cause {
  return {
    ...{ id: 's#slot:1', name: 's#slot', before: '', after: '', chain: [], reach: [] },
    ...{ symbols: 1, alone: 1, matters: true },
    changes: [{ class: 'field-added', subject: 'u64 serial' }],
    patch: [{ file, line, kind: 'added', text }],
    ...rest,
  }
}

const near = [
  'struct slot {',
  '\tu64\t\tserial;\t/* of the slot */',
  '\tlong last;',
  '\tKABI_RESERVE(1)',
  '};',
]

describe('the lines to write', () => {
  it('hide a field that moves nothing where it is', () => {
    expect(fix(near, 2, { layout: fits('in-hole') })).toEqual({
      ...{ how: 'hide', file },
      edits: [{ line: 2, removed: [near[1]], added: ['#ifndef __GENKSYMS__', near[1], '#endif'] }],
    })
  })

  it('put a field into the reserved one, in one piece where a hunk of the patch has both', () => {
    expect(fix(near, 2, { layout: moved, reserved: reservedAt(4) })).toEqual({
      ...{ how: 'use', file },
      edits: [{ line: 2, removed: near.slice(1, 4), added: ['\tlong last;', '\tKABI_USE(1, u64 serial)'] }],
    })
  })

  it('are two pieces where the reserved field is further away, in front or behind', () => {
    const far = [
      'struct slot {',
      '\tKABI_RESERVE(1);',
      '\tint a;',
      '\tint b;',
      '\tint c;',
      '\tu64 serial;',
      '};',
    ]
    expect(fix(far, 6, { layout: moved, reserved: reservedAt(2) })?.edits).toEqual([
      { line: 2, removed: ['\tKABI_RESERVE(1);'], added: ['\tKABI_USE(1, u64 serial);'] },
      { line: 6, removed: ['\tu64 serial;'], added: [] },
    ])
  })

  it.each<[what: string, lines: readonly string[], rest: Partial<Cause>]>([
    ['something else moved', near, { layout: fits('in-hole', 'moved') }],
    ['nothing is known of the layout', near, {}],
    ['no layout changed, so nobody saw the field', near, { layout: { differences: [] } }],
    [
      'the field is too large for what is reserved',
      near,
      { layout: { ...moved, room: { member: 'a', bytes: 16 } }, reserved: reservedAt(4) },
    ],
    [
      'the type changed in another way, too',
      near,
      {
        layout: fits('in-hole'),
        changes: [
          { class: 'field-added', subject: 'u64 serial' },
          { class: 'field-removed', subject: 'int a' },
        ],
      },
    ],
    [
      'the change is another one',
      near,
      { layout: fits('in-hole'), changes: [{ class: 'field-retyped', subject: 'u64 serial' }] },
    ],
    [
      'the patch has more lines',
      near,
      {
        layout: fits('in-hole'),
        patch: [1, 2].map((line) => ({ file, line, kind: 'added' as const, text: near[1] ?? '' })),
      },
    ],
    [
      'the line has two fields',
      [near[0] ?? '', '\tu64 serial; int other;', '};'],
      { layout: fits('in-hole') },
    ],
    ['the line is another field', [near[0] ?? '', '\tu64 other;', '};'], { layout: fits('in-hole') }],
    ['the line is part of a macro', [near[0] ?? '', '\tu64 serial; \\', '};'], { layout: fits('in-hole') }],
    [
      'the line has what a terminal may hide',
      [near[0] ?? '', '\tu64 serial; /* \u202e */', '};'],
      { layout: fits('in-hole') },
    ],
    [
      'the line of the reserved field has more',
      [...near.slice(0, 3), '\tKABI_RESERVE(1) KABI_RESERVE(2)', '};'],
      { layout: moved, reserved: reservedAt(4) },
    ],
  ])('are none where %s', (_, lines, rest) => {
    expect(fix(lines, 2, rest)).toBeUndefined()
  })

  it('are none where the tree no longer has the line', () => {
    writeFiles(path(), { [file]: 'struct slot {\n\tint other;\n};\n' })
    const cause = causeOf('\tu64 serial;', 2, { layout: fits('in-hole') })
    expect(fixOf(cause, openSourceTexts(path()))).toBeUndefined()
  })

  it('stand in the facts of a report as they are', () => {
    const say = (rest: Partial<Cause>) => {
      const own = fix(near, 2, rest)
      return roomFacts({ ...causeOf(near[1] ?? '', 2, rest), ...(own ? { fix: own } : {}) }).map(plainText)
    }
    expect(say({ layout: fits('in-hole') })).toEqual([
      'nothing moves where it is: replace u64 serial; /* of the slot */ at include/linux/pci.h:2 by the lines #ifndef __GENKSYMS__, u64 serial; /* of the slot */, #endif',
    ])
    expect(say({ layout: moved, reserved: reservedAt(4) })).toEqual([
      'replace KABI_RESERVE(1) at include/linux/pci.h:4 by KABI_USE(1, u64 serial), and remove u64 serial; /* of the slot */ at include/linux/pci.h:2',
    ])
  })
})
