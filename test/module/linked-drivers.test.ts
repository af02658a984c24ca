import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readDrivers } from '../../src/module/read-drivers.ts'
import { checkDeps } from '../../src/vendor/deps/check-deps.ts'
import { readExports } from '../../src/vendor/deps/read-exports.ts'
import { readModules } from '../../src/module/read-modules.ts'
import { workspace } from '../support/workspace.ts'
import { buildModule } from './build-module.ts'

/** As a driver package leaves it: the driver, and a link to it for a kernel of another release. */
function installed() {
  const folder = workspace({
    '5.14.0-1/extra/igb.ko': buildModule({ imports: { kfree: 1 } }),
    '5.14.0-2/weak-updates/README': '',
  })
  const [file, link] = [join(folder, '5.14.0-1/extra/igb.ko'), join(folder, '5.14.0-2/weak-updates/igb.ko')]
  symlinkSync(file, link)
  return { folder, file, link }
}

it('a link to a driver of the set counts once, in whatever way the set is given', async () => {
  const { folder, file, link } = installed()
  const sets = [[folder], [link, file], [file, link], [join(folder, '5.14.0-2'), join(folder, '5.14.0-1')]]
  for (const paths of sets) {
    const { value, problems } = await readDrivers(paths)
    expect(problems).toEqual([])
    expect(value.map((driver) => driver.file)).toEqual([file])
  }
  expect((await readModules([link, file])).value.map((driver) => driver.file)).toEqual([file])
  expect((await readExports([link, file])).value.map((module) => module.file)).toEqual([file])
})

it('a link to a driver that is not in the set is that driver', async () => {
  const { link } = installed()
  expect((await readDrivers([link])).value.map((driver) => driver.file)).toEqual([link])
})

it('a link that leads nowhere is an error', async () => {
  const { folder, file } = installed()
  symlinkSync('nowhere', join(folder, 'old.ko'))
  const { problems } = await readDrivers([folder])
  expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: join(folder, 'old.ko') } }])
  expect((await readModules([file, join(folder, 'old.ko')])).problems).toHaveLength(1)
})

it('a link to a driver disk that is given too counts once', async () => {
  const folder = workspace({
    'dd/rhdd3': 'Drivers\n',
    'dd/modules/igb.ko': buildModule({ imports: { kfree: 1 } }),
  })
  symlinkSync('dd', join(folder, 'latest'))
  const { value } = await checkDeps({
    paths: ['latest', 'dd'].map((name) => join(folder, name)),
    tables: { kernel: [], beside: [] },
    groups: undefined,
    arch: undefined,
  })
  expect(value.map(({ file }) => file)).toEqual([join(folder, 'dd')])
})
