import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseDepmodConf, whichWins } from '../../../src/vendor/depmod/depmod-conf.ts'
import { findSameNames } from '../../../src/vendor/depmod/same-names.ts'
import { parseModule } from '../../../src/module/parse-module.ts'
import { buildModule } from '../../module/build-module.ts'
import { runs } from '../../support/properties.ts'
import { workspace, type Files } from '../../support/workspace.ts'

const release = '6.1.0-1'
const driver = buildModule({ imports: { module_layout: 9, kfree: 1 } })

function rulesOf(...texts: readonly string[]) {
  return parseDepmodConf(
    texts.map((text, index) => ({ file: `${index}.conf`, text })),
    release,
  )
}

describe('the files of depmod.d', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['no file', [], ['updates', 'built-in'], []],
    ['comments and blank lines', ['# search extra\n\n'], ['updates', 'built-in'], []],
    [
      'a search',
      ['search updates extra built-in weak-updates\n'],
      ['updates', 'extra', 'built-in', 'weak-updates'],
      [],
    ],
    [
      'several searches',
      ['search extra\n', 'search\tupdates built-in\n'],
      ['extra', 'updates', 'built-in'],
      [],
    ],
    ['a line that goes on', ['search extra \\\nbuilt-in\n'], ['extra', 'built-in'], []],
    [
      'overrides',
      ['override igb * extra\noverride ena 6.1 updates/x\n'],
      ['updates', 'built-in'],
      ['extra/igb', 'updates/x/ena'],
    ],
    [
      'an override for another kernel',
      ['override igb ^5\\.14 extra\n'.replace('\\.', '.')],
      ['updates', 'built-in'],
      [],
    ],
    ['commands without effect', ['include /etc/x\nmake_map_files no\n'], ['updates', 'built-in'], []],
  ])('are read: %s', (_, texts, search, overrides) => {
    const { value, problems } = rulesOf(...texts)
    expect(problems).toEqual([])
    expect(value).toMatchObject({ search, overrides })
  })

  it.each([
    ['an unknown command', 'serach extra\n', /no command of depmod\.d/],
    ['an override without a folder', 'override igb *\n', /a kernel and a folder/],
    ['an override for no kernel', 'override igb [ extra\n', /no regular expression/],
    ['folders elsewhere', 'external * /opt/modules\n', /other folders are not looked at/],
  ])('are an error for %s', (_, text, message) => {
    const { problems } = rulesOf('search extra\n', text)
    expect(problems).toMatchObject([
      {
        kind: 'malformed-line',
        message: expect.stringMatching(message) as string,
        place: { file: '1.conf', line: 1 },
      },
    ])
  })
})

describe('the module of a name that depmod takes', () => {
  const shipped = 'kernel/drivers/net/igb.ko.xz'
  it.each<[string, string, readonly string[], readonly string[]]>([
    ['updates before what is shipped', '', [shipped, 'updates/igb.ko'], ['updates/igb.ko']],
    ['what is shipped before extra', '', [shipped, 'extra/igb.ko'], [shipped, 'extra/igb.ko']],
    [
      'with RHEL’s search, extra before what is shipped',
      'search updates extra built-in weak-updates\n',
      [shipped, 'extra/igb.ko'],
      ['extra/igb.ko'],
    ],
    [
      'with RHEL’s search, what is shipped before weak-updates',
      'search updates extra built-in weak-updates\n',
      [shipped, 'weak-updates/igb/igb.ko'],
      [shipped],
    ],
    [
      'with an override, the one in weak-updates',
      'search updates extra built-in weak-updates\noverride igb * weak-updates/igb\n',
      [shipped, 'weak-updates/igb/igb.ko'],
      ['weak-updates/igb/igb.ko'],
    ],
  ])('is %s', (_, text, paths, wins) => {
    expect(whichWins(paths, rulesOf(text).value)).toEqual(wins)
  })

  it('is that of the last override', () => {
    const text = ['extra', 'other', 'extra'].map((folder) => `override igb * ${folder}\n`).join('')
    expect(whichWins(['extra/igb.ko', 'other/igb.ko'], rulesOf(text).value)).toEqual(['extra/igb.ko'])
  })
})

const hasDepmod = spawnSync('depmod', ['--version']).status === 0
if (!hasDepmod) console.warn('depmod is not installed: its own choice is not compared')

/** Which file of a name depmod itself takes; its folders of rules are named, as it would look for them in `/`. */
function takenByDepmod(root: string): string | undefined {
  const folders = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib'].flatMap((one) => [
    '-C',
    join(root, one, 'depmod.d'),
  ])
  execFileSync('depmod', ['-b', root, ...folders, release], { stdio: 'ignore' })
  const dependencies = readFileSync(join(root, 'lib/modules', release, 'modules.dep'), 'utf8')
  return /^(.*\/igb\.ko):/m.exec(dependencies)?.[1]
}

const places = ['kernel/drivers/net', 'updates', 'extra/net', 'weak-updates/igb', 'other'] as const

function installedAt(paths: readonly string[], rules: Files): string {
  const kernel = Object.fromEntries(paths.map((path) => [`lib/modules/${release}/${path}/igb.ko`, driver]))
  return workspace({ ...kernel, [`lib/modules/${release}/modules.order`]: '', ...rules })
}

test.skipIf(!hasDepmod)('depmod itself takes the file that is foretold, whatever its rules are', () => {
  const words = fc.uniqueArray(fc.constantFrom('updates', 'extra', 'weak-updates', 'built-in', 'other'), {
    maxLength: 5,
  })
  const overrides = fc.array(
    fc
      .tuple(fc.constantFrom('*', '6.1', '^5'), fc.constantFrom(...places))
      .map(([kernel, folder]) => `override igb ${kernel} ${folder}`),
    { maxLength: 3 },
  )
  const files = fc.subarray([...places], { minLength: 2 })
  fc.assert(
    fc.property(words, overrides, files, fc.boolean(), (search, lines, folders, split) => {
      const text = [...(search.length > 0 ? [`search ${search.join(' ')}`] : []), ...lines]
      const confs = split ? [text.slice(0, 1), text.slice(1)] : [text]
      const rules = Object.fromEntries(
        confs.map((part, index) => [`etc/depmod.d/${index}.conf`, part.join('\n') + '\n']),
      )
      const root = installedAt(folders, rules)
      const taken = takenByDepmod(root)
      const wins = whichWins(
        folders.map((folder) => `${folder}/igb.ko`),
        rulesOf(...confs.map((part) => part.join('\n') + '\n')).value,
      )
      expect(wins).toContain(taken)
    }),
    { numRuns: runs(40) },
  )
})

describe.skipIf(!hasDepmod)('of files of rules with one name', () => {
  it.each(['etc', 'run', 'usr/local/lib', 'usr/lib'])(
    'the one in %s counts before those in folders behind it',
    async (first) => {
      const folders = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib']
      const behind = folders.slice(folders.indexOf(first) + 1)
      const root = installedAt(['kernel/drivers/net', 'extra/net', 'other'], {
        [`${first}/depmod.d/a.conf`]: 'search extra built-in\n',
        ...Object.fromEntries(
          behind.map((folder) => [`${folder}/depmod.d/a.conf`, 'search other built-in\n']),
        ),
        'lib/depmod.d/0.txt': 'search other\n',
      })
      const module = parseModule(driver, join(root, 'elsewhere/igb.ko')).value
      const place = { kind: 'installed', file: join(root, 'lib/modules', release), release, root } as const
      const { value, problems } = await findSameNames(place, module ? [module] : [])
      expect(problems).toEqual([])
      expect(value[0]?.search).toEqual(['extra', 'built-in'])
      expect(takenByDepmod(root)).toBe('extra/net/igb.ko')
    },
  )
})

describe('a driver of the name of an installed module', () => {
  const kernel = `lib/modules/${release}`
  async function found(files: Files, link?: string) {
    const root = workspace({
      [`${kernel}/kernel/drivers/net/igb.ko.xz`]: driver,
      'drivers/igb.ko': driver,
      ...files,
    })
    if (link !== undefined) symlinkSync(join(root, 'drivers/igb.ko'), join(root, kernel, link))
    const module = parseModule(driver, join(root, 'drivers/igb.ko')).value
    const place = { kind: 'installed', file: join(root, kernel), release, root } as const
    return findSameNames(place, module ? [module] : [])
  }

  it('would be taken or not by the folder it goes to', async () => {
    const { value } = await found({
      'etc/depmod.d/dist.conf': 'search updates extra built-in weak-updates\n',
    })
    expect(value).toMatchObject([{ module: 0, installed: ['kernel/drivers/net/igb.ko.xz'], builtIn: false }])
    expect(value[0]?.placed.map(({ path, wins }) => [path, wins.includes(path)])).toEqual([
      ['updates/igb.ko', true],
      ['extra/igb.ko', true],
      ['weak-updates/igb.ko', false],
    ])
  })

  it('that is linked in weak-updates is not the other one', async () => {
    const { value } = await found({ [`${kernel}/weak-updates/README`]: '' }, 'weak-updates/igb.ko')
    expect(value).toMatchObject([
      { installed: ['kernel/drivers/net/igb.ko.xz'], placed: [{ path: 'weak-updates/igb.ko' }] },
    ])
  })

  it('is not loaded where the kernel has it built in', async () => {
    const { value } = await found({ [`${kernel}/modules.builtin`]: 'kernel/drivers/net/igb.ko\n' })
    expect(value).toMatchObject([{ builtIn: true }])
  })

  it('is not found in folders that are excluded', async () => {
    expect((await found({ 'etc/depmod.d/x.conf': 'exclude net\n' })).value).toEqual([])
  })

  it('is an error with a damaged file of rules', async () => {
    expect((await found({ 'run/depmod.d/x.conf': 'serach extra\n' })).problems).toMatchObject([
      { kind: 'malformed-line' },
    ])
  })
})
