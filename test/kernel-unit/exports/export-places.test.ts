import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exportPlaces } from '../../../src/kernel/exports/export-places.ts'
import { openFactStore } from '../../../src/kernel/exports/file-facts.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'

it('finds the file and line of an export, and the source alone for a name that a macro put together', async () => {
  const folder = temporaryFolder()
  const [source = '', part = ''] = ['main.c', 'part.c'].map((name) => join(folder, name))
  writeFiles(folder, {
    'main.c':
      'int a, ab;\nEXPORT_SYMBOL(ab);\nEXPORT_SYMBOL_NS_GPL( a, "NS");\nEXPORT_TRACEPOINT_SYMBOL(made);\n',
    'part.c': '\n\nMY_EXPORT_SYMBOL(part);\nEXPORT_SYMBOL(a);\nEXPORT_SYMBOL(\n\tbelow);\n',
  })
  const placeOf = exportPlaces(
    [source, part, join(folder, 'gone.h')],
    await openFactStore(join(folder, 'facts')),
  )
  expect(placeOf('a')).toEqual({ file: source, line: 3 })
  expect(placeOf('ab')).toEqual({ file: source, line: 2 })
  expect(placeOf('part')).toEqual({ file: part, line: 3 })
  expect(placeOf('below')).toEqual({ file: part, line: 0 })
  expect(placeOf('__tracepoint_made')).toEqual({ file: source, line: 0 })
})
