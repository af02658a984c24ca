import { describe, expect, it } from 'vitest'
import { plainNames } from '../../../src/kernel/exports/other-exporters.ts'

describe('the names that a text exports in so many words', () => {
  it.each([
    ['int a;\nEXPORT_SYMBOL(a);', ['a']],
    ['EXPORT_SYMBOL_GPL( a );\nEXPORT_SYMBOL_NS(b, USB);\nEXPORT_SYMBOL_NS_GPL(c,\n USB);', ['a', 'b', 'c']],
    ['/* EXPORT_SYMBOL(a) */ "EXPORTED"', []],
    ['EXPORT_SYMBOL\\\n(a);', ['a']],
  ])('are known: %j', (text, names) => {
    expect(plainNames(text)).toEqual(names)
  })

  it.each([
    'EXPORT_SYMBOL(a##b);',
    'EXPORT_SYMBOL(\\name)',
    'EXPORT_TRACEPOINT_SYMBOL_GPL(a);',
    'EXPORT_PER_CPU_SYMBOL(a);',
    'EXPORT_SYMBOL_FOR_MODULES(a, "kvm");',
    '___EXPORT_SYMBOL(a, "", "")',
    '#define DEFINE_IT(a) int a; \\\n EXPORT_SYMBOL(a)',
    '#undef EXPORT_SYMBOL',
    'EXPORT ## _SYMBOL(a)',
    'EXPORT_SYMBOL(OTHER(a));',
    '.altmacro\nEXPORT_SYMBOL(a)',
    '#ifdef EXPORT_ALL\n#endif',
  ])('are not known: %j', (text) => {
    expect(plainNames(text)).toBeUndefined()
  })
})
