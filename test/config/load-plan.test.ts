import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPlan } from '../../src/config/load-plan.ts'
import { workspace } from '../support/workspace.ts'

const config = 'version: 1\nvariants: { a: { arch: x86_64, symvers: Module.symvers } }\n'

describe('loading a plan', () => {
  it.each(['kabi.yml', 'kabi.yaml', '.github/kabi.yml', '.github/kabi.yaml'])('finds %s', async (name) => {
    const folder = workspace({ [name]: config })
    const { value, problems } = await loadPlan(undefined, folder)
    expect(problems).toEqual([])
    expect(value?.file).toBe(join(folder, name))
    expect(value?.variants[0]?.symvers).toBe(join(folder, 'Module.symvers'))
  })

  it('reads the file that is named, from the folder given', async () => {
    const folder = workspace({ 'kabi.yml': 'broken', 'other/gate.yml': config })
    const { value, problems } = await loadPlan('other/gate.yml', folder)
    expect(problems).toEqual([])
    expect(value?.file).toBe('other/gate.yml')
    expect(value?.variants[0]?.symvers).toBe(join(folder, 'other/Module.symvers'))
  })

  it('tells where it looked when there is none', async () => {
    const { value, problems } = await loadPlan(undefined, workspace({}))
    expect(value).toBeUndefined()
    expect(problems.map(({ kind }) => kind)).toEqual(['config'])
    expect(problems[0]?.message).toContain(
      'neither kabi.yml nor kabi.yaml nor .github/kabi.yml nor .github/kabi.yaml',
    )
    expect(problems[0]?.advice).toContain('kabi-gate init')
  })

  it.each(['kabi.yaml', '.github/kabi.yml'])('does not choose between kabi.yml and %s', async (other) => {
    const folder = workspace({ 'kabi.yml': config, [other]: config })
    const { value, problems } = await loadPlan(undefined, folder)
    expect(value).toBeUndefined()
    expect(problems[0]).toMatchObject({ kind: 'config' })
    expect(problems[0]?.message).toContain(join(folder, 'kabi.yml'))
    expect(problems[0]?.message).toContain(join(folder, other))
  })

  it('does not pass over a configuration that it cannot read', async () => {
    const folder = workspace({ '.github/other': '' })
    symlinkSync('nowhere', join(folder, 'kabi.yml'))
    const { value, problems } = await loadPlan(undefined, folder)
    expect(value).toBeUndefined()
    expect(problems.map(({ kind }) => kind)).toEqual(['unreadable'])
  })

  it('refuses a configuration that is a folder, or is not there', async () => {
    const folder = workspace({ 'kabi.yml/x': '' })
    for (const path of [undefined, 'nowhere.yml']) {
      const { value, problems } = await loadPlan(path, folder)
      expect(value).toBeUndefined()
      expect(problems.map(({ kind }) => kind)).toEqual(['unreadable'])
    }
  })

  it('points into a configuration that is wrong', async () => {
    const folder = workspace({ 'kabi.yml': 'version: 1\nvariant: {}\n' })
    const { value, problems } = await loadPlan(undefined, folder)
    expect(value).toBeUndefined()
    expect(problems.map(({ place }) => place)).toEqual([
      { file: join(folder, 'kabi.yml'), line: 1, column: 1 },
      { file: join(folder, 'kabi.yml'), line: 2, column: 1 },
    ])
  })
})

describe('a file of severities', () => {
  const policy = `policy: { preset: suse, rules: [{ symbol: first, action: pass }], severities: kabi/severities }\n`

  it('comes after the rules of the configuration', async () => {
    const folder = workspace({
      '.github/kabi.yml': config + policy,
      'kabi/severities': 'drivers/md/* PASS\nsecond 8\n',
    })
    const { value, problems } = await loadPlan(undefined, folder)
    expect(problems).toEqual([])
    const file = join(folder, 'kabi/severities')
    expect(value?.policy.rules).toEqual([
      {
        match: { by: 'symbol', pattern: 'first' },
        action: 'pass',
        file: join(folder, '.github/kabi.yml'),
        line: 3,
      },
      { match: { by: 'module', pattern: 'drivers/md/*' }, action: 'pass', file, line: 1 },
      { match: { by: 'symbol', pattern: 'second' }, action: 'fail', file, line: 2 },
    ])
  })

  it.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['holds a line that is not understood', { 'kabi/severities': 'drivers/md/* MAYBE\n' }],
  ])('that %s refuses the plan', async (_, files) => {
    const folder = workspace({ '.github/kabi.yml': config + policy, ...files })
    const { value, problems } = await loadPlan(undefined, folder)
    expect(value).toBeUndefined()
    expect(problems[0]?.place?.file).toBe(join(folder, 'kabi/severities'))
  })
})
