import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/abi/cause.ts'
import { classify } from '../../../src/abi/explain/classify.ts'

/** A change in one line: `field-removed int a`, `field-retyped int a: int a -> long a`. */
function told({ class: found, subject, before, after }: Change): string {
  const sides = before === undefined && after === undefined ? '' : `: ${before ?? ''} -> ${after ?? ''}`
  return `${found}${subject === undefined ? '' : ` ${subject}`}${sides}`
}

function changes(name: string, before: string, after: string): readonly string[] {
  return classify({ name, before, after }).map(told)
}

type Row = readonly [what: string, before: string, after: string, ...expected: string[]]

const members: readonly Row[] = [
  ['a field in the middle', 'int a ; int c ;', 'int a ; int b ; int c ;', 'field-added int b'],
  ['a field in front', 'int a ;', 's#list_head list ; int a ;', 'field-added struct list_head list'],
  ['a field at the end', 'int a ;', 'int a ; t#u8 b ;', 'field-added-at-end u8 b'],
  [
    'two fields at the end',
    'int a ;',
    'int a ; int b ; int c ;',
    'field-added-at-end int b',
    'field-added-at-end int c',
  ],
  ['the first field of an empty structure', '', 'int a ;', 'field-added-at-end int a'],
  ['a flexible array at the end', 'int a ;', 'int a ; char b [ ] ;', 'field-added-at-end char b[]'],
  ['a field that is gone', 'int a ; s#x * b ; int c ;', 'int a ; int c ;', 'field-removed struct x *b'],
  ['another type', 'int a ; int b ;', 'int a ; t#u64 b ;', 'field-retyped int b: int b -> u64 b'],
  [
    'another prototype of a member',
    'int ( * probe ) ( s#device * ) ;',
    'int ( * probe ) ( s#device * , int ) ;',
    'field-retyped int (*probe)(struct device *): int (*probe)(struct device *) -> int (*probe)(struct device *, int)',
  ],
  [
    'another name',
    'int a ; int b ; int c ;',
    'int a ; int x ; int c ;',
    'field-renamed int b: int b -> int x',
  ],
  ['a swap', 'int a ; long b ;', 'long b ; int a ;', 'fields-reordered int a'],
  [
    'a swap of fields of the same type around another one',
    'int a ; long x ; int b ;',
    'int b ; long x ; int a ;',
    'fields-reordered int a, long x',
  ],
  [
    'a wider bit field',
    'unsigned int f : 3 ; unsigned int g : 1 ;',
    'unsigned int f : 4 ; unsigned int g : 1 ;',
    'bit-field-width unsigned int f:3: unsigned int f:3 -> unsigned int f:4',
  ],
  [
    'a new bit field',
    't#u8 a : 1 ; t#u8 : 0 ;',
    't#u8 a : 1 ; t#u8 b : 1 ; t#u8 : 0 ;',
    'field-added u8 b:1',
  ],
  [
    'a longer array',
    'char a [ 16 ] ;',
    'char a [ 32 ] ;',
    'array-bound char a[16]: char a[16] -> char a[32]',
  ],
  ['one of two declarators', 's#x * next , * prev ;', 's#x * next ;', 'field-removed struct x *prev'],
  ['declarators written apart', 's#x * next , * prev ;', 's#x * next ; s#x * prev ;', 'spelling'],
  [
    'the same type in other words',
    'unsigned a ;',
    'unsigned int a ;',
    'spelling unsigned a: unsigned a -> unsigned int a',
  ],
  [
    'the same bound in other words',
    'int a [ 64 / 8 ] ;',
    'int a [ 8 ] ;',
    'spelling int a[64 / 8]: int a[64 / 8] -> int a[8]',
  ],
  ['a new const', 'char * a ;', 'const char * a ;', 'qualifier char *a: char *a -> const char *a'],
  ['a const pointer', 'char * a ;', 'char * const a ;', 'qualifier char *a: char *a -> char *const a'],
  [
    'an attribute',
    't#u64 a ;',
    't#u64 a __attribute__ ( ( __aligned__ ( 8 ) ) ) ;',
    'attribute u64 a: u64 a -> u64 a __attribute__((__aligned__(8)))',
  ],
  [
    'a field inside a named structure that others follow',
    'struct { int x ; } in ; int z ;',
    'struct { int x ; int y ; } in ; int z ;',
    'field-added int in.y',
  ],
  [
    'a field inside a structure at the end',
    'int z ; struct { int x ; } in ;',
    'int z ; struct { int x ; int y ; } in ;',
    'field-added-at-end int in.y',
  ],
  [
    'a field of a nameless structure in a nameless union',
    'union { struct { int x ; } ; long y ; } ; int z ;',
    'union { struct { long x ; } ; long y ; } ; int z ;',
    'field-retyped int x: int x -> long x',
  ],
  [
    'a nameless union before another one',
    'int a ; union { int b ; } ;',
    'int a ; union { int c ; } ; union { int b ; } ;',
    'field-added union { ... }',
  ],
  [
    'a reserved field that became a union of it and its use',
    'int a ; unsigned long kabi_reserved1 ; int b ;',
    'int a ; union { s#x * new ; struct { unsigned long kabi_reserved1 ; } ; } ; int b ;',
    'field-retyped unsigned long kabi_reserved1: unsigned long kabi_reserved1 -> union { struct x *new; struct { unsigned long kabi_reserved1; }; }',
  ],
  [
    'a reserved field that gave way to another',
    'int a ; unsigned long reserved1 ; int b ;',
    'int a ; s#x * new ; int b ;',
    'field-removed unsigned long reserved1',
    'field-added struct x *new',
  ],
  [
    'a structure that became a union',
    'struct { int a ; } u ;',
    'union { int a ; } u ;',
    'field-retyped struct { ... } u: struct { ... } u -> union { ... } u',
  ],
  ['a nameless enum in it', 'enum { A , } e ;', 'enum { A , B , } e ;', 'enumerator-added-at-end B'],
  ['a member that is no C', 'int a ; 3 3 ;', 'int a ; 4 4 ;', 'other 3 3', 'other 4 4'],
  [
    'many things at once, the gravest first',
    'int a ; int b ; int c [ 2 ] ; char * d ;',
    'int a ; int c [ 3 ] ; const char * d ; int e ;',
    'field-removed int b',
    'array-bound int c[2]: int c[2] -> int c[3]',
    'field-added-at-end int e',
    'qualifier char *d: char *d -> const char *d',
  ],
]

const enumerators: readonly Row[] = [
  ['an enumerator at the end', 'A , B ,', 'A , B , C ,', 'enumerator-added-at-end C'],
  ['an enumerator in the middle', 'A , B ,', 'A , C , B ,', 'enumerator-inserted C'],
  ['an enumerator in front', 'A , B ,', 'C , A , B ,', 'enumerator-inserted C'],
  [
    'an enumerator in the middle that moves no other',
    'A , B = 4 ,',
    'A , C , B = 4 ,',
    'enumerator-added-at-end C',
  ],
  [
    'an enumerator in front of the sentinels',
    'A , __A_AFTER_LAST , A_MAX = E#__A_AFTER_LAST - 1',
    'A , B , __A_AFTER_LAST , A_MAX = E#__A_AFTER_LAST - 1',
    'enumerator-value __A_AFTER_LAST: __A_AFTER_LAST = 1 -> __A_AFTER_LAST = 2',
    'enumerator-value A_MAX: A_MAX = 0 -> A_MAX = 1',
    'enumerator-added-at-end B',
  ],
  ['an enumerator that is gone', 'A , B , C', 'A , C', 'enumerator-removed B'],
  ['an enumerator with another name', 'A , B , C', 'A , X , C', 'enumerator-renamed B: B -> X'],
  ['another value', 'A = 1 << 2 ,', 'A = 1 << 3 ,', 'enumerator-value A: A = 4 -> A = 8'],
  [
    'another value that moves what follows',
    'A = 1 , B , C',
    'A = 2 , B , C',
    'enumerator-value A: A = 1 -> A = 2',
  ],
  [
    'a value that cannot be computed',
    'A = sizeof ( int ) , B',
    'A = sizeof ( long ) , B',
    'enumerator-value A: A = sizeof(int) -> A = sizeof(long)',
  ],
  ['a swap', 'A , B', 'B , A', 'enumerator-value A: A = 0 -> A = 1'],
  ['a comma', 'A , B', 'A , B ,', 'spelling'],
  ['a value that was there already', 'A , B', 'A = 0 , B = 1', 'spelling'],
  [
    'an enumerator called constructor',
    'constructor ,',
    'constructor , toString ,',
    'enumerator-added-at-end toString',
  ],
]

const exports: readonly Row[] = [
  ['an argument more', 'int f ( int )', 'int f ( int , long )', 'argument-added argument 2: long'],
  ['a first argument', 'void f ( void )', 'void f ( s#x * )', 'argument-added argument 1: struct x *'],
  [
    'an argument in the middle',
    'int f ( int , long )',
    'int f ( int , char , long )',
    'argument-added argument 2: char',
  ],
  ['variable arguments', 'int f ( int )', 'int f ( int , ... )', 'argument-added argument 2: ...'],
  ['an argument less', 'int f ( int , long )', 'int f ( long )', 'argument-removed argument 1: int'],
  [
    'another argument',
    'int f ( int , long )',
    'int f ( int , s#x * )',
    'argument-retyped argument 2: long -> struct x *',
  ],
  [
    'an argument that became const',
    'int f ( char * )',
    'int f ( const char * )',
    'qualifier argument 1: char * -> const char *',
  ],
  [
    'an argument in other words',
    'int f ( unsigned )',
    'int f ( unsigned int )',
    'spelling argument 1: unsigned -> unsigned int',
  ],
  ['another result', 'int f ( int )', 's#x * f ( int )', 'return-type: int -> struct x *'],
  [
    'an attribute',
    'int f ( int )',
    'int __attribute__ ( ( __warn_unused_result__ ) ) f ( int )',
    'attribute: int f(int) -> int __attribute__((__warn_unused_result__)) f(int)',
  ],
  [
    'arguments and the result',
    'int f ( int )',
    'long f ( int , int )',
    'argument-added argument 2: int',
    'return-type: int -> long',
  ],
  ['another variable', 'int f', 'long f', 'variable-retyped: int f -> long f'],
  ['a longer array', 'int f [ 4 ]', 'int f [ 8 ]', 'array-bound: int f[4] -> int f[8]'],
  ['a function that became a variable', 'int f ( void )', 'int f', 'other: int f(void) -> int f'],
  ['a variable that became const', 'int f', 'const int f', 'qualifier: int f -> const int f'],
  [
    'a field of a nameless structure',
    'struct { int a ; } f',
    'struct { int a ; int b ; } f',
    'field-added-at-end int b',
  ],
  [
    'a pointer to a function',
    'int ( * f ) ( int )',
    'int ( * f ) ( long )',
    'argument-retyped argument 1: int -> long',
  ],
]

describe('classify', () => {
  it.each(members)('tells of a structure with %s', (_, before, after, ...expected) => {
    expect(changes('s#x', `struct x { ${before} }`, `struct x { ${after} }`)).toEqual(expected)
  })

  it.each(enumerators)('tells of an enum with %s', (_, before, after, ...expected) => {
    expect(changes('e#x', `enum x { ${before} }`, `enum x { ${after} }`)).toEqual(expected)
  })

  it.each(exports)('tells of an export with %s', (_, before, after, ...expected) => {
    expect(changes('f', before, after)).toEqual(expected)
  })

  it.each<readonly [what: string, name: string, before: string, after: string, ...expected: string[]]>([
    [
      'a structure that became known',
      's#x',
      'struct x { UNKNOWN }',
      'struct x { int a ; }',
      'became-defined',
    ],
    ['an enum that became known', 'e#x', 'enum x { UNKNOWN }', 'enum x { A }', 'became-defined'],
    [
      'a union of which only the name is left',
      'u#x',
      'union x { int a ; }',
      'union x { UNKNOWN }',
      'became-opaque',
    ],
    [
      'a union with one more member',
      'u#x',
      'union x { int a ; long b ; }',
      'union x { long c ; int a ; long b ; }',
      'field-added-at-end long c',
    ],
    [
      'a union in another order',
      'u#x',
      'union x { int a ; long b ; }',
      'union x { long b ; int a ; }',
      'spelling int a',
    ],
    ['another typedef', 't#x', 'typedef int x', 'typedef long x', 'typedef-retargeted: int x -> long x'],
    [
      'a typedef of a structure',
      't#x',
      'typedef struct { int a ; } x',
      'typedef struct { long a ; } x',
      'field-retyped int a: int a -> long a',
    ],
    [
      'a typedef of a function',
      't#x',
      'typedef int ( * x ) ( int )',
      'typedef int ( * x ) ( int , int )',
      'argument-added argument 2: int',
    ],
    [
      'a typedef of a pointer, no longer to a function',
      't#x',
      'typedef int ( * x ) ( int )',
      'typedef int * x',
      'typedef-retargeted: int (*x)(int) -> int *x',
    ],
    [
      'a typedef of an array',
      't#x',
      'typedef long x [ 2 ]',
      'typedef long x [ 4 ]',
      'array-bound: long x[2] -> long x[4]',
    ],
    ['the value of an enumerator', 'E#X', '( 0 ) + 12', '( 0 ) + 13', 'enumerator-value X: X = 12 -> X = 13'],
    [
      'a value that refers to another',
      'E#X',
      '( E#Y ) + 2',
      '( E#Y ) + 3',
      'enumerator-value X: X = (Y) + 2 -> X = (Y) + 3',
    ],
    ['the same value in other words', 'E#X', '( 0 ) + 12', '12', 'spelling'],
    [
      'an attribute of the type',
      's#x',
      'struct x { int a ; }',
      'struct x { int a ; } __attribute__ ( ( packed ) )',
      'attribute: struct x { ... } -> struct x { ... } __attribute__((packed))',
    ],
    ['a text that is not C', 's#x', 'struct x { {', 'struct x { [', 'other'],
    ['a definition that is not there', 's#x', '', 'struct x { int a ; }', 'other'],
  ])('tells of %s', (_, name, before, after, ...expected) => {
    expect(changes(name, before, after)).toEqual(expected)
  })
})
