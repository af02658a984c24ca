import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../../src/kernel/exports/exported-names.ts'

const names = (text: string) => exportedNames(Buffer.from(text))

describe('exportedNames', () => {
  it('finds each export with its place by the last line marker', () => {
    const text = [
      '# 1 "/src/mm/a.c"',
      'int a;',
      '# 7 "/src/include/b.h" 1 3',
      '__GENKSYMS_EXPORT_SYMBOL(b);',
      '# 20 "/src/mm/a.c" 2',
      'int c;',
      '',
      ' __GENKSYMS_EXPORT_SYMBOL( c ); __GENKSYMS_EXPORT_SYMBOL(d.e$);',
    ].join('\n')
    expect(names(`\n${text}`)).toEqual([
      { symbol: 'b', file: '/src/include/b.h', line: 7 },
      { symbol: 'c', file: '/src/mm/a.c', line: 22 },
      { symbol: 'd.e$', file: '/src/mm/a.c', line: 22 },
    ])
  })

  it('finds the exports of kernels where genksyms itself reads the macro', () => {
    const text =
      '\n# 1 "a.c"\nEXPORT_SYMBOL(a);\nEXPORT_SYMBOL_GPL(b);\nEXPORT_UNUSED_SYMBOL_GPL(c);\nEXPORT_SYMBOL_GPL_FUTURE(d)'
    expect(names(text).map(({ symbol }) => symbol)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('does not take the old macros for exports beside the new one', () => {
    const text = '\n# 1 "a.c"\nchar *s = "EXPORT_SYMBOL(a)";\n__GENKSYMS_EXPORT_SYMBOL(b);'
    expect(names(text).map(({ symbol }) => symbol)).toEqual(['b'])
  })

  it.each(['MY_EXPORT_SYMBOL(a)', 'EXPORT_SYMBOLS(a)', 'EXPORT_SYMBOL', 'int a;'])(
    'finds none in %s',
    (text) => {
      expect(names(`\n# 1 "a.c"\n${text}`)).toEqual([])
    },
  )
})
