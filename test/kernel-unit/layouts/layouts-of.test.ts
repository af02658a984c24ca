import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ListedObject } from '../../../src/kernel/exports/dry-run-reader.ts'
import type { ObjectInputs } from '../../../src/kernel/exports/object-inputs.ts'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import { layoutsOf } from '../../../src/kernel/layouts/layouts-of.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'

const path = folderOfEachTest()

describe('layouts of objects whose types were written down', () => {
  it('are not known at all when the types of one cannot be read', async () => {
    const types = path('a.symtypes')
    writeFileSync(types, 's#x struct x { int a ; }\nf int f ( s#gone * )\n')
    const listed = [{ object: 'lib/a.o', compile: ['false'] } as unknown as ListedObject]
    const objects = new Map([['lib/a.o', { exports: ['f'], types, dependencies: [] }]])
    const tree = { results: path('.'), work: path('.') } as KernelTree
    const found = await layoutsOf(
      tree,
      { objects, listed, inputs: {} as ObjectInputs },
      'all',
      () => undefined,
    )
    expect(found.layouts).toBeUndefined()
    expect(found.notes).toMatchObject([{ kind: 'no-layouts' }])
    expect(found.notes[0]?.message).toContain('The types of lib/a.o could not be read')
  })
})
