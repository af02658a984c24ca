import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPlan } from '../../src/config/load-plan.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { shippedFolder, type ShippedWhitelists } from '../../src/config/shipped-whitelists.ts'
import { workspace } from '../support/workspace.ts'

const shipped: ShippedWhitelists = {
  folder: '/opt/kabi-gate/whitelists',
  families: new Map([
    ['debian-12', ['686', 'amd64', 'arm64']],
    ['rhel-9', ['x86_64']],
  ]),
}

function problemsOf(text: string, families = shipped) {
  return parseConfig(`version: 1\n${text}`, 'kabi.yml', families).problems.map(
    ({ message, place, advice, excerpt }) => ({ message, place, advice, excerpt }),
  )
}

describe('whitelists: builtin:FAMILY', () => {
  it('looks in the folder of the family, by the names of its variants', async () => {
    const folder = workspace({
      'tree/kabi.yml':
        'version: 1\nwhitelists: builtin:debian-12\nvariants: { amd64: { arch: x86_64 }, 686: { arch: i386 } }\n',
      'shipped/debian-12/amd64/kabi_whitelist': '',
      'shipped/debian-12/686/kabi_whitelist': '',
    })
    const { value, problems } = await loadPlan(undefined, join(folder, 'tree'), join(folder, 'shipped'))
    expect(problems).toEqual([])
    const family = join(folder, 'shipped/debian-12')
    expect(value?.variants.map(({ guard }) => guard)).toEqual([
      { kind: 'stable', whitelist: { kind: 'folder', folder: family, variant: '686', arch: 'i386' } },
      { kind: 'stable', whitelist: { kind: 'folder', folder: family, variant: 'amd64', arch: 'x86_64' } },
    ])
  })

  it.each([
    ['builtin:debian-21', 'did you mean builtin:debian-12?'],
    ['builtin:Debian_12', 'did you mean builtin:debian-12?'],
    ['builtin:', 'no family "builtin:" comes with kabi-gate.'],
    ['builtin:../secret', 'no family "builtin:../secret" comes with kabi-gate.'],
    ['builtin:debian-12/amd64', 'no family "builtin:debian-12/amd64" comes with kabi-gate.'],
  ])('refuses %s at its place, and lists those there are', (value, expected) => {
    const [problem, ...others] = problemsOf(`whitelists: "${value}"\nvariants: { amd64: { arch: x86_64 } }\n`)
    expect(others).toEqual([])
    expect(problem?.message).toContain(expected)
    expect(problem?.place).toEqual({ file: 'kabi.yml', line: 2, column: 13 })
    expect(problem?.advice).toBe('Those that come with it: builtin:debian-12, builtin:rhel-9.')
  })

  it('says so when no family comes with kabi-gate', async () => {
    const folder = workspace({
      'kabi.yml': 'version: 1\nwhitelists: builtin:debian-12\nvariants: { amd64: { arch: x86_64 } }\n',
    })
    const { value, problems } = await loadPlan(undefined, folder, join(folder, 'nowhere'))
    expect(value).toBeUndefined()
    expect(problems[0]?.advice).toContain('comes without whitelists')
  })

  it('refuses a variant that the family has no whitelist for, at its name', () => {
    const [problem, ...others] = problemsOf(
      'whitelists: builtin:debian-12\nvariants:\n  amd64: { arch: x86_64 }\n  amd46: { arch: x86_64 }\n',
    )
    expect(others).toEqual([])
    expect(problem).toMatchObject({
      message: 'builtin:debian-12 has no whitelist for a variant "amd46"; did you mean amd64?',
      place: { file: 'kabi.yml', line: 5, column: 3 },
      advice: 'Its variants are: 686, amd64, arm64. Give another one a whitelist of its own.',
    })
  })

  it('refuses a variant of a preset that the family has no whitelist for, at the family', () => {
    const problems = problemsOf('preset: rhel5\nwhitelists: builtin:rhel-9\n')
    expect(problems.map(({ place }) => place?.line)).toEqual(Array<number>(9).fill(3))
    expect(problems.map(({ message }) => /variant "(\w+)"/.exec(message)?.[1])).not.toContain('x86_64')
  })

  it('leaves alone a variant with a whitelist of its own, and one that promises nothing', () => {
    expect(
      problemsOf(
        'whitelists: builtin:debian-12\nvariants:\n  mine: { arch: x86_64, whitelist: mine }\n  test: { arch: x86_64, promise: none, reason: only for tests }\n',
      ),
    ).toEqual([])
  })

  it('is a path when it only looks like a family', async () => {
    const folder = workspace({
      'kabi.yml': 'version: 1\nwhitelists: ./builtin:debian-12\nvariants: { a: { arch: x86_64 } }\n',
    })
    const { value } = await loadPlan(undefined, folder)
    expect(value?.variants[0]?.guard).toMatchObject({
      whitelist: { folder: join(folder, 'builtin:debian-12') },
    })
  })

  it('is found beside the sources when kabi-gate runs from them', () => {
    expect(shippedFolder()).toBe(resolve('whitelists'))
  })
})
