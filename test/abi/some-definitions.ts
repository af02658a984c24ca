import fc from 'fast-check'
import type { Definitions } from './symtypes-oracle.ts'

const typeNames = [
  's#a',
  's#b',
  's#c_d',
  'u#a1',
  'u#e',
  'e#f',
  'e#g',
  't#a',
  't#b',
  't#t',
  't#u8',
  'E#A',
  'E#B1',
  "s#'a b'",
  "E#'B1 #'",
]
const exportNames = ['f', 'g', 'kfree', '_x']
const plainTokens = [
  'int',
  '*',
  '(',
  ')',
  '{',
  '}',
  ';',
  '"a  b"',
  '"s#a t#b"',
  "' '",
  'UNKNOWN',
  'extern',
  '[',
  '42',
]

/** Definitions of all those names; types refer to types as they like, in circles too. */
export const someDefinitions: fc.Arbitrary<Definitions> = fc
  .tuple(
    ...[...typeNames, ...exportNames].map((name) =>
      fc
        .array(
          fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...plainTokens) }, fc.constantFrom(...typeNames)),
          {
            maxLength: 8,
          },
        )
        .map((tokens): [string, readonly string[]] => [name, ['begin', ...tokens]]),
    ),
  )
  .map((entries) => new Map(entries))
