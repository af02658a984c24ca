import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Patch } from '../../src/abi/patch.ts'
import { readPatch, readPatchFile } from '../../src/git/read-patch.ts'
import { scrubbedEnvironment } from '../../src/processes/scrubbed-environment.ts'
import { checkoutOf, commitAll, git as runGit } from '../support/git.ts'
import { writeFiles } from '../support/workspace.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const path = folderOfEachTest()
const tree = (...parts: string[]) => path('tree', ...parts)
// The settings of who runs the test do not count; those of the test do.
const environment = () => ({ ...scrubbedEnvironment(process.env), HOME: path() })

function write(file: string, text: string): void {
  mkdirSync(dirname(tree(file)), { recursive: true })
  writeFileSync(tree(file), text)
}

const git = (...args: readonly string[]) => runGit(tree(), ...args)
const commit = () => commitAll(tree())

const read = (base = 'HEAD', source = tree()) =>
  readPatch(source, { ref: base }, { env: environment(), signal: new AbortController().signal })

async function patch(base = 'HEAD', source = tree()): Promise<Patch['files']> {
  const { value, problems } = await read(base, source)
  expect(problems).toEqual([])
  return value.files
}

beforeEach(() => {
  const files = { Makefile: 'VERSION = 6\n', 'include/a.h': 'struct a {\n\tint x;\n};\n' }
  writeFiles(tree(), files)
  checkoutOf(files, tree())
})

describe('the difference from a commit', () => {
  it('has what is committed, staged and changed since, and new files', async () => {
    const base = git('rev-parse', 'HEAD')
    write('include/a.h', 'struct a {\n\tlong x;\n\tint y;\n};\n')
    commit()
    write('include/staged.h', 'int staged;\n')
    git('add', '.')
    write('include/a.h', 'struct a {\n\tlong x;\n\tint z;\n};\n')
    write('include/new one.h', 'int new;\nint last;')
    write('.gitignore', '*.o\n')
    write('a.o', 'not text')
    write('notes.json', '{}')
    expect(await patch(base)).toEqual([
      { file: 'include/a.h', edits: [{ line: 2, removed: ['\tint x;'], added: ['\tlong x;', '\tint z;'] }] },
      { file: 'include/staged.h', edits: [{ line: 1, removed: [], added: ['int staged;'] }] },
      { file: 'include/new one.h', edits: [{ line: 1, removed: [], added: ['int new;', 'int last;'] }] },
    ])
  })

  it('is the same whatever the settings and attributes say', async () => {
    write('include/naïve "x".h', 'int a;\n')
    commit()
    write('include/naïve "x".h', 'int b;\n')
    write('include/neu "ö".h', 'int c;\n')
    write('include/a.h', 'struct b {\n\tint x;\n}; \n')
    const plain = await patch()
    expect(plain.map(({ file }) => file)).toEqual(['include/a.h', 'include/naïve "x".h', 'include/neu "ö".h'])
    for (const [name, value] of Object.entries({
      'diff.noprefix': 'true',
      'diff.mnemonicPrefix': 'true',
      'diff.external': '/bin/false',
      'diff.context': '9',
      'diff.interHunkContext': '9',
      'diff.renames': 'copies',
      'color.ui': 'always',
      'core.quotePath': 'false',
      'core.pager': 'false',
      'diff.hide.textconv': 'true',
      'diff.hide.command': '/bin/false',
      'diff.wsErrorHighlight': 'all',
      'diff.submodule': 'log',
    }))
      git('config', name, value)
    write('.git/info/attributes', '*.h -diff\na.h diff=hide\n')
    expect(await patch()).toEqual(plain)
  })

  it('has only what is in the tree when the checkout is larger, by paths of the tree', async () => {
    write('linux/Makefile', 'VERSION = 6\n')
    write('linux/include/b.h', 'int b;\n')
    commit()
    write('linux/include/b.h', 'long b;\n')
    write('linux/include/c.h', 'long c;\n')
    write('include/a.h', '')
    expect((await patch('HEAD', tree('linux'))).map(({ file }) => file)).toEqual([
      'include/b.h',
      'include/c.h',
    ])
  })

  it('passes over symbolic links', async () => {
    symlinkSync('a.h', tree('include/link.h'))
    expect(await patch()).toEqual([])
    commit()
    expect(await patch('HEAD~1')).toEqual([])
  })

  it('is nothing when nothing was changed', async () => {
    expect(await patch()).toEqual([])
  })

  it.each(['nosuch', '-p', '--output=x', '', 'HEAD^{tree}', '^HEAD', 'HEAD..HEAD', 'HEAD:Makefile'])(
    'is refused for %j, which is no commit',
    async (base) => {
      const { value, problems } = await read(base)
      expect(value.files).toEqual([])
      expect(problems).toMatchObject([
        { kind: 'usage', message: `git knows no commit ${JSON.stringify(base)}.` },
      ])
    },
  )

  it('asks for the history when the checkout is shallow', async () => {
    const base = git('rev-parse', 'HEAD')
    commit()
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${tree()}`, path('clone')], {
      env: environment(),
    })
    const { problems } = await read(base, path('clone'))
    expect(problems).toMatchObject([
      { kind: 'usage', advice: expect.stringContaining('fetch-depth: 0') as string },
    ])
  })

  it('needs a git checkout', async () => {
    mkdirSync(path('plain'))
    expect((await read('HEAD', path('plain'))).problems).toMatchObject([{ kind: 'usage' }])
    write('unpacked/Makefile', 'VERSION = 6\n')
    expect((await read('HEAD', tree('unpacked'))).problems).toMatchObject([
      { kind: 'usage', message: expect.stringContaining('holds no kernel tree') as string },
    ])
  })

  it('needs git, and ends when it is stopped', async () => {
    const signal = new AbortController().signal
    const noGit = { env: { ...environment(), PATH: path() }, signal }
    expect((await readPatch(tree(), { ref: 'HEAD' }, noGit)).problems).toMatchObject([
      { kind: 'missing-tool' },
    ])
    const stopped = { env: environment(), signal: AbortSignal.abort() }
    expect((await readPatch(tree(), { ref: 'HEAD' }, stopped)).problems).toMatchObject([
      { kind: 'interrupted' },
    ])
  })
})

describe('a patch file', () => {
  it('gives what the working tree gives', async () => {
    write('include/a.h', 'struct a {\n\tlong x;\n};\n')
    const expected = await patch()
    writeFileSync(path('diff'), git('diff') + '\n')
    expect((await readPatchFile(path('diff'))).value.files).toEqual(expected)
    commit()
    writeFileSync(path('mail'), git('format-patch', '--stdout', '-1') + '\n')
    expect((await readPatchFile(path('mail'))).value.files).toEqual(expected)
  })

  it('must exist and hold a change', async () => {
    expect((await readPatchFile(path('nosuch'))).problems).toMatchObject([{ kind: 'unreadable' }])
    writeFileSync(path('words'), 'no patch\n')
    expect((await readPatchFile(path('words'))).problems).toMatchObject([{ kind: 'usage' }])
  })
})

describe('any edit', () => {
  const line = fc.constantFrom(
    'int a;',
    '',
    ' b',
    '--- a/x',
    '+++ b/x',
    '@@ -1 +1 @@',
    '\\ No newline',
    'diff x',
    '\tc',
    'ä',
  )
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
    .map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''))

  it('turns the old file into the new one', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        write('x.h', before)
        commit()
        write('x.h', after)
        const files = await patch()
        expect(files.length).toBe(
          linesOf(before).join('\n') === linesOf(after).join('\n') && !endDiffers(before, after) ? 0 : 1,
        )
        expect(applied(linesOf(before), files)).toEqual(linesOf(after))
        // With context, the same edits come out.
        const whole = git('diff', '--unified=2', '--text')
        if (whole !== '') {
          writeFileSync(path('diff'), whole + '\n')
          expect((await readPatchFile(path('diff'))).value.files).toEqual(files)
        }
      }),
      { numRuns: runs(15) },
    )
  }, 120_000)
})

const linesOf = (text: string): string[] => {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

const endDiffers = (before: string, after: string): boolean =>
  (before === '') !== (after === '') || before.endsWith('\n') !== after.endsWith('\n')

function applied(lines: readonly string[], files: Patch['files']): readonly string[] {
  const result = [...lines]
  for (const { line, removed, added } of files.flatMap(({ edits }) => edits)) {
    expect(result.splice(line - 1, removed.length, ...added)).toEqual(removed)
  }
  return result
}
