import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import { parse } from 'yaml'
import { runMain } from './run-main.ts'

const list = 'whitelists/x86_64/kabi_whitelist'
const files = {
  'kabi.yml': kabiYml + '  arm64: { arch: arm64, whitelist: arm64.list }\n',
  [list]: whitelist,
  'arm64.list': released,
  'Module.symvers': released,
  'card.ko': buildModule({ imports: { kmalloc: 0x11111111, nobody_cares: 0x44444444, gone: 5 } }),
  'other.ko': buildModule({ imports: { kmalloc: 0x11111111, nobody_cares: 0x44444444 } }),
  why: '##########\n(nobody_cares)\n\nFor <b>@everyone</b> | who cares.\n',
}

const request = (cwd: string, ...args: string[]) => runMain(['module', 'request', ...args], { cwd })

const twice = ['--earlier', 'x86_64@1=Module.symvers', '--earlier', 'x86_64@1=Module.symvers']

/** A request that was approved. */
function approved(text: string): string {
  return text.replace('"approvedBy": null', '"approvedBy": "Release team"')
}

describe('kabi-gate module request', () => {
  it('writes one issue, with what each variant has of each symbol', async () => {
    const cwd = workspace(files)
    const run = await request(cwd, '--variant', 'x86_64', '--justify', 'why', 'card.ko', 'other.ko')
    expect(run.stdout).toBe(`# Request: 2 symbols for the kernel’s ABI whitelist

* Modules: \`card\`, \`other\`
* Kernel: <code>variant x86_64</code>
* Whitelist: \`${list}\`

| symbol | section | used by, built with | today | since |
|---|---|---|---|---|
| \`gone\` | \`card\` | \`card\` \`0x00000005\` | not exported: \`x86_64\`; not known: \`arm64\` | not known |
| \`nobody_cares\` | \`common\` | \`card\`, \`other\` \`0x44444444\` | exported \`0x44444444\`: \`x86_64\`; on the whitelist \`0x44444444\`: \`arm64\` | not known |

## Why

* Section \`card\`, 1 symbol used by \`card\`: _to be filled in: what for, and why nothing protected does_
* Section \`common\`, 1 symbol used by \`card\`, \`other\`: For &lt;b&gt;@&#8203;everyone&lt;/b&gt; &#124; who cares.

## For the maintainers of the whitelist

To accept the request, store this text as a file, remove the symbols that are refused from the data below, and run \`kabi-gate whitelist update --request FILE --issue NUMBER --reviewer NAME\`.

\`\`\`json kabi-gate-request
{
  "request": 1,
  "approvedBy": null,
  "symbols": [
    {"symbol":"gone","section":"card"},
    {"symbol":"nobody_cares","section":"common"}
  ]
}
\`\`\`
`)
    expect(run.stderr).toBe('2 symbols requested; 1 justification to be filled in\n')
    expect(run.code).toBe(0)
  })

  it('is taken by whitelist update once it is approved, and not before', async () => {
    const cwd = workspace({ ...files, 'kabi.yml': kabiYml })
    await request(cwd, '--variant', 'x86_64', 'other.ko', '-o', 'request.md')
    const update = () => runMain(['whitelist', 'update', '--request', 'request.md'], { cwd })
    const early = await update()
    expect(early.stdout).toContain('Nobody has approved this request')
    expect(early.code).toBe(2)
    expect(readFileSync(join(cwd, list), 'utf8')).toBe(whitelist)
    writeFileSync(join(cwd, 'request.md'), approved(readFileSync(join(cwd, 'request.md'), 'utf8')))
    expect((await update()).stdout).toContain('added  nobody_cares  0x44444444')
    expect(readFileSync(join(cwd, list), 'utf8')).toContain('[other]\n0x44444444\tnobody_cares')
    const again = await request(cwd, '--variant', 'x86_64', 'other.ko')
    expect(again).toMatchObject({ code: 0, stdout: '' })
    expect(again.stderr).toContain('nothing to ask for')
  })

  it('asks for one justification for each group of symbols', async () => {
    const twelve = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`need_${at + 10}`, at]))
    const cwd = workspace({
      ...files,
      'many.ko': buildModule({ imports: twelve }),
      why: '##########\n(need_11)\nFor eleven.\n#\n(need_13)\nFor eleven.\n',
    })
    const { stdout, stderr } = await request(cwd, '--variant', 'x86_64', '--justify', 'why', 'many.ko')
    expect(stdout).toContain(`* Section \`many\`, 12 symbols used by \`many\`:
  * \`need_10\`, \`need_12\`, \`need_14\`,`)
    expect(stdout).toContain('  * `need_11`, `need_13`: For eleven.\n')
    expect(stdout.split('\n').length).toBe(2 * 12 + 28)
    expect(stderr).toBe('12 symbols requested; 1 justification to be filled in\n')
  })

  describe('tells since which release a symbol is as it is today', () => {
    const other = released.replace('0x44444444', '0x44444445')
    const without = released.replace(/^.*nobody_cares.*\n/m, '')
    it.each([
      ['by the oldest release that has it', [released, released], '`6.1.0-1` or earlier'],
      ['by the release before, which has another checksum', [other, released], '`6.1.0-2`'],
      ['by a release in between that lacks it', [released, without, released], '`6.1.0-3`'],
      ['by the newest, which has another checksum', [released, other], 'after `6.1.0-2`'],
      ['and says so where no release is given', [], 'not known'],
    ])('%s', async (_, tables, expected) => {
      const named = tables.map((table, at) => [`symvers-${at + 1}`, table] as const)
      const cwd = workspace({ ...files, 'kabi.yml': kabiYml, ...Object.fromEntries(named) })
      const earlier = named.flatMap(([name], at) => ['--earlier', `x86_64@6.1.0-${at + 1}=${name}`])
      const { stdout } = await request(cwd, '--variant', 'x86_64', ...earlier, 'other.ko')
      expect(stdout).toContain(`| exported \`0x44444444\`: \`x86_64\` | ${expected} |`)
    })

    it('by the list, where that says so', async () => {
      const kept = '#2-\n0x44444444\tnobody_cares\tvmlinux\tEXPORT_SYMBOL\n'
      const yml = `${kabiYml}  rhel: { arch: x86_64, whitelist: kept }\n`
      const cwd = workspace({ ...files, 'kabi.yml': yml, 'kept/nobody_cares': kept })
      const { stdout } = await request(cwd, '--variant', 'x86_64', 'other.ko')
      expect(stdout).toContain('promised since minor release 2: `rhel`')
    })
  })

  it('tells of the variants given on the command line where there is no configuration', async () => {
    const cwd = workspace(Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'kabi.yml')))
    const run = await request(cwd, '--whitelist', list, '--symvers', 'mine=Module.symvers', 'other.ko')
    expect(run.stdout).toContain('| exported `0x44444444`: `mine` |')
    expect(run.code).toBe(0)
  })

  it.each<[string, string[], number, RegExp]>([
    [
      'a symvers for no variant',
      ['--symvers', 'Module.symvers', '--whitelist', list, 'card.ko'],
      2,
      /expected VARIANT=FILE/,
    ],
    [
      'an earlier release of no variant',
      ['--variant', 'x86_64', '--earlier', 'Module.symvers', 'card.ko'],
      2,
      /expected VARIANT@RELEASE=FILE/,
    ],
    [
      'an earlier release twice',
      ['--variant', 'x86_64', ...twice, 'card.ko'],
      2,
      /this release was given before/,
    ],
    [
      'an earlier release without a file',
      ['--variant', 'x86_64', '--earlier', 'x86_64@1=none', 'card.ko'],
      3,
      /none/,
    ],
    ['a module that is none', ['--variant', 'x86_64', 'why'], 3, /is not an ELF file/],
    ['a file that exists', ['--variant', 'x86_64', 'card.ko', '-o', 'why'], 3, /exists already/],
    ['a variant that is not known', ['--variant', 'sparc', 'card.ko'], 2, /sparc/],
  ])('is an error for %s, and prints no request', async (_, args, code, message) => {
    const run = await request(workspace(files), ...args)
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.stdout).toBe('')
    expect(run.code).toBe(code)
  })
})

interface FormField {
  readonly type: string
  readonly id?: string
  readonly attributes: { readonly label?: string; readonly render?: string }
}

/** The body of an issue as GitHub writes it from a form: a heading and a text for each field. */
function issueBody(texts: Readonly<Record<string, string>>): string {
  const form = parse(readFileSync('.github/ISSUE_TEMPLATE/kabi-request.yml', 'utf8')) as { body: FormField[] }
  const fields = form.body.filter(({ type }) => type !== 'markdown')
  expect(Object.keys(texts).filter((id) => !fields.some((field) => field.id === id))).toEqual([])
  return fields
    .map(({ id = '', attributes: { label = '', render } }) => {
      const text = texts[id] ?? '_No response_'
      return `### ${label}\n\n${render === undefined ? text : `\`\`\`${render}\n${text}\n\`\`\``}`
    })
    .join('\n\n')
    .replaceAll('\n', '\r\n')
}

describe('an issue made with the form for requests', () => {
  const update = (cwd: string, ...args: string[]) =>
    runMain(['whitelist', 'update', '--request', 'issue.md', ...args], { cwd })

  async function issue(texts: Readonly<Record<string, string>> = {}): Promise<string> {
    const cwd = workspace({ ...files, 'kabi.yml': kabiYml })
    const { stdout } = await request(cwd, '--variant', 'x86_64', 'other.ko')
    writeFileSync(join(cwd, 'issue.md'), issueBody({ driver: 'other', request: stdout.trim(), ...texts }))
    return cwd
  }

  it('is taken by whitelist update, and the history of the list says who approved which symbols', async () => {
    const cwd = await issue()
    const run = await update(cwd, '--issue', '42', '--reviewer', 'Jane Doe')
    const day = new Date().toISOString().slice(0, 10)
    expect(run.stdout).toContain('added  nobody_cares  0x44444444')
    expect(run.stdout).toContain(`${day}: Jane Doe approved 1 symbol of the request of issue 42`)
    const baseline = readFileSync(join(cwd, 'whitelists/x86_64/baseline.yml'), 'utf8')
    expect(baseline).toContain(`history:
  - date: "${day}"
    issue: "42"
    reviewer: "Jane Doe"
    symbols: ["nobody_cares"]
rows: 4
`)
    expect((await runMain(['whitelist', 'check'], { cwd })).code).toBe(0)
    expect((await runMain(['check'], { cwd })).code).toBe(0)
  })

  it('stays in the history when the list changes again, and whitelist diff tells it once', async () => {
    const cwd = await issue()
    writeFileSync(join(cwd, 'before'), whitelist)
    await update(cwd, '--issue', 'https://example.org/kernel/issues/42', '--reviewer', 'Jane Doe')
    const row = '0x55555555\tlater\tvmlinux\tEXPORT_SYMBOL\t\n'
    writeFileSync(join(cwd, 'Module.symvers'), released + row)
    writeFileSync(join(cwd, 'names'), 'later\n')
    const later = await runMain(['whitelist', 'update', '--names', 'names', '--json'], { cwd })
    expect(JSON.parse(later.stdout)).toMatchObject({ result: 'updated', variants: [{ granted: null }] })
    const told = await runMain(['whitelist', 'diff', 'before', list], { cwd })
    expect(
      told.stdout.replaceAll(/\s+/g, ' ').match(/Jane Doe approved 1 symbol of the request of issue https/g),
    ).toHaveLength(1)
    const same = await runMain(['whitelist', 'diff', list, list], { cwd })
    expect(same.stdout).not.toContain('Jane Doe')
  })

  it.each<[string, string[], number, RegExp]>([
    ['nobody approves it', [], 2, /Nobody has approved this request/],
    ['only its number is given', ['--issue', '42'], 2, /--issue needs --reviewer too/],
    ['its number is none', ['--issue', '#42', '--reviewer', 'J'], 2, /--issue needs the number/],
    ['its address is not https', ['--issue', 'http://a/1', '--reviewer', 'J'], 2, /--issue needs the number/],
    ['the reviewer has no name', ['--reviewer', ' '], 2, /--reviewer needs a name/],
    ['a reviewer is given twice', ['--reviewer', 'J', '--reviewer', 'K'], 2, /given twice/],
  ])('changes nothing where %s', async (_, args, code, message) => {
    const cwd = await issue()
    const run = await update(cwd, ...args)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.code).toBe(code)
    expect(readFileSync(join(cwd, list), 'utf8')).toBe(whitelist)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['has data in another field too', { driver: '```json kabi-gate-request\n{}\n```' }, /2 blocks of data/],
    ['hides its data in a comment', { driver: 'a <!-- b' }, /nobody sees it/],
    ['has no data', { request: 'please' }, /no block of data/],
  ])('is refused where it %s', async (_, texts, message) => {
    const cwd = await issue(texts)
    const run = await update(cwd, '--issue', '42', '--reviewer', 'Jane Doe')
    expect(run.stdout).toMatch(message)
    expect(run.code).toBe(3)
    expect(readFileSync(join(cwd, list), 'utf8')).toBe(whitelist)
  })

  it('is not approved by the name that its author wrote into it', async () => {
    const cwd = await issue()
    writeFileSync(join(cwd, 'issue.md'), approved(readFileSync(join(cwd, 'issue.md'), 'utf8')))
    const run = await update(cwd, '--issue', '42', '--reviewer', 'Jane Doe')
    expect(run.stdout).toContain('that "Release team" approved this request, and not "Jane Doe"')
    expect(run.code).toBe(2)
  })
})
