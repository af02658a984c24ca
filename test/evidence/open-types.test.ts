import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { evidenceFiles } from '../../src/evidence/evidence-files.ts'
import { openTypes } from '../../src/evidence/open-types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { collector, sampleEvidence, symbols } from './sample-evidence.ts'

it('a short file whose objects repeat a long definition is opened for one of them, not for all at once', async () => {
  const long = `s#x struct x { ${'int a ; '.repeat(100_000)}}`
  const text = Array.from(
    { length: 100 },
    (_, at) => `/* lib/o${at}.symtypes */\n${at === 0 ? `${long}\n` : ''}f${at} s#x f\n`,
  )
  const sent = { file: 'symtypes.gz', bytes: gzipSync(text.join('\n') + '\n') }
  const one = await openTypes(sent, (object) => object === 'lib/o7')
  expect([...(one.value?.keys() ?? [])]).toEqual(['lib/o7'])
  expect(one.value?.get('lib/o7')?.length).toBeGreaterThan(long.length)
  const all = await openTypes(sent, () => true)
  expect([all.value, all.problems.map(({ kind }) => kind)]).toEqual([undefined, ['unreadable']])
  expect(all.problems[0]?.message).toContain('bytes of type definitions')
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
