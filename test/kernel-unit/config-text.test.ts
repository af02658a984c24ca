import { describe, expect, it } from 'vitest'
import { configDigest, droppedOptions, parseConfig } from '../../src/kernel/config-text.ts'

describe('parseConfig', () => {
  it('reads assignments, options that are not set, and lets the last line win', () => {
    const text = 'CONFIG_A=y\r\n# CONFIG_B is not set\n# a comment\n\nCONFIG_C="x=y"\nCONFIG_A=m\n'
    const { value, problems } = parseConfig(text, 'f.config')
    expect([...value]).toEqual([
      ['CONFIG_A', 'm'],
      ['CONFIG_B', 'n'],
      ['CONFIG_C', '"x=y"'],
    ])
    expect(problems).toEqual([])
  })

  it.each(['CONFIG_A y', ' CONFIG_A=y', 'MODVERSIONS=y', '<html>', 'export CONFIG_A=y'])(
    'refuses %j',
    (line) => {
      const { problems } = parseConfig(`CONFIG_A=y\n${line}\n`, 'f.config')
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatchObject({ kind: 'malformed-line', place: { file: 'f.config', line: 2 } })
    },
  )
})

describe('droppedOptions', () => {
  const options = (text: string) => parseConfig(text, '').value

  it('says nothing when all is as asked for, absent being the same as not set', () => {
    const asked = options('CONFIG_A=y\nCONFIG_B=n\n# CONFIG_C is not set\nCONFIG_D=n')
    expect(droppedOptions(asked, options('CONFIG_A=y\n# CONFIG_B is not set'))).toBeUndefined()
  })

  it('names what was asked for and what came of it', () => {
    const problem = droppedOptions(
      options('CONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n'),
      options('CONFIG_B=y\nCONFIG_C=y'),
    )
    expect(problem?.kind).toBe('option-dropped')
    expect(problem?.message).toContain('3 of the options')
    expect(problem?.excerpt).toEqual([
      'CONFIG_A=y was asked for; it is not set',
      'CONFIG_B=m was asked for; it is y',
      'CONFIG_C=n was asked for; it is y',
    ])
  })

  it('lists ten and counts the others', () => {
    const asked = Array.from({ length: 13 }, (_, count) => `CONFIG_X${count}=y`).join('\n')
    const excerpt = droppedOptions(options(asked), options(''))?.excerpt
    expect(excerpt).toHaveLength(11)
    expect(excerpt?.[10]).toBe('and 3 more')
  })
})

describe('configDigest', () => {
  const header = (version: string) =>
    `#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 ${version} Kernel Configuration\n#\n`

  it('does not depend on the version in the comment on top', () => {
    const body = 'CONFIG_A=y\n# CONFIG_B is not set\n'
    expect(configDigest(header('6.1.170') + body)).toBe(configDigest(header('6.1.171') + body))
  })

  it('depends on every option, also on a first one that is not set', () => {
    const digests = ['CONFIG_A=y\n', 'CONFIG_A=m\n', '# CONFIG_A is not set\n', '# CONFIG_B is not set\n', '']
    expect(new Set(digests.map((body) => configDigest(`${header('6.1')}${body}CONFIG_Z=y\n`))).size).toBe(5)
  })
})
