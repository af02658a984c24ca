import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellCommands } from '../../../src/kernel/exports/shell-commands.ts'

const words = (line: string) => shellCommands(line)?.map((command) => command.words.map(({ text }) => text))

describe('shellCommands', () => {
  it.each([
    ['a plain command', 'gcc -c x.c', [['gcc', '-c', 'x.c']]],
    ['commands in a row', 'set -e; a b && c || d', [['set', '-e'], ['a', 'b'], ['c'], ['d']]],
    ['single quotes', `gcc -DNAME='"a b"' x`, [['gcc', '-DNAME="a b"', 'x']]],
    ['double quotes with escapes', String.raw`echo "a \"b\" \$c \d"`, [['echo', String.raw`a "b" $c \d`]]],
    ['an escaped quote', String.raw`echo '\''x'\'''`, [['echo', String.raw`\x'`]]],
    ['a backslash before a space', String.raw`cat a\ b`, [['cat', 'a b']]],
    ['redirections', 'nm x.o 2>/dev/null >>y <z', [['nm', 'x.o']]],
    ['a redirected descriptor', 'echo no >&2 x', [['echo', 'no', 'x']]],
    ['a number that is an argument', 'exit 2', [['exit', '2']]],
    ['words of the grammar', 'if a; then { b | c ; } | d; fi', [['a'], ['b'], ['c'], ['d']]],
    ['a comment', 'a # b; c', [['a']]],
    ['a hash inside a word', 'a b#c', [['a', 'b#c']]],
    ['an empty string', `a '' b`, [['a', '', 'b']]],
    ['nothing', '  ', []],
  ])('splits %s', (_, line, expected) => {
    expect(words(line)).toEqual(expected)
  })

  it.each([`a 'b`, 'a "b', 'a "b\\"'])('does not understand %s, where a quotation does not end', (line) => {
    expect(shellCommands(line)).toBeUndefined()
  })

  it('tells which commands read from a pipe, through a group too', () => {
    const piped = shellCommands('a | b; { c; d; } | e; f || g')?.map(
      (command) => [command.words[0]?.text, command.piped] as const,
    )
    expect(piped).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
      ['d', false],
      ['e', true],
      ['f', false],
      ['g', false],
    ])
  })

  it.each([
    ['a $b', true],
    ['a $(b)', true],
    ['a `b`', true],
    ['a "$b"', true],
    [`a '$b'`, false],
    [String.raw`a \$b`, false],
  ])('marks in %s that the shell would expand a word: %s', (line, expands) => {
    expect(shellCommands(line)?.[0]?.words[1]?.expands).toBe(expands)
  })

  it('reads back any words that were put in quotes', () => {
    const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
        expect(words(texts.map(quoted).join(' '))).toEqual([texts])
      }),
    )
  })
})
