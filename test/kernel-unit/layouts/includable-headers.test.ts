import { describe, expect, it } from 'vitest'
import { includableHeaders } from '../../../src/kernel/layouts/includable-headers.ts'

const asked = { types: new Set(['s#x', 'u#y', 'e#z', 't#n']), symbols: new Set(['f', 'v']) }

function choose(headers: Readonly<Record<string, string>>) {
  const all = Object.entries(headers).map(([path, text]) => ({ path, text }))
  const { paths, asked: left } = includableHeaders(all, asked)
  return { paths, left: [...left.types, ...left.symbols].sort() }
}

const guarded = (text: string, guard = 'A_H') => `#ifndef ${guard}\n#define ${guard}\n${text}\n#endif\n`

describe('headers that can stand in one text', () => {
  it.each([
    ['a structure', 'struct x { int a; };'],
    ['a union over lines', 'union y\n{ int a; };'],
    ['an enumeration', 'enum z { A };'],
    ['a typedef of what has no name', 'typedef struct { int a; } n;'],
    ['a function', 'int f (int);'],
    ['a variable', 'extern int v;'],
    ['an array', 'extern int v[4];'],
  ])('are those that have %s that is asked for', (_, text) => {
    expect(choose({ '/k/net/a.h': guarded(text) }).paths).toEqual(['/k/net/a.h'])
  })

  it('are no private ones that have nothing of it', () => {
    expect(choose({ '/k/net/a.h': guarded('struct other { int a; };') }).paths).toEqual([])
  })

  it('are shared ones that others may need, unless they complain about who includes them', () => {
    const text = guarded('struct other { int a; };')
    const complaint = guarded('#ifndef B\n # error "not alone"\n#endif')
    expect(choose({ '/k/include/linux/a.h': text, '/k/include/linux/b.h': complaint }).paths).toEqual([
      '/k/include/linux/a.h',
    ])
  })

  it.each([
    ['is read again and again', '/k/include/linux/a.h', 'struct x { int a; };\n'],
    [
      'is guarded by its first line alone',
      '/k/include/linux/a.h',
      '#ifndef A_H\nstruct x { int a; };\n#endif\n',
    ],
    ['stands behind another one of its name', '/k/include/asm-generic/a.h', guarded('struct x { int a; };')],
    ['makes tracepoints', '/k/include/trace/a.h', guarded('struct x { int a; };')],
    ['has a quote in its name', '/k/include/linux/"a.h', guarded('struct x { int a; };')],
    ['has a line end in its name', '/k/include/linux/a\n.h', guarded('struct x { int a; };')],
  ])('are none that %s', (_, path, text) => {
    expect(choose({ [path]: text }).paths).toEqual([])
  })

  it('may be guarded by a pragma, and behind a comment', () => {
    const once = '#pragma once\nstruct x { int a; };\n'
    const commented = `/*\n#define NOT 1\n*/\n${guarded('union y { int a; };')}`
    expect(choose({ '/k/a.h': once, '/k/b.h': commented }).paths).toEqual(['/k/a.h', '/k/b.h'])
  })

  it.each([
    ['#ifdef', '#ifdef B_H\nint more;\n#endif'],
    ['#ifndef', '#ifndef B_H\nint more;\n#endif'],
    ['defined()', '#if !defined(OTHER) && !defined(B_H)\nint more;\n#endif'],
    ['#elif', '#if 0\n#elif defined B_H\nint more;\n#endif'],
    ['a digraph', '%:ifndef B_H\nint more;\n%:endif'],
    ['a name in two lines', '#ifndef B\\\n_H\nint more;\n#endif'],
  ])('are not believed about what asks by %s which other header was read', (_, text) => {
    const { left } = choose({
      '/k/a.h': guarded(`struct x { int a;\n${text}\n};\nint f(void);`),
      '/k/b.h': guarded('struct b { int a; };', 'B_H'),
    })
    expect(left).toEqual(['e#z', 't#n', 'u#y', 'v'])
  })

  it('are believed where they only complain about who includes them', () => {
    const { left } = choose({
      '/k/a.h': guarded('#ifndef B_H\n# error "not alone"\n#endif\nstruct x { int a; };'),
      '/k/b.h': guarded('struct b { int a; };', 'B_H'),
    })
    expect(left).toContain('s#x')
  })

  it('are believed where they ask for options and for their own guard', () => {
    const { left } = choose({
      '/k/a.h': guarded('#ifdef CONFIG_A\nstruct x { int a; };\n#endif\n#ifdef A_H\n#endif'),
    })
    expect(left).toEqual(['e#z', 'f', 's#x', 't#n', 'u#y', 'v'])
  })
})
