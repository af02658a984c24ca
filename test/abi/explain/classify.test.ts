import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/abi/cause.ts'
import { classify } from '../../../src/abi/explain/classify.ts'
import type { KnownTypes } from '../../../src/abi/explain/known-types.ts'

/** A change in one line: `field-removed int a`, `field-retyped int a: int a -> long a`. */
function told({ class: found, subject, before, after }: Change): string {
  const sides = before === undefined && after === undefined ? '' : `: ${before ?? ''} -> ${after ?? ''}`
  return `${found}${subject === undefined ? '' : ` ${subject}`}${sides}`
}

/** What the kernel's own headers say; the compiler knows no more of a type than genksyms does, but of `hidden`. */
const definitions: Readonly<Record<string, string>> = {
  't#u8': 'typedef unsigned char u8',
  't#__u32': 'typedef unsigned int __u32',
  't#u32': 'typedef t#__u32 u32',
  't#u64': 'typedef unsigned long long u64',
  't#intp': 'typedef int * intp',
  't#fn_t': 'typedef int fn_t ( long )',
  't#callback': 'typedef int ( * callback ) ( long )',
  't#vector': 'typedef long vector [ 4 ]',
  't#circle': 'typedef t#circle circle',
  't#pair_t': 'typedef struct { int a ; long b ; } pair_t',
  't#foo_t': 'typedef s#pair foo_t',
  's#pair': 'struct pair { int a ; long b ; }',
  's#packed_pair': 'struct packed_pair { int a ; long b ; } __attribute__ ( ( packed ) )',
  'u#both': 'union both { int a ; long b ; }',
  'e#color': 'enum color { RED , GREEN , }',
  'E#MAX': '1 << 3',
  'E#LIMIT': 'E#MAX + 8',
  'E#LOOP': 'E#LOOP',
}
const side: KnownTypes = {
  textOf: (name) => definitions[name],
  isOpaque: (name) => name !== 's#hidden',
}

function changes(name: string, before: string, after: string): readonly string[] {
  return classify({ name, before, after }, { before: side, after: side }).map(told)
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
    'fields-regrouped unsigned long kabi_reserved1',
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

/** The same members, with something around them. */
const regrouped: readonly Row[] = [
  [
    'a nameless struct around fields',
    'int a ; int b ; int c ;',
    'int a ; struct { int b ; int c ; } ;',
    'fields-regrouped int b, int c',
  ],
  [
    'a nameless struct around all of them',
    'int a ; int b ;',
    'struct { int a ; int b ; } ;',
    'fields-regrouped int a, int b',
  ],
  [
    'a nameless struct less',
    'struct { int a ; struct { int b ; } ; } ; int c ;',
    'int a ; int b ; int c ;',
    'fields-regrouped int a, struct { ... }',
    'fields-regrouped int b',
  ],
  [
    'struct_group',
    'int a ; int b ; int c ;',
    'int a ; union { struct { int b ; int c ; } ; struct { int b ; int c ; } group ; } ;',
    'fields-regrouped int b, int c',
  ],
  [
    'struct_group_tagged',
    'int a ; int b ; int d ;',
    'union { struct { int a ; long b ; } ; s#pair group ; } ; int d ;',
    'field-retyped int b: int b -> long b',
    'fields-regrouped int a, long b',
  ],
  [
    'struct_group around packed fields',
    'int a ; int b ;',
    'union { struct { int a ; int b ; } __attribute__ ( ( packed ) ) ; struct { int a ; int b ; } __attribute__ ( ( packed ) ) g ; } ;',
    'fields-regrouped int a, int b',
  ],
  [
    'a group, and a field more in it',
    'int a ; int b ;',
    'struct { int a ; int new ; } ; int b ;',
    'field-added int new',
    'fields-regrouped int a, int new',
  ],
  [
    'a group, and a field less in it',
    'int a ; int b ; int c ;',
    'struct { int a ; int c ; } ;',
    'field-removed int b',
    'fields-regrouped int a, int c',
  ],
  [
    'a nameless union around one field',
    'int a ; int b ;',
    'union { int a ; } ; int b ;',
    'fields-regrouped int a',
  ],
  [
    'a nameless union around two fields, which share their place now',
    'int a ; int b ; int c ;',
    'union { int a ; int b ; } ; int c ;',
    'fields-reordered int b',
    'fields-regrouped int a',
  ],
  [
    'two reserved fields that became one and a union',
    'long r1 ; long r2 ; int b ;',
    'union { s#x new ; struct { long r1 ; long r2 ; } ; } ; int b ;',
    'fields-regrouped long r1, long r2',
  ],
  [
    'a field that moved behind another in a union',
    'long a ; int b ;',
    'union { struct { int pad ; long a ; } ; long c ; } ; int b ;',
    'fields-reordered long a',
  ],
  [
    'a field in a union that stands elsewhere',
    'int a ; long b ; int c ;',
    'union { long b ; int d ; } ; int a ; int c ;',
    'fields-reordered long b',
  ],
  [
    'a union around a field that is gone',
    'union { s#x * new ; long r1 ; } ; int b ;',
    'long r1 ; int b ;',
    'field-removed struct x *new',
    'fields-regrouped long r1',
  ],
  [
    'a field of another type in a new union',
    'int a ; int b ;',
    'union { long a ; int c ; } ; int b ;',
    'field-retyped int a: int a -> long a',
    'fields-regrouped int a',
  ],
  [
    'a named struct around fields',
    'int a ; int b ;',
    'struct { int a ; int b ; } in ;',
    'field-removed int a',
    'field-removed int b',
    'field-added-at-end struct { ... } in',
  ],
]

/** The same types in other words, and what only looks like it. */
const spelled: readonly Row[] = [
  [
    'a typedef for what it stands for',
    't#u32 a ;',
    'unsigned int a ;',
    'spelling u32 a: u32 a -> unsigned int a',
  ],
  [
    'what it stands for, for a typedef',
    'unsigned long long a : 3 ;',
    't#u64 a : 3 ;',
    'spelling unsigned long long a:3: unsigned long long a:3 -> u64 a:3',
  ],
  ['a typedef for another one', 't#u32 a ;', 't#__u32 a ;', 'spelling u32 a: u32 a -> __u32 a'],
  ['a typedef of another type', 't#u32 a ;', 'int a ;', 'field-retyped u32 a: u32 a -> int a'],
  [
    'a const and a typedef',
    't#u32 a ;',
    'const unsigned int a ;',
    'qualifier u32 a: u32 a -> const unsigned int a',
  ],
  ['a typedef of a pointer', 't#intp a ;', 'int * a ;', 'spelling intp a: intp a -> int *a'],
  [
    'a pointer to a typedef of a pointer',
    't#intp * a ;',
    'int * * a ;',
    'spelling intp *a: intp *a -> int **a',
  ],
  [
    'a const typedef of a pointer',
    'const t#intp a ;',
    'const int * a ;',
    'field-retyped const intp a: const intp a -> const int *a',
  ],
  [
    'a typedef of a pointer to a function',
    't#callback a ;',
    'int ( * a ) ( long ) ;',
    'spelling callback a: callback a -> int (*a)(long)',
  ],
  [
    'a pointer to a typedef of a function',
    't#fn_t * a ;',
    'int ( * a ) ( long ) ;',
    'spelling fn_t *a: fn_t *a -> int (*a)(long)',
  ],
  [
    'a typedef of an array',
    't#vector a [ 2 ] ;',
    'long a [ 2 ] [ 4 ] ;',
    'spelling vector a[2]: vector a[2] -> long a[2][4]',
  ],
  ['a typedef in a circle', 't#circle a ;', 'int a ;', 'field-retyped circle a: circle a -> int a'],
  ['a typedef that is not known', 't#nobody a ;', 'int a ;', 'field-retyped nobody a: nobody a -> int a'],
  [
    'no bound for none',
    'int a ; int b [ ] ;',
    'int a ; int b [ 0 ] ;',
    'spelling int b[]: int b[] -> int b[0]',
  ],
  ['a bound of one for none', 'int b [ 1 ] ;', 'int b [ ] ;', 'array-bound int b[1]: int b[1] -> int b[]'],
  [
    'a bound by an enumerator',
    'int a [ E#MAX ] ;',
    'int a [ 8 ] ;',
    'spelling int a[MAX]: int a[MAX] -> int a[8]',
  ],
  [
    'a bound by another one',
    'int a [ E#MAX * 2 ] ;',
    'int a [ E#LIMIT ] ;',
    'spelling int a[MAX * 2]: int a[MAX * 2] -> int a[LIMIT]',
  ],
  [
    'another bound by an enumerator',
    'int a [ E#MAX ] ;',
    'int a [ 9 ] ;',
    'array-bound int a[MAX]: int a[MAX] -> int a[9]',
  ],
  [
    'an enumerator in a circle',
    'int a [ E#LOOP ] ;',
    'int a [ 9 ] ;',
    'array-bound int a[LOOP]: int a[LOOP] -> int a[9]',
  ],
  [
    'a bound by the size of a type',
    'long a [ 64 / ( sizeof ( long ) * 8 ) ] ;',
    'long a [ 128 / 2 / ( 8 * sizeof ( unsigned long ) ) ] ;',
    'spelling long a[64 / (sizeof(long) * 8)]: long a[64 / (sizeof(long) * 8)] -> long a[128 / 2 / (8 * sizeof(unsigned long))]',
  ],
  [
    'a bound that is the same on some machines alone',
    'int a [ sizeof ( long ) ] ;',
    'int a [ 8 ] ;',
    'array-bound int a[sizeof(long)]: int a[sizeof(long)] -> int a[8]',
  ],
  [
    'a tag for a nameless struct',
    'struct { int a ; long b ; } in ;',
    's#pair in ;',
    'spelling struct { ... } in: struct { ... } in -> struct pair in',
  ],
  [
    'a typedef for a nameless struct',
    'struct { int a ; long b ; } in [ 2 ] ;',
    't#pair_t in [ 2 ] ;',
    'spelling struct { ... } in[2]: struct { ... } in[2] -> pair_t in[2]',
  ],
  [
    'a nameless struct for a tag',
    's#pair in ;',
    'struct { int a ; long b ; } in ;',
    'spelling struct pair in: struct pair in -> struct { ... } in',
  ],
  [
    'a tag for a nameless enum',
    'enum { RED , GREEN , } in ;',
    'e#color in ;',
    'spelling enum { ... } in: enum { ... } in -> enum color in',
  ],
  [
    'a tag of a longer struct',
    'struct { int a ; } in ; int z ;',
    's#pair in ; int z ;',
    'field-added long in.b',
    'spelling struct { ... } in: struct { ... } in -> struct pair in',
  ],
  [
    'a tag of a packed struct',
    'struct { int a ; long b ; } in ;',
    's#packed_pair in ;',
    'attribute struct { ... } in: struct { ... } in -> struct packed_pair in',
  ],
  [
    'a tag of a union for a nameless struct',
    'struct { int a ; long b ; } in ;',
    'u#both in ;',
    'field-retyped struct { ... } in: struct { ... } in -> union both in',
  ],
  [
    'a typedef for a tag',
    's#pair * in ;',
    't#foo_t * in ;',
    'spelling struct pair *in: struct pair *in -> foo_t *in',
  ],
  [
    'another tag of the same members',
    's#pair in ;',
    's#pair2 in ;',
    'field-retyped struct pair in: struct pair in -> struct pair2 in',
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
  [
    'a typedef for what it stands for',
    'int f ( t#u32 )',
    'int f ( unsigned int )',
    'spelling argument 1: u32 -> unsigned int',
  ],
  ['a pointer for an array', 'int f ( char * * )', 'int f ( char * [ ] )', 'spelling'],
  [
    'a result in other words',
    't#u32 f ( int )',
    'unsigned int f ( int )',
    'spelling: u32 f(int) -> unsigned int f(int)',
  ],
  ['a variable in other words', 't#u32 f', 'unsigned int f', 'spelling: u32 f -> unsigned int f'],
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

  it.each(regrouped)('tells of a regrouping with %s', (_, before, after, ...expected) => {
    expect(changes('s#x', `struct x { ${before} }`, `struct x { ${after} }`)).toEqual(expected)
  })

  it.each<Row>([
    [
      'a nameless struct of one member',
      'int a ; long b ;',
      'struct { int a ; } ; long b ;',
      'fields-regrouped int a',
    ],
    [
      'a nameless struct around two members, one of which moved',
      'int a ; int b ; long c ;',
      'struct { int a ; int b ; } ; long c ;',
      'fields-reordered int b',
      'fields-regrouped int a',
    ],
    ['a nameless union', 'int a ; int b ;', 'union { int a ; int b ; } ;', 'fields-regrouped int a, int b'],
  ])('tells of a union with %s', (_, before, after, ...expected) => {
    expect(changes('u#x', `union x { ${before} }`, `union x { ${after} }`)).toEqual(expected)
  })

  it.each(spelled)('tells of a structure in other words: %s', (_, before, after, ...expected) => {
    expect(changes('s#x', `struct x { ${before} }`, `struct x { ${after} }`)).toEqual(expected)
  })

  it.each(['s#hidden', 's#unknown'])('does not take { UNKNOWN } for the truth: %s', (name) => {
    const [known, unknown] = [`struct ${name.slice(2)} { int a ; }`, `struct ${name.slice(2)} { UNKNOWN }`]
    const types = name === 's#hidden' ? { before: side, after: side } : undefined
    const told = (before: string, after: string) =>
      classify({ name, before, after }, types).map((change) => change.class)
    expect(told(known, unknown)).toEqual(['body-unseen'])
    expect(told(unknown, known)).toEqual(['body-seen'])
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
    [
      'a typedef that stands for the same',
      't#x',
      'typedef t#__u32 x',
      'typedef unsigned int x',
      'spelling: __u32 x -> unsigned int x',
    ],
    [
      'a typedef of a nameless struct that got a name',
      't#x',
      'typedef struct { int a ; long b ; } x',
      'typedef s#pair x',
      'spelling',
    ],
    ['a value by another enumerator', 'E#X', 'E#MAX', '8', 'spelling'],
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
