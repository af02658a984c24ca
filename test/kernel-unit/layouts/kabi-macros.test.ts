import { describe, expect, it } from 'vitest'
import { compareLayouts } from '../../../src/abi/layouts/compare-layouts.ts'
import { breaksModules } from '../../../src/abi/layouts/layout-change.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { hasCompiler, typesOfC } from './layouts-of-c.ts'

const path = folderOfEachTest()

/** How distributions write the union of what was and what is, without their checks of the size: those would not compile. */
const replacements = {
  'of Red Hat': 'union { now; struct { old; } JOIN(rh_kabi_hidden_, __LINE__); }',
  'of openEuler':
    'union { now; struct { old; } JOIN(JOIN(__UNIQUE_ID_, kabi_hide), __COUNTER__); union { }; }',
  'of Android': 'union { now; struct { old; } JOIN(__UNIQUE_ID_android_kabi_hide, __COUNTER__); union { }; }',
  'with structures without a name': 'union { struct { now; }; struct { old; }; }',
} as const

const released = `struct other { u64 a; };
struct x {
	void *first;
	int (*call)(int);
	RESERVE(1);
	RESERVE(2);
	char last;
};
`

const macros = (replacement: string): string => `#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define REPLACE(old, now) ${replacement}
#define RESERVE(n) unsigned long kabi_reserved##n
#define USE(n, now) REPLACE(RESERVE(n), now)
#define USE2(n, m, now) REPLACE(RESERVE(n); RESERVE(m), now)
`

/** What changed from the release to a text in which some lines are other ones; `!` stands before what breaks modules. */
function changes(replacement: string, edits: readonly (readonly [string, string])[]): readonly string[] {
  const now = edits.reduce((text, [from, to]) => text.replace(from, to), released)
  const [before, after] = [released, now].map((text) => {
    const types = typesOfC(path(), macros(replacement) + text + 'struct x x;')
    return { types, layout: types.layoutsOf('s#x')[0] }
  })
  if (!before?.layout || !after?.layout) throw new Error('no struct x')
  const sizes = [before, after].map(({ types }) => ({
    pointer: types.pointer,
    layoutOf: (name: string) => types.layoutsOf(name)[0],
  })) as [Parameters<typeof compareLayouts>[1]['before'], Parameters<typeof compareLayouts>[1]['after']]
  return compareLayouts(
    { before: before.layout, after: after.layout },
    { before: sizes[0], after: sizes[1] },
  ).map((one) => `${breaksModules(one) ? '!' : ''}${one.class} ${one.member ?? ''}`)
}

const one = 'RESERVE(1);'
const both = `${one}\n	RESERVE(2);`
const fitting: [string, string, string][] = [
  ['a number', one, 'USE(1, u64 cookie);'],
  ['a pointer', one, 'USE(1, struct other *other);'],
  ['a shorter number', one, 'USE(1, u32 cookie);'],
  ['two numbers', one, 'USE(1, struct { u32 low; u32 high; });'],
  ['bit-fields', one, 'USE(1, u32 flag:1);'],
  ['a structure', one, 'USE(1, struct other other);'],
  ['an operation', one, 'USE(1, int (*more)(int));'],
  ['what takes two reserved fields', both, 'USE2(1, 2, struct { void *next; void *previous; } list);'],
  ['a type of the same layout', 'void *first;', 'REPLACE(void *first, struct other *second);'],
]
const large: [string, string, string][] = [
  ['an array', one, 'USE(1, u64 cookies[2]);'],
  ['two pointers', one, 'USE(1, struct { void *next; void *previous; });'],
  ['what takes three', both, 'USE2(1, 2, u64 cookies[3]);'],
  ['a larger type for an old one', 'void *first;', 'REPLACE(void *first, struct other second[2]);'],
]

describe.skipIf(!hasCompiler('gcc')).each(Object.entries(replacements))('a macro %s', (_, replacement) => {
  it.each(fitting)('moves nothing with %s, which fits', (_, from, to) => {
    const found = changes(replacement, [[from, to]])
    expect(found).not.toEqual([])
    expect(found.filter((change) => change.startsWith('!'))).toEqual([])
  })

  it.each(large)('moves what is behind it with %s, which does not fit', (_, from, to) => {
    expect(changes(replacement, [[from, to]])).toContain('!moved last')
  })

  // Two members of one name cannot stand in structures without one.
  it.skipIf(!replacement.includes('JOIN'))(
    'moves nothing where a member has another type under its name, as the old one stands beside it',
    () => {
      const to = 'REPLACE(int (*call)(int), int (*call)(int, int));'
      expect(changes(replacement, [['int (*call)(int);', to]])).toEqual(['in-union call'])
    },
  )
})
