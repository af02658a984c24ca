import { expect, test } from 'vitest'
import { justificationFor, parseJustifications } from '../../src/vendor/parse-justifications.ts'

const ksc = `[command: ksc -k a.ko -k b.ko]

{a.ko@4.18.0 SMP mod_unload modversions@ns:DMA}

[STABLELISTUSAGE]
kfree

[NONSTABLELISTUSAGE]
##########
(one)

Needed (really)
for the reset.

##########
(two)

JUSTIFICATION STATED UNDER \`b.ko' SECTION

{b.ko@4.18.0 SMP mod_unload modversions}

[WHITELISTUSAGE]

[NONWHITELISTUSAGE]
##########
(two)

Second.

##########
(three)

ENTER JUSTIFICATION TEXT HERE
#####(one)
From b.
`

test('reads what was filled in of the result of ksc, module by module', () => {
  expect(parseJustifications(ksc, 'ksc-result.txt')).toStrictEqual({
    value: [
      { module: 'a.ko', symbol: 'one', text: 'Needed (really) for the reset.' },
      { module: 'b.ko', symbol: 'two', text: 'Second.' },
      { module: 'b.ko', symbol: 'one', text: 'From b.' },
    ],
    problems: [],
  })
})

test.each([
  ['x/b.ko', 'one', 'From b.'],
  ['a.ko', 'one', 'Needed (really) for the reset.'],
  ['c.ko', 'one', 'Needed (really) for the reset.'],
  ['a.ko', 'two', 'Second.'],
  ['b.ko', 'three', undefined],
])('for %s and %s the text is: %s', (module, symbol, text) => {
  expect(justificationFor(parseJustifications(ksc, 'f').value, module, symbol)).toBe(text)
})

test('a file of pairs alone is enough', () => {
  expect(parseJustifications('# (kfree)\r\nMemory.\r\n', 'f').value).toStrictEqual([
    { module: undefined, symbol: 'kfree', text: 'Memory.' },
  ])
})

test.each(['', 'some text', '(two words)\nx', 'a\0b', '<!doctype html>'])('%j is refused', (text) => {
  expect(parseJustifications(text, 'f').problems).toHaveLength(1)
})
