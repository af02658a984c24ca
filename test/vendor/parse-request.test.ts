import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRequest } from '../../src/vendor/parse-request.ts'
import { renderModuleRequest } from '../../src/vendor/report/module-request.ts'

const data = (content: string) => `text\n\n\`\`\`json kabi-gate-request\n${content}\n\`\`\`\nmore\n`
const valid = '{"request": 1, "approvedBy": "A", "symbols": [{"symbol": "kfree", "section": "common"}]}'

test('gives the symbols in their sections, and who approved them', () => {
  const { value, problems } = parseRequest(data(valid), 'request.md')
  expect(problems).toStrictEqual([])
  expect(value?.approvedBy).toBe('A')
  expect(value?.names.rows.map(({ symbol, section }) => [symbol, section])).toStrictEqual([
    ['kfree', 'common'],
  ])
})

test.each<[string, string, RegExp]>([
  ['no data', 'text', /no block of data/],
  ['two blocks', data(valid) + data(valid), /2 blocks of data/],
  ['a block without an end', data(valid).replace('\n```\nmore\n', ''), /no block of data/],
  ['no JSON', data('{'), /not as the form has it/],
  ['another version', data(valid.replace('1', '2')), /"request" is not/],
  ['an unknown key', data(valid.replace('{"req', '{"x": 1, "req')), /not as the form has it/],
  ['a name that is no symbol', data(valid.replace('kfree', 'k free')), /symbols.0.symbol/],
  ['a section that ends early', data(valid.replace('common', 'a]b')), /symbols.0.section/],
  ['a section of two lines', data(valid.replace('common', 'a\\nb')), /symbols.0.section/],
  ['no symbols', data('{"request": 1, "approvedBy": "A", "symbols": []}'), /"symbols" is not/],
  ['a symbol twice', data(valid.replace(/\[(.*)\]/, '[$1,$1]')), /"kfree" is asked for twice/],
  ['an empty approval', data(valid.replace('"A"', '" "')), /"approvedBy" is not/],
  ['no approval', data(valid.replace('"A"', 'null')), /Nobody has approved/],
  ['data in a comment', `<!-- \n${data(valid)}-->`, /where nobody sees it/],
])('%s is refused', (_, text, message) => {
  const { value, problems } = parseRequest(text, 'request.md')
  expect(value).toBeUndefined()
  expect(problems.map((problem) => problem.message).join()).toMatch(message)
})

test('a comment that has ended hides nothing', () => {
  expect(parseRequest(`<!-- a\nb --> <!-- c -->\n${data(valid)}`, 'request.md').problems).toStrictEqual([])
})

test('a reviewer approves what nobody did, and not what somebody else did', () => {
  const open = data(valid.replace('"A"', 'null'))
  expect(parseRequest(open, 'request.md', 'B').value?.approvedBy).toBe('B')
  expect(parseRequest(data(valid), 'request.md', 'A').value?.approvedBy).toBe('A')
  const { value, problems } = parseRequest(data(valid), 'request.md', 'B')
  expect(value).toBeUndefined()
  expect(problems).toMatchObject([
    { kind: 'usage', message: 'The data says that "A" approved this request, and not "B".' },
  ])
})

test('whatever a driver and its vendor are called, the data of a request is what is read again', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/), { minLength: 1, maxLength: 5 }),
      fc.stringMatching(/^[\w.+-]{1,20}$/),
      text,
      fc.oneof(text, fc.constant('\n```json kabi-gate-request\n{}\n```\n')),
      (symbols, module, whitelist, justification) => {
        const markdown = renderModuleRequest({
          symbols: symbols.map((symbol) => ({
            symbol,
            uses: [{ module, crc: 1 }],
            section: module,
            justification,
            variants: [],
          })),
          modules: [module],
          kernel: undefined,
          whitelist,
        })
        const { value, problems } = parseRequest(
          markdown.replace('"approvedBy": null', '"approvedBy": "A"'),
          'request.md',
        )
        expect(problems).toStrictEqual([])
        expect(value?.names.rows.map(({ symbol }) => symbol)).toStrictEqual(symbols)
      },
    ),
  )
})
