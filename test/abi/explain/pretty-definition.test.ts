import { describe, expect, it } from 'vitest'
import { definitionDiff, type DiffLine } from '../../../src/abi/explain/definition-diff.ts'
import { definitionTitle } from '../../../src/abi/explain/definition-title.ts'
import { prettyDefinition } from '../../../src/abi/explain/pretty-definition.ts'

describe('prettyDefinition', () => {
  it.each<[what: string, name: string, text: string, ...lines: string[]]>([
    [
      'a structure, one member a line',
      's#x',
      'struct x { s#device * parent ; t#u8 flags : 3 ; char name [ 16 ] ; int ( * probe ) ( s#pci_dev * , const s#pci_device_id * ) ; }',
      'struct x {',
      '\tstruct device *parent;',
      '\tu8 flags:3;',
      '\tchar name[16];',
      '\tint (*probe)(struct pci_dev *, const struct pci_device_id *);',
      '};',
    ],
    [
      'what is nested',
      's#x',
      'struct x { union { struct { int a , * b ; } ; long c ; } u [ 2 ] ; enum { A , B = 1 } e ; }',
      'struct x {',
      '\tunion {',
      '\t\tstruct {',
      '\t\t\tint a, *b;',
      '\t\t};',
      '\t\tlong c;',
      '\t} u[2];',
      '\tenum {',
      '\t\tA,',
      '\t\tB = 1',
      '\t} e;',
      '};',
    ],
    [
      'pointers and qualifiers',
      's#x',
      'struct x { const char * const * volatile a ; void * ( * * f ) ( void ) ; int ( * m ) [ 3 ] ; }',
      'struct x {',
      '\tconst char *const *volatile a;',
      '\tvoid *(**f)(void);',
      '\tint (*m)[3];',
      '};',
    ],
    [
      'bit fields',
      's#x',
      'struct x { unsigned int a : 1 , b : ( 8 - 2 ) ; t#u8 : 0 ; }',
      'struct x {',
      '\tunsigned int a:1, b:(8 - 2);',
      '\tu8 :0;',
      '};',
    ],
    [
      'attributes and typeof',
      's#x',
      'struct x { t#u64 __attribute__ ( ( aligned ( 8 ) ) ) a ; __typeof__ ( s#y * ) b __attribute__ ( ( __aligned__ ( ( 1 << ( 6 ) ) ) ) ) ; }',
      'struct x {',
      '\tu64 __attribute__((aligned(8))) a;',
      '\t__typeof__(struct y *) b __attribute__((__aligned__((1 << (6)))));',
      '};',
    ],
    [
      'expressions',
      'e#x',
      'enum x { A = - 1 , B = ( ( int ) ( ~ 0U >> 1 ) ) , C = E#A * 2 | 0x10 , D = sizeof ( long ) , }',
      'enum x {',
      '\tA = -1,',
      '\tB = ((int)(~0U >> 1)),',
      '\tC = A * 2 | 0x10,',
      '\tD = sizeof(long),',
      '};',
    ],
    ['a typedef', 't#f_t', 'typedef int ( * f_t ) ( s#x * , ... )', 'typedef int (*f_t)(struct x *, ...);'],
    ['a typedef of a function', 't#f_t', 'typedef t#bool ( f_t ) ( int )', 'typedef bool (f_t)(int);'],
    [
      'a prototype',
      'f',
      's#x * * f ( e#color , u#u , unsigned long )',
      'struct x **f(enum color, union u, unsigned long);',
    ],
    [
      'a long prototype, one argument a line',
      'f',
      `int __attribute__ ( ( __warn_unused_result__ ) ) a_function_with_a_long_name ( s#a_structure * , void ( * ) ( int , int ) , const s#another_structure * )`,
      'int __attribute__((__warn_unused_result__)) a_function_with_a_long_name(',
      '\tstruct a_structure *,',
      '\tvoid (*)(int, int),',
      '\tconst struct another_structure *',
      ');',
    ],
    [
      'a variable with a section',
      'v',
      '__attribute__ ( ( section ( ".data..percpu" "" ) ) ) __typeof__ ( int ) v [ 4 ]',
      '__attribute__((section(".data..percpu" ""))) __typeof__(int) v[4];',
    ],
    [
      'a type of which only the name is known',
      'u#x',
      'union x { UNKNOWN }',
      'union x;\t/* genksyms knows only the name */',
    ],
    ['the value of an enumerator', 'E#X', '( E#Y + 10 - 1 ) + 1', 'X = (Y + 10 - 1) + 1;'],
    [
      'literals with spaces',
      'v',
      `int v __attribute__ ( ( x ( "a  ; { b" , ' ' ) ) )`,
      `int v __attribute__((x("a  ; { b", ' ')));`,
    ],
    ['nothing', 's#x', ''],
  ])('writes %s', (_, name, text, ...lines) => {
    expect(prettyDefinition(name, text)).toEqual(lines)
  })
})

describe('definitionTitle', () => {
  it.each([
    ['s#device', 'struct device'],
    ['u#sigval', 'union sigval'],
    ['e#color', 'enum color'],
    ['t#u8', 'typedef u8'],
    ['E#RED', 'enumerator RED'],
    ['kobject_init', 'declaration of kobject_init'],
    ['s', 'declaration of s'],
  ])('calls %s: %s', (name, title) => {
    expect(definitionTitle(name)).toBe(title)
  })
})

describe('definitionDiff', () => {
  function told(line: DiffLine): string {
    return line.kind === 'gap' ? `gap ${line.count}` : `${line.kind} ${line.text.trim()}`
  }
  const fields = (...names: readonly string[]): string =>
    `struct x { ${names.map((name) => `int ${name} ;`).join(' ')} }`
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n']

  it('keeps three lines around a change, and counts those that it leaves out', () => {
    const change = { name: 's#x', before: fields(...names), after: fields(...names.toSpliced(6, 1, 'new')) }
    expect(definitionDiff(change).map(told)).toEqual([
      'gap 4',
      'same int d;',
      'same int e;',
      'same int f;',
      'removed int g;',
      'added int new;',
      'same int h;',
      'same int i;',
      'same int j;',
      'gap 5',
    ])
  })

  it('leaves out no single line, and as much around the changes as it is told', () => {
    const change = { name: 's#x', before: fields('a', 'b', 'c'), after: fields('a', 'b', 'd', 'c') }
    expect(definitionDiff(change, { context: 1 }).map(told)).toEqual([
      'gap 2',
      'same int b;',
      'added int d;',
      'same int c;',
      'same };',
    ])
  })

  it('compares the tokens where C shows no difference', () => {
    const change = { name: 'v', before: 't#u8 v', after: 'u8 v' }
    expect(definitionDiff(change).map(told)).toEqual(['removed t#u8', 'added u8', 'same v'])
  })

  it('says nothing of what did not change', () => {
    expect(definitionDiff({ name: 's#x', before: fields('a'), after: fields('a') })).toEqual([
      { kind: 'gap', count: 3 },
    ])
  })

  it('does not align what has nothing in common and is very long', () => {
    const long = (prefix: string) => fields(...Array.from({ length: 20_000 }, (_, at) => `${prefix}${at}`))
    const lines = definitionDiff({ name: 's#x', before: long('a'), after: long('b') })
    expect(lines.filter(({ kind }) => kind === 'added').length).toBeGreaterThanOrEqual(20_000)
  })
})
