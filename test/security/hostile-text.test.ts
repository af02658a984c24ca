import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startForge } from '../action/forge.ts'
import { pullRequestPayload } from '../action/payloads.ts'
import { runMain, type MainRun } from '../action/run-main.ts'
import { patched, released, writeFiles } from '../support/workspace.ts'
import { fakeKernel } from '../kernel-unit/fake-kernel.ts'
import { checkout } from './checkout.ts'
import { git } from '../support/git.ts'

/** Commands that the runner would take, if it saw them outside of the fences. */
const commands =
  '::error file=x::forged\n::set-output name=verdict::pass\n::add-mask::BREAK\n##[error]forged\n'

/** What the runner looks at for commands: both streams, without what stands between the marks. */
function looseCommands({ stdout, stderr }: MainRun): string[] {
  const outside = (stdout + '\n' + stderr).replace(/^::stop-commands::(\S+)\n[\s\S]*?^::\1::$/gm, '')
  return outside
    .split('\n')
    .filter((line) => /^\s*::(error file=x|set-output|add-mask|save-state)|##\[/.test(line))
}

function expectNotGreen(run: MainRun): void {
  expect(run.code).not.toBe(0)
  expect(['break', 'error']).toContain(run.outputs.get('verdict'))
}

/** No tag, link, mention or comment of somebody else comes to life in what GitHub renders; nothing does in a block of code. */
function expectInert(markdown: string): void {
  const text = markdown.replace(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '')
  expect(text).not.toMatch(/<script|<img|<!-- forged|<\/td>|(?<!\\)\]\(javascript:/i)
  expect(text).not.toMatch(/@everyone/)
}

describe('the output of a build', () => {
  const kernel = (build: string) => {
    const made = fakeKernel()
    made.scenario(build)
    writeFiles(made.source, {
      'kabi.yml': `version: 1
variants:
  x86_64: { arch: x86_64, config: { targets: [tinyconfig] }, strategy: full }
`,
      'whitelists/x86_64/kabi_whitelist': '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\n',
    })
    return made
  }
  const shown = commands.trimEnd().replaceAll('\n', '\\n')
  const check = async (build: string) => {
    const { source, folder } = kernel(build)
    return runMain(await startForge(), {
      folder: source,
      inputs: { 'work-dir': join(folder, 'work') },
      env: { GITHUB_EVENT_NAME: 'workflow_dispatch' },
      payload: {},
    })
  }

  it('is not taken for commands when the build fails and its end is quoted', async () => {
    const run = await check(
      `build() { printf 'net/a.c:1:2: error: no\\n${shown}\\nmake: *** [x] Error 1\\n' >&2; return 2; }`,
    )
    // Names and quotes have lost what makes a command; the fence stands in front of what nobody thought of.
    expect(run.stdout).toMatch(/^::stop-commands::(\S+)\n[\s\S]*forged[\s\S]*\n::\1::$/m)
    expect(run.outputs.get('verdict')).toBe('error')
    expect(run.code).toBe(3)
    expect(looseCommands(run)).toEqual([])
  })

  it('is not taken for commands when the build breaks a symbol', async () => {
    const run = await check(
      `build() { printf '${shown}\\n'; printf '0x99999999\\tprintk\\tvmlinux\\tEXPORT_SYMBOL\\t\\n' >"$out/Module.symvers"; }`,
    )
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    expect(looseCommands(run)).toEqual([])
  })

  it('cannot write outputs of its own: a build knows no file of the runner', async () => {
    const run = await check(
      `build() { env | grep -E '^(GITHUB|INPUT|ACTIONS|RUNNER)_' >&2 && return 2; return 3; }`,
    )
    expect(run.outputs.get('verdict')).toBe('error')
    expect(run.stdout).not.toMatch(/INPUT_|GITHUB_OUTPUT|t0ken/)
  })
})

describe('names of symbols', () => {
  it.each([
    '</td><script>alert(1)</script>',
    '[click](javascript:alert(1))',
    '<!-- forged -->',
    '@everyone',
    '::error::forged',
    'a|b',
    '`a`',
    '$(touch x)',
    'a\u0000b',
    'a\u202eb',
  ])('are refused when they are none: %j', async (name) => {
    const forge = await startForge()
    const run = await runMain(forge, {
      symvers: `${released}0x55555555\t${name}\tvmlinux\tEXPORT_SYMBOL\t\n`,
    })
    expectNotGreen(run)
    expect(looseCommands(run)).toEqual([])
    for (const text of [run.summary, ...forge.comments.map(({ body }) => body.replace(/^.*\n/, ''))])
      expectInert(text)
  })

  it('are shown without coming to life where a module or namespace holds anything', async () => {
    const evil = '<img/src=x>@everyone[x](javascript:y)'
    const forge = await startForge()
    const run = await runMain(forge, {
      symvers: patched.replace('vmlinux\tEXPORT_SYMBOL\t', `${evil}\tEXPORT_SYMBOL\t${evil}`),
    })
    expectNotGreen(run)
    for (const text of [run.summary, ...forge.comments.map(({ body }) => body.replace(/^.*\n/, ''))])
      expectInert(text)
  })
})

describe('paths with line ends', () => {
  const evil = `net/a\n::error file=x::forged\n::set-output name=verdict::pass\n.c`

  it('in the patch forge nothing', async () => {
    const there = checkout({ [evil]: '#ifndef __GENKSYMS__\nint hidden;\n#endif\n' }, patched)
    const run = await runMain(await startForge(), {
      folder: there.folder,
      payload: pullRequestPayload('synchronize', {}, { base: there.base }),
      inputs: { 'baseline-ref': '' },
    })
    expect(git(there.folder, 'ls-files', '-z')).toContain(evil)
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    expect(looseCommands(run)).toEqual([])
  })

  it('in evidence forge nothing', async () => {
    const there = checkout({}, patched)
    const step = async (inputs: Readonly<Record<string, string>>) =>
      runMain(await startForge(), {
        folder: there.folder,
        payload: pullRequestPayload('synchronize', {}, { base: there.base }),
        inputs: { 'baseline-ref': '', ...inputs },
      })
    await step({ command: 'collect', variant: 'x86_64' })
    const file = join(there.folder, 'evidence/x86_64/evidence.json')
    const record = JSON.parse(readFileSync(file, 'utf8')) as { symvers: object; notes: object[] }
    Object.assign(record.symvers, { file: evil, files: [evil] })
    record.notes.push({
      kind: 'option-dropped',
      message: evil,
      place: { file: evil, line: 1 },
      variant: 'x86_64',
    })
    writeFileSync(file, JSON.stringify(record))
    const run = await step({ command: 'judge' })
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    expect(run.summary).toContain('forged')
    expect(looseCommands(run)).toEqual([])
  })
})
