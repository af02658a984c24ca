import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { combined, consolidated, definitions } from '../abi/types/forms.ts'
import { checksumOf, fedText, symtypesFile, type Definitions } from '../abi/symtypes-oracle.ts'
import { workspace, writeFiles } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const old = definitions(
  's#dev struct dev { int id ; }',
  'f int f ( s#dev * )',
  'g int g ( s#dev * )',
  'h int h ( void )',
)
const now = new Map([...old, ...definitions('s#dev struct dev { int id ; int irq ; }')])

function symvers(types: Definitions, change: (text: string) => string = (text) => text): string {
  const rows = ['f', 'g', 'h'].map((symbol) => {
    const crc = checksumOf(fedText(types, symbol)).toString(16).padStart(8, '0')
    return `0x${crc}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
  })
  return change(rows.join(''))
}

const objects = (types: Definitions) => new Map([['lib/dev', types]])

const files = {
  'Module.kabi': symvers(old),
  'Module.symvers': symvers(now),
  'old.combined': combined(objects(old)),
  'new.combined.gz': gzipSync(combined(objects(now))),
  'old.consolidated': consolidated(objects(old)),
  'new.consolidated': consolidated(objects(now)),
  'old/lib/dev.symtypes': symtypesFile(old),
  'new/lib/dev.symtypes': symtypesFile(now),
}

async function compare(cwd: string, ...args: readonly string[]) {
  const run = await runMain(['compare', ...args], { cwd })
  return { ...run, text: run.stdout.replaceAll(/\s+/g, ' ') }
}

describe('compare --types', () => {
  it.each([
    ['Oracle’s and XCP-ng’s form', 'old.combined', 'new.combined.gz'],
    ['SUSE’s form', 'old.consolidated', 'new.consolidated'],
    ['build folders', 'old', 'new'],
    ['the dumps of one object', 'old/lib/dev.symtypes', 'new/lib/dev.symtypes'],
    ['two different forms', 'old.combined', 'new'],
  ])('says why checksums changed, from %s', async (_, before, after) => {
    const cwd = workspace(files)
    const { code, text } = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', before, after)
    expect(code).toBe(1)
    expect(text).toContain(
      '2 protected symbols changed because of 1 definition; reverting struct dev fixes all 2.',
    )
    expect(text).toContain('+ int irq;')
  })

  it('takes the files in any order that a person would write', async () => {
    const cwd = workspace(files)
    const types = ['--types', 'old', 'new']
    for (const args of [
      [...types, 'Module.kabi', 'Module.symvers'],
      ['-k', 'Module.kabi', '-s', 'Module.symvers', ...types],
      ['--types', 'old', '--types', 'new', 'Module.kabi', 'Module.symvers'],
    ])
      expect((await compare(cwd, ...args)).text).toContain('because of 1 definition')
    const between = await compare(cwd, 'Module.kabi', ...types, 'Module.symvers')
    expect([between.code, between.stderr]).toEqual([2, expect.stringContaining('Put --types last')])
  })

  it('gives the cause in every form of report', async () => {
    const cwd = workspace(files)
    for (const format of ['json', 'markdown', 'sarif', 'html']) {
      const run = await compare(
        cwd,
        'Module.kabi',
        'Module.symvers',
        '--types',
        'old',
        'new',
        '--format',
        format,
      )
      expect([format, run.stdout]).toEqual([format, expect.stringContaining('struct dev')])
    }
  })

  it('takes those of the release from beside the list when given only those of the build', async () => {
    const cwd = workspace({ ...files, 'Symtypes.kabi.gz': gzipSync(combined(objects(old))) })
    const { text } = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', 'new')
    expect(text).toContain('because of 1 definition')
    const without = await compare(workspace(files), 'Module.kabi', 'Module.symvers', '--types', 'new')
    expect([without.code, without.text]).toEqual([1, expect.stringContaining('whitelist enrich')])
  })

  it.each([
    ['of the release', ['other', 'old'], 'None of the 3 checksums of the whitelist'],
    ['of the build', ['old', 'other'], 'None of the 3 checksums of the build'],
  ])('refuses types %s that are another kernel’s, also where nothing changed', async (_, types, message) => {
    const other = definitions('f long f ( void )', 'g long g ( void )', 'h long h ( void )')
    const cwd = workspace({ ...files, 'other/lib/dev.symtypes': symtypesFile(other) })
    const { code, text } = await compare(cwd, 'Module.kabi', 'Module.kabi', '--types', ...types)
    expect(text).toContain('Types of another kernel')
    expect(text).toContain(message)
    expect(text).toMatch(/f: 0x[0-9a-f]{8} of the (whitelist|build), 0x[0-9a-f]{8} from the types/)
    expect(code).toBe(3)
  })

  it('names the symbols that types do not explain, and explains the others', async () => {
    const cwd = workspace({
      ...files,
      'Module.symvers': symvers(now, (text) => text.replace(/^0x\w+\tg/m, '0x00000001\tg')),
    })
    const { code, text } = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', 'old', 'new')
    expect(code).toBe(1)
    expect(text).toContain('Of the 3 checksums of the build, 1 do not come out of these types.')
    expect(text).toMatch(/g: 0x00000001 of the build, 0x[0-9a-f]{8} from the types/)
    expect(text).toContain('1 of them because of 1 definition; reverting struct dev fixes')
  })

  it('names symbols without types', async () => {
    const less = new Map([...now].filter(([name]) => name !== 'g'))
    const cwd = workspace({ ...files, 'new/lib/dev.symtypes': symtypesFile(less) })
    const { code, text } = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', 'old', 'new')
    expect([code, text]).toEqual([1, expect.stringContaining('1 are of symbols without types here')])
  })

  it('takes of two objects that export a symbol the one whose types give its checksum', async () => {
    const other = definitions('f long f ( void )', 'g long g ( void )', 'h long h ( void )')
    const cwd = workspace({ ...files, 'new/arch/copy.symtypes': symtypesFile(other) })
    const { text } = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', 'old', 'new')
    expect(text).toContain('reverting struct dev fixes all 2')
  })

  it.each([
    ['a file that is not there', ['nowhere', 'new'], 3, /nowhere" does not exist/],
    ['a line that is not understood', ['bad', 'new'], 3, /a second space.* --> \S*bad:1:7/],
    ['types of the build alone that are not its', ['old'], 3, /None of the 3 checksums of the build/],
  ])('is an error for %s', async (_, types, code, message) => {
    const cwd = workspace({ ...files, 'Module.symvers': symvers(now), bad: 'f int  f ( void )\n' })
    const other = types.length === 1 ? { 'old/lib/dev.symtypes': 'f long f \n' } : {}
    writeFiles(cwd, other)
    const run = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', ...types)
    expect(run.text).toMatch(message)
    expect(run.code).toBe(code)
  })

  it('is what check does for a variant of which a build made the types', async () => {
    const cwd = workspace({
      ...files,
      'kabi.yml':
        'version: 1\nvariants: { x: { arch: x86_64, whitelist: Module.kabi, symvers: Module.symvers, types: new } }\n',
      'Symtypes.kabi': combined(objects(old)),
      Makefile: '',
    })
    const run = await runMain(['check'], { cwd })
    expect([run.code, run.stdout.replaceAll(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining('because of 1 definition; reverting struct dev fixes all 2'),
    ])
    const { text } = await compare(cwd, 'Module.kabi', 'Module.symvers', '--types', 'new')
    expect(text).toContain('because of 1 definition')
  })

  it('passes where nothing changed and the types are those of the builds', async () => {
    const { code, text } = await compare(
      workspace(files),
      'Module.kabi',
      'Module.kabi',
      '--types',
      'old',
      'old',
    )
    expect([code, text]).toEqual([0, expect.stringContaining('PASS')])
  })
})
