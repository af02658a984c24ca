import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkWhitelist } from '../../src/whitelists/check-whitelist.ts'
import { createWhitelists } from '../../src/whitelists/create-whitelists.ts'
import { updateWhitelists, type UpdateRequest } from '../../src/whitelists/update-whitelists.ts'
import { fakeTree, kernel, namesOf, patched, type Dumps, type FakeTree } from './fake-kernel-tree.ts'

type Change = Partial<UpdateRequest> & { readonly by?: 'full' | 'prebuilt' }

function update(tree: FakeTree, kernels: Readonly<Record<string, Dumps>>, change: Change = {}) {
  const { by, ...rest } = change
  const standard = { names: undefined, allowAbsent: false, accepted: new Set<string>(), dryRun: false }
  return updateWhitelists({ ...tree.request, ...standard, ...rest }, tree.collect(kernels, by))
}

/** Trees whose variants have a whitelist of `f` and `g`, made from `kernel`. */
async function released(...variants: string[]): Promise<FakeTree> {
  const tree = fakeTree(variants)
  const kernels = Object.fromEntries(variants.map((name) => [name, kernel]))
  const request = { ...tree.request, names: namesOf('f g'), allowAbsent: false }
  const { problems } = await createWhitelists(request, tree.collect(kernels))
  expect(problems).toEqual([])
  return tree
}

/** Every file of the whitelists: content, and the time and identity that it keeps while nobody touches it. */
function states(tree: FakeTree): Readonly<Record<string, string>> {
  const folder = tree.path('whitelists')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return Object.fromEntries(
    files
      .filter((file) => statSync(file).isFile())
      .map((file) => {
        const { mtimeMs, ino } = statSync(file)
        return [file, `${mtimeMs} ${ino} ${readFileSync(file).toString('base64')}`]
      }),
  )
}

function check(tree: FakeTree, variant = 'amd64') {
  const path = tree.path('whitelists', variant, 'kabi_whitelist')
  return checkWhitelist({ variant, source: { path }, symvers: undefined })
}

const list = 'whitelists/amd64/kabi_whitelist'

describe('updateWhitelists', () => {
  it('touches no file when nothing is different', async () => {
    const tree = await released('amd64')
    const before = states(tree)
    const { result, updates } = await update(tree, { amd64: kernel })
    expect(result).toBe('updated')
    expect(updates).toMatchObject([{ variant: 'amd64', plan: { added: [], changed: [], removed: [] } }])
    expect(states(tree)).toEqual(before)
  })

  it('adds a name with its types, and keeps the comments of the list', async () => {
    const tree = await released('amd64')
    const text = `# ours\n${tree.read(list)}# the end\n`
    tree.write(list, text)
    expect(await update(tree, { amd64: kernel }, { names: namesOf('h g') })).toMatchObject({
      result: 'updated',
      problems: [],
    })
    expect(tree.read(list)).toMatch(/^# ours\n(0x\S+\t[fgh]\tvmlinux\tEXPORT_SYMBOL\t\n){3}# the end\n$/)
    expect(tree.read(list).split('\n').filter((line) => text.includes(line))).toEqual(text.split('\n'))
    expect(await check(tree)).toMatchObject({ protected: 3, reproduced: 3, problems: [] })
  })

  it('writes nothing for any variant when a row of one was not accepted', async () => {
    const tree = await released('amd64', 's390x')
    const before = states(tree)
    const kernels = { amd64: kernel, s390x: patched }
    const { result, updates, problems } = await update(tree, kernels, { names: namesOf('h') })
    expect(result).toBe('refused')
    expect(problems).toEqual([])
    expect(updates.map(({ variant, plan }) => [variant, plan.refused.map(({ symbol }) => symbol)])).toEqual([
      ['amd64', []],
      ['s390x', ['f']],
    ])
    expect(states(tree)).toEqual(before)
  })

  it('changes what was accepted, its types too', async () => {
    const tree = await released('amd64')
    const before = tree.read(list)
    const { result } = await update(tree, { amd64: patched }, { accepted: new Set(['f']) })
    expect(result).toBe('updated')
    const changed = before.split('\n').map((line, index) => tree.read(list).split('\n')[index] === line)
    expect(changed).toEqual([false, true, true])
    expect(await check(tree)).toMatchObject({ reproduced: 2, problems: [] })
  })

  it('removes what was accepted and is gone', async () => {
    const tree = await released('amd64')
    const { 'lib/b.o': b = '', 'lib/a.o': a = '' } = kernel
    const lost = { 'lib/a.o': a.replace(/^f .*\n/m, ''), 'lib/b.o': b }
    expect(await update(tree, { amd64: lost })).toMatchObject({ result: 'refused' })
    expect(await update(tree, { amd64: lost }, { accepted: new Set(['f']) })).toMatchObject({ result: 'updated' })
    expect(tree.read(list)).toMatch(/^0x\S+\tg\tvmlinux\tEXPORT_SYMBOL\t\n$/)
    expect(await check(tree)).toMatchObject({ protected: 1, reproduced: 1, problems: [] })
  })

  it('refuses to remove the last row', async () => {
    const tree = await released('amd64')
    const gone = { 'lib/c.o': 'i int i \n' }
    const before = states(tree)
    const outcome = await update(tree, { amd64: gone }, { accepted: new Set(['f', 'g']) })
    expect(outcome).toMatchObject({ result: 'error', updates: [], problems: [{ kind: 'empty-whitelist' }] })
    expect(states(tree)).toEqual(before)
  })

  it('says in a dry run what it would do, and writes nothing', async () => {
    const tree = await released('amd64')
    const before = states(tree)
    const change = { accepted: new Set(['f']), names: namesOf('h'), dryRun: true }
    const { result, updates } = await update(tree, { amd64: patched }, change)
    expect(result).toBe('planned')
    expect(updates).toMatchObject([{ plan: { added: [{ symbol: 'h' }], changed: [{ symbol: 'f' }] } }])
    expect(states(tree)).toEqual(before)
    expect(await update(tree, { amd64: patched }, { dryRun: true })).toMatchObject({ result: 'refused' })
  })

  it.each([['typo'], ['*'], ['all']])('refuses to accept %s, which stands on no list', async (symbol) => {
    const tree = await released('amd64')
    const outcome = await update(tree, { amd64: patched }, { accepted: new Set(['f', symbol]) })
    expect(outcome).toMatchObject({ result: 'error', problems: [{ kind: 'usage' }] })
  })

  it('notes an accepted symbol that did not change', async () => {
    const tree = await released('amd64')
    const outcome = await update(tree, { amd64: patched }, { accepted: new Set(['f', 'g']) })
    expect(outcome).toMatchObject({ result: 'updated', problems: [{ kind: 'nothing-accepted' }] })
  })

  it('refuses a name that no variant exports, and leaves it out where that is allowed', async () => {
    const tree = await released('amd64')
    const names = namesOf('h typo')
    expect(await update(tree, { amd64: kernel }, { names })).toMatchObject({
      result: 'error',
      problems: [{ kind: 'not-exported', excerpt: ['typo'] }],
    })
    expect(await update(tree, { amd64: kernel }, { names, allowAbsent: true })).toMatchObject({
      result: 'updated',
      updates: [{ plan: { added: [{ symbol: 'h' }], absent: ['typo'] } }],
    })
  })
})

describe('an update and the files beside the list', () => {
  it('mends types that an interruption left beside an old list', async () => {
    const tree = await released('amd64')
    const old = tree.read(list)
    await update(tree, { amd64: patched }, { accepted: new Set(['f']) })
    tree.write(list, old)
    expect((await check(tree)).problems).toMatchObject([{ kind: 'list-differs' }, { kind: 'types-differ' }])
    await update(tree, { amd64: patched }, { accepted: new Set(['f']) })
    expect(await check(tree)).toMatchObject({ reproduced: 2, problems: [] })
  })

  it.each<['full' | 'prebuilt', string[]]>([
    ['full', ['symtypes.gz', 'baseline.yml']],
    ['prebuilt', ['symtypes.gz', 'baseline.yml']],
  ])('refuses rows from strategy %s that %j would not belong to', async (by, stale) => {
    const tree = await released('amd64')
    const before = states(tree)
    const outcome = await update(tree, { amd64: kernel }, { by, names: namesOf('h') })
    expect(outcome.result).toBe('error')
    const files = outcome.problems.filter(({ kind }) => kind === 'stale-files').map(({ place }) => place?.file)
    expect(files).toEqual(stale.map((name) => tree.path('whitelists/amd64', name)))
    expect(await update(tree, { amd64: kernel }, { by })).toMatchObject({ result: 'updated' })
    expect(states(tree)).toEqual(before)
  })

  it('adds rows to a list that has nothing beside it, whatever the strategy', async () => {
    const tree = await released('amd64')
    for (const name of ['symtypes.gz', 'baseline.yml']) rmSync(tree.path('whitelists/amd64', name))
    expect(await update(tree, { amd64: kernel }, { by: 'prebuilt', names: namesOf('h') })).toMatchObject({
      result: 'updated',
    })
    expect(readdirSync(tree.path('whitelists/amd64'))).toEqual(['kabi_whitelist'])
    await update(tree, { amd64: kernel })
    expect(await check(tree)).toMatchObject({ protected: 3, reproduced: 3, baseline: true, problems: [] })
  })

  it('renews a baseline that says something else than where the kernel came from', async () => {
    const tree = await released('amd64')
    const baseline = 'whitelists/amd64/baseline.yml'
    const text = tree.read(baseline)
    tree.write(baseline, text.replace(/tree-digest: .*/, `tree-digest: "${'c'.repeat(64)}"`))
    const moved = tree.read(baseline)
    await update(tree, { amd64: kernel })
    expect(tree.read(baseline)).toBe(moved)
    tree.write(baseline, moved.replace('CONFIG_SMP: y', 'CONFIG_SMP: n'))
    await update(tree, { amd64: kernel })
    expect(tree.read(baseline)).toContain('CONFIG_SMP: y')
  })
})

describe('an update and a kernel that is built in another way', () => {
  it('says what differs, and records it once the rows are brought up to it', async () => {
    const tree = await released('amd64')
    const baseline = 'whitelists/amd64/baseline.yml'
    tree.write(baseline, tree.read(baseline).replace('CONFIG_SMP: y', 'CONFIG_SMP: n'))
    expect(await update(tree, { amd64: patched })).toMatchObject({
      result: 'refused',
      problems: [
        { kind: 'compared-anyway', variant: 'amd64', excerpt: ['CONFIG_SMP: baseline n, now y'] },
      ],
    })
    await update(tree, { amd64: patched }, { accepted: new Set(['f']) })
    expect(await update(tree, { amd64: patched })).toMatchObject({ result: 'updated', problems: [] })
  })

  it.each([
    ['of another variant', 'version: 1\nvariant: s390x\n'],
    ['that is none', 'version: 1\n'],
  ])('leaves everything alone beside a baseline %s', async (_, text) => {
    const tree = await released('amd64')
    tree.write('whitelists/amd64/baseline.yml', text)
    const before = states(tree)
    expect(await update(tree, { amd64: kernel })).toMatchObject({
      result: 'error',
      problems: [{ kind: 'baseline', variant: 'amd64' }],
    })
    expect(states(tree)).toEqual(before)
  })
})

describe('an update of a list that is not its own', () => {
  it.each<[string, string, RegExp]>([
    ['a list of names', 'f\ng\n', /This is a list of names/],
    ['an Ubuntu list', 'EXPORT_SYMBOL\tvmlinux 0x1\tf\n', /an Ubuntu ABI file/],
    ['a list out of order', '0x00000002\tg\n0x00000001\tf\n', /Line 1 is not/],
    ['a row without checksum', '# x\n-\tf\n0x00000001\tg\n', /no checksum/],
  ])('refuses %s', async (_, text, message) => {
    const tree = fakeTree(['amd64'])
    tree.write(list, text)
    const outcome = await update(tree, { amd64: kernel })
    expect(outcome).toMatchObject({ result: 'error', problems: [{ variant: 'amd64' }] })
    expect(outcome.problems[0]?.message).toMatch(message)
    expect(tree.read(list)).toBe(text)
  })

  it('refuses names with checksums beside them, and a folder, and says how to convert them', async () => {
    const joined = fakeTree(['amd64'])
    joined.write('whitelists/kabi_whitelist_amd64', 'f\n')
    joined.write('whitelists/Module.kabi_amd64', '0x00000001\tf\tvmlinux\tEXPORT_SYMBOL\n')
    const folder = fakeTree(['amd64'])
    folder.write('whitelists/kabi_amd64/f', '#6-\n0x00000001\tf\tvmlinux\tEXPORT_SYMBOL\t\n')
    for (const tree of [joined, folder]) {
      const { problems } = await update(tree, { amd64: kernel })
      expect(problems).toMatchObject([{ kind: 'not-canonical' }])
      expect(problems[0]?.advice).toContain('whitelist import')
    }
  })

  it('refuses a list that two variants share, until one of them is chosen', async () => {
    const tree = await released('amd64', 's390x')
    const yml = tree.read('kabi.yml').replaceAll('arch: x86_64', `arch: x86_64, whitelist: ${list}`)
    tree.write('kabi.yml', yml)
    const kernels = { amd64: kernel, s390x: kernel }
    expect(await update(tree, kernels)).toMatchObject({ result: 'error', problems: [{ kind: 'config' }] })
    expect(await update(tree, kernels, { variants: ['amd64'] })).toMatchObject({ result: 'updated' })
  })

  it('refuses a variant without a list', async () => {
    expect(await update(fakeTree(['amd64']), { amd64: kernel })).toMatchObject({
      result: 'error',
      problems: [{ kind: 'no-whitelist' }],
    })
  })
})
