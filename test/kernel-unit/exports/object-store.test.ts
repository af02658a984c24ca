import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { EnabledObject } from '../../../src/kernel/exports/enabled-object.ts'
import type { Evaluation } from '../../../src/kernel/exports/evaluate-object.ts'
import { openObjectStore } from '../../../src/kernel/exports/object-store.ts'
import { portablePaths } from '../../../src/kernel/exports/portable-paths.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

it('removes what was not of use for the longest time, types and all, when it takes too much room', async () => {
  const folder = temporaryFolder()
  const paths = portablePaths({ source: '/source', output: '/output', work: '/work' })
  const inputs = {
    ...{ commands: () => '', files: () => '', dependencies: ([path = '']: readonly string[]) => path, paths },
    seen: { files: new Set<string>(), asksForFiles: false },
  }
  const objectOf = (name: string) => ({ object: name, checksums: { kind: 'genksyms' } }) as EnabledObject
  const evaluation = (name: string): Evaluation => ({
    kind: 'evaluation',
    exports: [
      { symbol: name, crc: 1, type: 'EXPORT_SYMBOL', namespace: undefined, file: '/source/a.c', line: 1 },
    ],
    dependencies: [`/source/${name}.c`],
    unseen: undefined,
  })
  const keep = async (names: readonly string[], most: number) => {
    const store = openObjectStore(folder, inputs, most)
    for (const name of names) {
      writeFileSync(join(folder, 'types'), 'x'.repeat(1000))
      await store.keep(objectOf(name), evaluation(name), join(folder, 'types'))
    }
    await store.bound()
    return store
  }
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const objects = ['a.o', 'b.o', 'c.o', 'd.o']
  const there = () => objects.filter((name) => files().some((file) => file.includes(`${name}/`)))
  await keep(objects.slice(0, 3), 1e9)
  objects.forEach((name, day) => {
    for (const file of files().filter((one) => one.includes(`${name}/`) && statSync(one).isFile()))
      utimesSync(file, day * 86_400, day * 86_400)
  })
  // `a.o` was of use again: what was kept of `b.o` is the oldest now.
  expect(await openObjectStore(folder, inputs).find(objectOf('a.o'))).toEqual(evaluation('a.o'))
  expect(there()).toEqual(['a.o', 'b.o', 'c.o'])
  const store = await keep(['d.o'], 4000)
  expect(there()).toEqual(['a.o', 'c.o', 'd.o'])
  expect(existsSync(store.typesOf(objectOf('d.o')) ?? '')).toBe(true)
  expect(await openObjectStore(folder, inputs).find(objectOf('b.o'))).toBeUndefined()
  // What this run goes on with stays, were it alone too large.
  await keep(['d.o'], 10)
  expect(there()).toEqual(['d.o'])
})
