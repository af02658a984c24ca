import { describe, expect, it } from 'vitest'
import { knownArguments } from '../../src/cli/known-arguments.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { knownInput, knownOption, type Renamed } from '../../src/config/other-names.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { runMain } from '../cli/run-main.ts'
import { workspace } from '../support/workspace.ts'

const names: readonly Renamed[] = [
  { in: 'option', old: '--old-list', now: '--list' },
  { in: 'input', old: 'old-input', now: 'new-input' },
]

describe('stablelist', () => {
  it.each([
    [
      ['stablelist', 'diff', 'stablelist', 'b'],
      ['whitelist', 'diff', 'stablelist', 'b'],
    ],
    [
      ['help', 'stablelist', 'create'],
      ['help', 'whitelist', 'create'],
    ],
    [
      ['module', 'check', '--stablelist', 'a', 'b.ko'],
      ['module', 'check', '--whitelist', 'a', 'b.ko'],
    ],
    [
      ['module', 'check', '--stablelist=stablelist'],
      ['module', 'check', '--whitelist=stablelist'],
    ],
    [
      ['compare', 'stablelist', '--', '--stablelist'],
      ['compare', 'stablelist', '--', '--stablelist'],
    ],
  ])('is whitelist in the command line %j, and files keep their names', (args, expected) => {
    expect(knownArguments(args)).toEqual({ args: expected, notes: [] })
  })

  it('is a command like whitelist', async () => {
    const { code, stdout } = await runMain(['stablelist', 'create', '--help'], { cwd: workspace({}) })
    expect([code, stdout]).toEqual([0, expect.stringContaining('kabi-gate whitelist create')])
  })

  const config = (key: string) => `version: 1
${key}s: lists
variants:
  stablelist: { arch: x86_64, ${key}: own, config: { targets: [tinyconfig] } }
policy: { kinds: { ${key}-edit: warn } }
`
  it('is whitelist in every key of kabi.yml, while a variant may be called so', () => {
    const read = (text: string) => parseConfig(text, 'kabi.yml')
    const { value, problems } = read(config('stablelist'))
    expect(problems).toEqual([])
    expect(value?.settings).toEqual(read(config('whitelist')).value?.settings)
    expect(Object.keys(value?.settings.variants ?? {})).toEqual(['stablelist'])
  })

  it('is refused beside whitelist, as the same key twice', () => {
    const { problems } = parseConfig(
      'version: 1\nwhitelists: a\nstablelists: b\nvariants: { a: { arch: x86_64 } }\n',
      'kabi.yml',
    )
    expect(problems).toMatchObject([
      { message: 'whitelists is given twice; the first is on line 2.', place: { line: 3 } },
    ])
  })

  it('is a key of the schema wherever whitelist is', () => {
    const found = (word: string) =>
      configJsonSchema().match(new RegExp(`^ *"${word}[^"]*": \\{$`, 'gm'))?.length
    expect(found('whitelist')).toBeGreaterThan(2)
    expect(found('stablelist')).toBe(found('whitelist'))
  })
})

describe('renamed', () => {
  it('is an option with its old name, and a note', () => {
    expect(knownOption('--old-list', names)).toEqual({
      name: '--list',
      note: 'option --old-list is called --list now; the next release does not understand the old name',
    })
    expect(knownArguments(['check', '--old-list=a', '--other', '--old-list'], names)).toMatchObject({
      args: ['check', '--list=a', '--other', '--list'],
      notes: [expect.any(String), expect.any(String)],
    })
  })

  it('is an input with its old name, unless the new one is there', () => {
    const inputs = (given: Record<string, string>) =>
      knownInput('new-input', (name) => given[name] ?? '', names)
    expect(inputs({ 'new-input': 'a', 'old-input': 'b' })).toEqual({ value: 'a' })
    expect(inputs({ 'old-input': 'b' })).toEqual({
      value: 'b',
      note: expect.stringContaining('new-input') as string,
    })
    expect(inputs({})).toEqual({ value: '' })
  })
})
