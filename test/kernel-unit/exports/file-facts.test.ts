import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openFactStore } from '../../../src/kernel/exports/file-facts.ts'
import { readKept, writeKept } from '../../../src/kernel/exports/kept-json.ts'

/** No file has such a digest: who finds it did not read the file. */
const remembered = 'f'.repeat(64)

let folder: string
let store: string
let source: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kabi-facts-'))
  store = join(folder, 'facts.json')
  source = join(folder, 'a.c')
  writeFileSync(source, '#include "b.c"\nEXPORT_SYMBOL(read_a);\n')
  const facts = await openFactStore(store)
  facts.of(source)
  await facts.save()
  const kept = JSON.stringify(await readKept(store, z.unknown()))
  await writeKept(store, JSON.parse(kept.replace(/[0-9a-f]{64}/, remembered)))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the memory of files', () => {
  it('spares a later run the reading of a file that is in the same state', async () => {
    const facts = await openFactStore(store)
    expect(facts.of(source)).toEqual({ digest: remembered, exported: ['read_a'], sources: ['b.c'] })
  })

  it('is not asked about a file that was written anew', async () => {
    writeFileSync(source, '/* nothing */\n')
    const facts = await openFactStore(store)
    expect(facts.of(source)?.digest).not.toBe(remembered)
    expect(facts.of(source)).not.toHaveProperty('exported')
  })

  it('is empty when it has another shape', async () => {
    await writeKept(store, { a: 1 })
    const facts = await openFactStore(store)
    expect(facts.of(source)?.digest).not.toBe(remembered)
  })
})
