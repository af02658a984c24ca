import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownCode, markdownCodeBlock, markdownText, printable } from '../../src/report/escape.ts'
import { evilText } from './arbitrary-verdict.ts'

describe('printable', () => {
  it.each([
    ['a colour sequence', '\u001b[01;31merror:\u001b[0m no', 'error: no'],
    ['a window title', '\u001b]0;owned\u0007text', 'text'],
    ['a window title that never ends, but not what follows', '\u001b]0;owned text', ']0;owned text'],
    ['a lone escape and C1 controls', 'a\u001bb\u009bc\u0000d', 'abcd'],
    ['bidirectional overrides', '\u202etxt.exe\u202c', 'txt.exe'],
    ['zero-width and tag characters', 'a\u200bb\u2060c\u{e0041}d', 'abcd'],
    ['half a character', 'a\ud83db', 'ab'],
  ])('removes %s', (_, untrusted, expected) => {
    expect(printable(untrusted)).toBe(expected)
  })

  it.each([
    ['keeps a text in any script', 'größer 内核 😀', 'größer 内核 😀'],
    ['keeps the columns of an excerpt', 'a   b\tc', 'a   b c'],
    ['keeps a scope operator inside a word', 'std::string', 'std::string'],
    ['puts every line break to a space', 'a\r\nb\u2028c\u0085d', 'a  b c d'],
    ['spoils a workflow command at the start', '::error::x', ':error::x'],
    [
      'spoils a workflow command at any word, as wrapping may bring it to the start',
      'a ::error::x',
      'a :error::x',
    ],
    ['spoils a workflow command that hides behind an invisible character', '\u200b::error::x', ':error::x'],
    ['spoils the older form of command anywhere', 'a##[error]x', 'a## [error]x'],
    ['spoils the older form when an invisible character parts it', '##\u200b[error]x', '## [error]x'],
  ])('%s', (_, untrusted, expected) => {
    expect(printable(untrusted)).toBe(expected)
  })

  it('cuts a long text, never inside a character', () => {
    expect(printable('abcdef', 4)).toBe('abc…')
    expect(printable('ab😀def', 4)).toBe('ab…')
  })

  it('never gives more than it was allowed to, nor anything that cannot be seen', () => {
    fc.assert(
      fc.property(evilText, fc.integer({ min: 1, max: 80 }), (untrusted, max) => {
        const text = printable(untrusted, max)
        expect(text.length).toBeLessThanOrEqual(max)
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(text).not.toMatch(/(^|\s)::|##\[/)
      }),
    )
  })

  it('changes nothing when it is applied again', () => {
    fc.assert(
      fc.property(evilText, (untrusted) => {
        expect(printable(printable(untrusted))).toBe(printable(untrusted))
      }),
    )
  })
})

describe('markdownText', () => {
  it.each([
    ['links', '](javascript:alert(1))', '\\](javascript:alert(1))'],
    ['HTML', '<script>&</script>', '&lt;script&gt;&amp;&lt;/script&gt;'],
    ['HTML comments, as of a comment’s marker', '<!-- kabi-gate -->', '&lt;!-- kabi-gate --&gt;'],
    ['mentions', '@everyone', '@&#8203;everyone'],
    ['references', '#123 o/r#4 GH-5', '#&#8203;123 o/r#&#8203;4 GH-&#8203;5'],
    ['bare links', 'https://x.example www.x.example', 'https:&#8203;//x.example www&#8203;.x.example'],
    ['pipes', 'a | b', 'a &#124; b'],
    ['backquotes and emphasis', '`a` **b** ~~c~~ _d_', '\\`a\\` \\*\\*b\\*\\* \\~\\~c\\~\\~ \\_d\\_'],
    ['backslashes that would undo an escape', '\\[x\\]', '\\\\\\[x\\\\\\]'],
    ['formulas', '$x$', '&#36;x&#36;'],
    ['entities', '&#64;everyone', '&amp;#&#8203;64;everyone'],
  ])('neutralises %s', (_, untrusted, expected) => {
    expect(markdownText(untrusted)).toBe(expected)
  })

  it('leaves underscores inside words readable', () => {
    expect(markdownText('CONFIG_MODVERSIONS of __alloc_pages')).toBe(
      'CONFIG_MODVERSIONS of \\_\\_alloc_pages',
    )
  })
})

describe('markdownCode', () => {
  it.each([
    ['a file name', 'arch/x86/kvm/kvm.ko:12', '`arch/x86/kvm/kvm.ko:12`'],
    ['nothing', '', ''],
    ['a backquote', 'a`b', '<code>a\\`b</code>'],
    ['a pipe', 'a|b', '<code>a&#124;b</code>'],
    ['a tag', '</code>@x', '<code>&lt;/code&gt;@&#8203;x</code>'],
  ])('shows %s as code', (_, untrusted, expected) => {
    expect(markdownCode(untrusted)).toBe(expected)
  })
})

describe('markdownCodeBlock', () => {
  it('is fenced by more backquotes than it holds', () => {
    expect(markdownCodeBlock(['a', '````', '```'])).toBe('`````text\na\n````\n```\n`````')
  })

  it('cannot be left by any text', () => {
    fc.assert(
      fc.property(fc.array(evilText, { maxLength: 5 }), (untrusted) => {
        const lines = markdownCodeBlock(untrusted).split('\n')
        const fence = /^`+/.exec(lines[0] ?? '')?.[0] ?? ''
        expect(lines).toHaveLength(untrusted.length + 2)
        expect(fence.length).toBeGreaterThanOrEqual(3)
        expect(lines.at(-1)).toBe(fence)
        expect(lines.slice(1, -1).filter((line) => line.includes(fence))).toEqual([])
      }),
    )
  })
})
