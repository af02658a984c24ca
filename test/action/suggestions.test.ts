import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/abi/cause.ts'
import { connect } from '../../src/action/github.ts'
import { suggestionsOf } from '../../src/action/plan-suggestions.ts'
import { suggest } from '../../src/action/suggest.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { explainedVerdicts } from '../report/explained-verdicts.ts'
import { head, startForge, type Forge } from './forge.ts'
import { runMain } from './run-main.ts'

const file = 'include/linux/device.h'
const field = '\tu64\t\t\tprobe_cookie;'
const hide: Fix = {
  ...{ how: 'hide', file },
  edits: [{ line: 3, removed: [field], added: ['#ifndef __GENKSYMS__', field, '#endif'] }],
}
const near: Fix = {
  ...{ how: 'use', file },
  edits: [
    {
      line: 2,
      removed: ['\tKABI_RESERVE(1)', field],
      added: ['\tKABI_USE(1, u64 probe_cookie)'],
    },
  ],
}
const header = `struct device {\n\tKABI_RESERVE(1)\n${field}\n};\n`

function verdictWith(fix: Fix | undefined, name = 's#device'): Verdict {
  const verdict = explainedVerdicts['explained-one-cause']
  if (!verdict?.explanation) throw new Error('no sample')
  const [cause] = verdict.explanation.causes
  if (!cause) throw new Error('no cause')
  const { id, changes, reach, symbols, alone, matters, chain } = cause
  const plain = { id, name, before: '', after: '', changes, reach, symbols, alone, matters, chain }
  const causes = [{ ...plain, ...(fix ? { fix } : {}) }]
  return { ...verdict, explanation: { ...verdict.explanation, causes } }
}

const where = { key: 'kabi-gate', repository: '/repo', root: '/repo' }

function planned(fix: Fix | undefined, name?: string) {
  const verdict = verdictWith(fix, name)
  const variants = verdict.variants.map((variant) => ({
    ...variant,
    ...(variant.how ? { how: { ...variant.how, source: '/repo' } } : {}),
  }))
  return suggestionsOf({ ...verdict, variants }, where)
}

describe('a suggestion', () => {
  it('stands at the lines that it replaces, in a fence, with its marker first', () => {
    const [one, ...others] = planned(hide)
    expect(others).toEqual([])
    expect(one).toMatchObject({ path: file, startLine: 3, line: 3, removed: [field] })
    expect(one?.body.split('\n')).toEqual([
      expect.stringMatching(/^<!-- kabi-gate suggestion key=kabi-gate cause=[0-9a-f]{16} -->$/),
      'kabi-gate: <code>struct device</code> changed checksums; the new field moves nothing where it is, so only the checksum must not see it. The next run checks this.',
      '',
      '```suggestion',
      '#ifndef __GENKSYMS__',
      field,
      '#endif',
      '```',
    ])
    expect(planned(near)[0]).toMatchObject({ startLine: 2, line: 3 })
  })

  it('is none where half of the repair is elsewhere, or nothing is sure', () => {
    const far: Fix = {
      ...near,
      edits: [
        { line: 2, removed: ['a'], added: ['b'] },
        { line: 9, removed: [field], added: [] },
      ],
    }
    expect([planned(far), planned(undefined)]).toEqual([[], []])
  })

  it('is none for a file outside of the repository', () => {
    expect(planned({ ...hide, file: '../other/a.h' })).toEqual([])
    expect(planned({ ...hide, file: '/etc/passwd' })).toEqual([])
  })

  it.each([
    '\tint a;\n```\n@everyone',
    '\tint a;\r',
    '\tint \u202ea;',
    '\tint a\u2028;',
    '\tint a; /* \u0000 */',
  ])('is none for a line with anything but plain characters: %j', (line) => {
    expect(planned({ ...hide, edits: [{ line: 3, removed: [line], added: ['x', line] }] })).toEqual([])
    expect(planned({ ...hide, edits: [{ line: 3, removed: ['a'], added: [line] }] })).toEqual([])
  })

  it('cannot be left by its lines, nor its first line by a name', () => {
    const added = ['```', '````', '<!-- x -->', '@everyone']
    const [one] = planned(
      { ...hide, edits: [{ line: 3, removed: [field], added }] },
      's#x --><b>\n```suggestion',
    )
    const lines = one?.body.split('\n') ?? []
    expect(lines.slice(3)).toEqual(['`````suggestion', ...added, '`````'])
    expect(lines[0]).toMatch(/cause=[0-9a-f]{16} -->$/)
    expect(lines[1]).not.toContain('<b>')
    expect(lines[2]).toBe('')
  })
})

describe('suggestions on a pull request', () => {
  async function told(forge: Forge, fix: Fix | undefined): Promise<string | undefined> {
    const env = { GITHUB_REPOSITORY: 'distro/linux', GITHUB_API_URL: forge.url }
    const github = connect('t0ken', env, () => Promise.resolve())
    if (!github) throw new Error('not connected')
    const event = { number: 12, head, base: 'main', labeled: undefined }
    return suggest(github, event, 'kabi-gate', planned(fix))
  }

  async function forgeWith(text = header): Promise<Forge> {
    const forge = await startForge()
    forge.files[file] = text
    return forge
  }

  const writes = ({ requests }: Forge) =>
    requests.filter((line) => /^(POST|PATCH|DELETE) (?!\/graphql)/.test(line))

  it('are made once, at the commit that was judged', async () => {
    const forge = await forgeWith()
    expect(await told(forge, near)).toBeUndefined()
    expect(forge.reviewComments).toMatchObject([
      { path: file, start_line: 2, line: 3, side: 'RIGHT', commit_id: head },
    ])
    expect(await told(forge, near)).toBeUndefined()
    expect(writes(forge)).toHaveLength(1)
  })

  it('are edited when they say something else, moved when the line is another, and deleted when it is mended', async () => {
    const forge = await forgeWith()
    await told(forge, near)
    await told(forge, {
      ...near,
      edits: [{ line: 2, removed: ['\tKABI_RESERVE(1)', field], added: ['\tint other;'] }],
    })
    expect(writes(forge)).toHaveLength(2)
    expect(forge.reviewComments).toHaveLength(1)
    expect(forge.reviewComments[0]?.body).toContain('int other;')
    forge.files[file] = `\n${header}`
    await told(forge, { ...hide, edits: [{ line: 4, removed: [field], added: ['\tint x;'] }] })
    expect(forge.reviewComments.map(({ line }) => line)).toEqual([4])
    expect(await told(forge, undefined)).toBeUndefined()
    expect(forge.reviewComments).toEqual([])
  })

  it('leave comments of others alone, also those with our marker', async () => {
    const forge = await forgeWith()
    const body = `${planned(hide)[0]?.marker ?? ''}\nhello`
    forge.reviewComments.push({ id: 1, user: { login: 'eve' }, body, path: file, line: 3 })
    await told(forge, hide)
    await told(forge, undefined)
    expect(forge.reviewComments).toMatchObject([{ id: 1, body }])
  })

  it('are not made where the commit has other lines there, or the pull request another commit', async () => {
    const forge = await forgeWith(`\n\n${header}`)
    expect(await told(forge, hide)).toContain('include/linux/device.h:3: the lines are elsewhere')
    forge.pull.head = 'd'.repeat(40)
    expect(await told(forge, hide)).toContain('other commits by now')
    expect(writes(forge)).toEqual([])
  })

  it.each([
    [403, 'Resource not accessible by integration', /403.*pull-requests: write.*fork never has/],
    [422, 'line must be part of the diff', /include\/linux\/device\.h:3: .*422: line must be part/],
  ])('that GitHub refuses with %i are only told of', async (status, message, why) => {
    const forge = await forgeWith()
    forge.failAlways(/POST .*\/pulls\/12\/comments/, { status, message })
    expect(await told(forge, hide)).toMatch(why)
  })

  it('are asked for of judge alone, and cost no request unless asked for', async () => {
    const forge = await startForge()
    const run = await runMain(forge, { inputs: { suggestions: 'true' } })
    expect(run.code).toBe(2)
    expect(run.stdout).toContain('as only judge makes suggestions')
    await runMain(forge, {})
    expect(forge.requests.filter((line) => line.includes('/pulls/12/comments'))).toEqual([])
  })
})
