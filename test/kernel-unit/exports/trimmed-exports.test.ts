import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { whyTrimmed } from '../../../src/kernel/exports/trimmed-exports.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A tree with a list of names that stay. */
function treeWith(list: string, path = 'android/abi_symbols'): string {
  const tree = temporaryFolder()
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), list)
  return tree
}

const trimming = (list?: string) =>
  new Map([
    ['CONFIG_TRIM_UNUSED_KSYMS', 'y'],
    ...(list === undefined ? [] : ([['CONFIG_UNUSED_KSYMS_WHITELIST', `"${list}"`]] as const)),
  ])

const why = (tree: string, wanted: 'all' | readonly string[], options = trimming('android/abi_symbols')) =>
  whyTrimmed(options, tree, wanted === 'all' ? wanted : new Set(wanted), '.config')

describe('a kernel that drops exports which nobody uses', () => {
  it.each([
    ['one name a line', 'f\ng\n'],
    ['several names a line', 'f g\n'],
    ['names with the dot of ppc64', '.f\n.g\n'],
    ['no last newline', 'f\ng'],
  ])('is known where its list has all wanted symbols: %s', async (_, list) => {
    expect(await why(treeWith(list), ['f', 'g', 'module_layout'])).toBeUndefined()
  })

  it('is known where the list is named by a whole path', async () => {
    const tree = treeWith('f\n')
    expect(await why('/', ['f'], trimming(join(tree, 'android/abi_symbols')))).toBeUndefined()
  })

  it('is an error that names what the list does not have', async () => {
    expect(await why(treeWith('f\nfg\n'), ['f', 'g', 'h'])).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(
        /2 of the symbols .* "android\/abi_symbols" does not name them/,
      ) as string,
      excerpt: ['g', 'h'],
      place: { file: '.config' },
    })
  })

  it.each([
    ['no list', trimming(), /is not set/],
    ['an empty name of a list', trimming(''), /is not set/],
  ])('is an error with %s', async (_, options, message) => {
    expect((await why(treeWith('f\n'), ['f'], options))?.message).toMatch(message)
  })

  it('is an error where every export is wanted, as the list is only a part of them', async () => {
    expect(await why(treeWith('f\n'), 'all')).toMatchObject({ kind: 'config' })
  })

  it.each(['missing', 'link'])('is an error where the list is %s', async (what) => {
    const tree = treeWith('f\n', 'other')
    mkdirSync(join(tree, 'android'))
    if (what === 'link') symlinkSync('../other', join(tree, 'android/abi_symbols'))
    expect(await why(tree, ['f'])).toMatchObject({ kind: 'unreadable' })
  })
})

it('a kernel that keeps all exports asks for no list', async () => {
  expect(
    await why(temporaryFolder(), 'all', new Map([['CONFIG_UNUSED_KSYMS_WHITELIST', '"x"']])),
  ).toBeUndefined()
  expect(await why(temporaryFolder(), ['f'], new Map([['CONFIG_TRIM_UNUSED_KSYMS', 'n']]))).toBeUndefined()
})
