import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
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

/** A request that was approved. */
function approved(text: string): string {
  return text.replace('"approvedBy": null', '"approvedBy": "Release team"')
}

describe('kabi-gate module request', () => {
  it('writes one issue, with what each variant has of each symbol', async () => {
    const cwd = workspace(files)
    const run = await request(cwd, '--variant', 'x86_64', '--justify', 'why', 'card.ko', 'other.ko')
    expect(run.stdout.replaceAll(cwd + '/', '')).toBe(`# Request: 2 symbols for the kernel’s ABI whitelist

* Modules: \`card\`, \`other\`
* Kernel: <code>variant x86_64</code>
* Whitelist: \`${list}\`

## \`gone\`

* Used by: \`card\` (built with \`0x00000005\`)
* Proposed section: \`card\`
* Justification: _to be filled in: what for, and why nothing protected does_

| variant | today |
|---|---|
| \`x86_64\` | not exported |
| \`arm64\` | not known |

## \`nobody_cares\`

* Used by: \`card\` (built with \`0x44444444\`), \`other\` (built with \`0x44444444\`)
* Proposed section: \`common\`
* Justification: For &lt;b&gt;@&#8203;everyone&lt;/b&gt; &#124; who cares.

| variant | today | checksum |
|---|---|---|
| \`x86_64\` | exported | \`0x44444444\` |
| \`arm64\` | on the whitelist | \`0x44444444\` |

## For the maintainers of the whitelist

To accept the request, remove the symbols that are refused from the data below, write a name after \`approvedBy\`, store this text as a file and run \`kabi-gate whitelist update --request FILE\`.

\`\`\`json kabi-gate-request
{
  "request": 1,
  "approvedBy": null,
  "symbols": [
    {
      "symbol": "gone",
      "section": "card"
    },
    {
      "symbol": "nobody_cares",
      "section": "common"
    }
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

  it('tells of the variants given on the command line where there is no configuration', async () => {
    const cwd = workspace(Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'kabi.yml')))
    const run = await request(cwd, '--whitelist', list, '--symvers', 'mine=Module.symvers', 'other.ko')
    expect(run.stdout).toContain('| `mine` | exported | `0x44444444` |')
    expect(run.code).toBe(0)
  })

  it.each<[string, string[], number, RegExp]>([
    [
      'a symvers for no variant',
      ['--symvers', 'Module.symvers', '--whitelist', list, 'card.ko'],
      2,
      /expected VARIANT=FILE/,
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
