import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { typePool } from '../../src/abi/types/type-pool.ts'
import { evidenceFiles } from '../../src/evidence/evidence-files.ts'
import { openTypes } from '../../src/evidence/open-types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { collector, sampleEvidence, symbols } from './sample-evidence.ts'

it('a short file whose objects repeat a long chain of definitions is refused, not put together', async () => {
  const chain = Array.from({ length: 50_000 }, (_, at) => `s#t${at} struct x { s#t${at + 1} * a ; }\n`)
  const first = `/* lib/o.symtypes */\n${chain.join('')}s#t50000 struct x { }\nf s#t0 f\n`
  const more = Array.from({ length: 1000 }, (_, at) => `/* lib/o${at}.symtypes */\nf${at} s#t0 f\n`)
  const sent = { file: 'symtypes.gz', bytes: gzipSync([first, ...more].join('\n')) }
  const one = await openTypes(sent, typePool(), (symbol) => symbol === 'f7')
  expect(one.value?.objects.map(({ object }) => object)).toEqual(['lib/o7'])
  expect(one.value?.objects[0]?.types.names).toHaveLength(50_002)
  const all = await openTypes(sent, typePool(), () => true)
  expect([all.value, all.problems.map(({ kind }) => kind)]).toEqual([undefined, ['unreadable']])
  expect(all.problems[0]?.message).toContain('more than 8000000 records')
})

it('what a leg sends is what a judge accepts: types with more lines are left out, with a note', async () => {
  const lines = Array.from({ length: 120_001 }, (_, at) => `s#t${at} struct t${at} { } \n`).join('')
  const all = Array.from({ length: 120_001 }, (_, at) => `s#t${at}`).join(' ')
  const evidence = sampleEvidence(temporaryFolder(), { 'lib/a.o': `${lines}f void f ( ${all} ) \n` })
  const { value } = await evidenceFiles(evidence, collector, symbols)
  expect([...(value?.keys() ?? [])].sort()).toEqual(['Module.symvers', 'dependencies.gz', 'evidence.json'])
  expect(Buffer.from(value?.get('evidence.json') ?? '').toString()).toContain(
    'will not tell why checksums changed: its types are larger than evidence may be.',
  )
})
