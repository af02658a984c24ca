import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readEvidence, type Expectations } from '../../src/evidence/read-evidence.ts'
import { sha256 } from '../../src/evidence/sha256.ts'
import { writeEvidence } from '../../src/evidence/write-evidence.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { collector, commit, expected, sampleEvidence, symbols } from './sample-evidence.ts'

interface Leg {
  readonly path: (name: string) => string
  /** Changes the record, as somebody does who can write JSON. */
  readonly edit: (change: (record: Record<string, unknown>) => void) => void
  /** Puts another file in the place of one, and its size and digest into the record. */
  readonly replace: (name: string, content: Uint8Array | string) => void
}

/** What is said of good evidence after a change. */
async function toldOf(change: (leg: Leg) => void, expectations: Partial<Expectations> = {}) {
  const folder = temporaryFolder()
  await writeEvidence(folder, sampleEvidence(folder), collector, symbols)
  const path = (name: string): string => join(folder, 'x86_64', name)
  const edit: Leg['edit'] = (some) => {
    const record = JSON.parse(readFileSync(path('evidence.json'), 'utf8')) as Record<string, unknown>
    some(record)
    writeFileSync(path('evidence.json'), JSON.stringify(record))
  }
  const replace: Leg['replace'] = (name, content) => {
    writeFileSync(path(name), content)
    const bytes = readFileSync(path(name))
    edit((record) => {
      record['files'] = {
        ...(record['files'] as object),
        [name]: { size: bytes.length, sha256: sha256(bytes) },
      }
    })
  }
  change({ path, edit, replace })
  const { value, problems } = await readEvidence(join(folder, 'x86_64'), { ...expected, ...expectations })
  const told = value?.kind === 'failure' ? value.problems : problems
  return {
    accepted: value?.kind === 'evidence',
    kinds: told.map(({ kind }) => kind),
    message: told[0]?.message ?? '',
  }
}

/** Many archives in a row are one that unpacks to all of them. */
function bomb(mebibytes: number): Uint8Array {
  const one = gzipSync(new Uint8Array(1024 * 1024).fill(10))
  return Buffer.concat(Array.from({ length: mebibytes }, () => one))
}

// The bombs take their time to unpack on a busy machine.
const patient = { timeout: 120_000 }

describe('readEvidence', patient, () => {
  it('accepts good evidence', async () => {
    expect(await toldOf(() => undefined, { commit })).toEqual({ accepted: true, kinds: [], message: '' })
    expect(
      (await toldOf(({ replace, path }) => replace('Module.symvers', readFileSync(path('Module.symvers')))))
        .accepted,
    ).toBe(true)
  })

  it.each<[string, (leg: Leg) => void, RegExp]>([
    [
      'a symvers of 100 MB',
      ({ path }) => truncateSync(path('Module.symvers'), 100_000_000),
      /100000000 bytes, more than/,
    ],
    [
      'a record of 5 MB',
      ({ path }) => truncateSync(path('evidence.json'), 5_000_000),
      /5000000 bytes, more than/,
    ],
    [
      'a symbolic link in place of a file',
      ({ path }) => {
        cpSync(path('Module.symvers'), path('../elsewhere'))
        rmSync(path('Module.symvers'))
        symlinkSync('../elsewhere', path('Module.symvers'))
      },
      /no regular file/,
    ],
    [
      'a symbolic link in place of the record',
      ({ path }) => {
        cpSync(path('evidence.json'), path('../elsewhere'))
        rmSync(path('evidence.json'))
        symlinkSync('../elsewhere', path('evidence.json'))
      },
      /no regular file/,
    ],
    [
      'a symbolic link in place of the folder',
      ({ path }) => {
        cpSync(path(''), path('../elsewhere'), { recursive: true })
        rmSync(path(''), { recursive: true })
        symlinkSync('elsewhere', path('../x86_64'))
      },
      /is no folder/,
    ],
    [
      'a FIFO',
      ({ path }) => {
        rmSync(path('symtypes.gz'))
        execFileSync('mkfifo', [path('symtypes.gz')])
      },
      /no regular file/,
    ],
    ['a file that does not belong there', ({ path }) => writeFileSync(path('run.sh'), ''), /does not belong/],
    ['a folder in it', ({ path }) => mkdirSync(path('more')), /does not belong/],
    [
      'a file with another digest',
      ({ path }) => {
        const file = path('Module.symvers')
        writeFileSync(file, readFileSync(file, 'utf8').replace('0x', '0X'))
      },
      /size and digest/,
    ],
    [
      'types with another digest',
      ({ path }) => writeFileSync(path('symtypes.gz'), bomb(0)),
      /size and digest/,
    ],
    ['layouts that are a bomb', ({ replace }) => replace('layouts.gz', bomb(9)), /more than/],
    [
      'layouts that were cut',
      ({ replace }) => replace('layouts.gz', gzipSync('kabi-gate layouts, version 1\npointer 8\n')),
      /ends before its last line/,
    ],
    [
      'layouts that no record names',
      ({ path }) => writeFileSync(path('layouts.gz'), gzipSync('')),
      /not named in evidence.json/,
    ],
    ['a file that is gone', ({ path }) => rmSync(path('Module.symvers')), /does not exist/],
    [
      'a file that the record does not name',
      ({ edit }) =>
        edit((record) => {
          const files = { ...(record['files'] as Record<string, unknown>) }
          Reflect.deleteProperty(files, 'symtypes.gz')
          record['files'] = files
        }),
      /not named/,
    ],
    [
      'a record that was cut off',
      ({ path }) => {
        truncateSync(path('evidence.json'), readFileSync(path('evidence.json')).length - 10)
      },
      /not complete JSON/,
    ],
    [
      'a record that is a list',
      ({ path }) => writeFileSync(path('evidence.json'), '[]'),
      /not as the format/,
    ],
    [
      'an unknown key',
      ({ edit }) =>
        edit((record) => {
          record['colour'] = 'red'
        }),
      /colour/,
    ],
    [
      'an unknown key inside',
      ({ edit }) =>
        edit((record) => {
          Object.assign(record['how'] as object, { path: '/' })
        }),
      /"how"/,
    ],
    [
      'a name that is no variant’s',
      ({ edit }) =>
        edit((record) => {
          record['variant'] = '../x86_64'
        }),
      /"variant"/,
    ],
    [
      'an error among the notes',
      ({ edit }) =>
        edit((record) => {
          record['notes'] = [{ kind: 'build-failed', message: 'x', variant: 'x86_64' }]
        }),
      /a note that is an error/,
    ],
    [
      'a problem of another variant',
      ({ edit }) =>
        edit((record) => {
          record['notes'] = [{ kind: 'no-types', message: 'x', variant: 'arm64' }]
        }),
      /another variant/,
    ],
    [
      'a failure without a reason',
      ({ edit }) =>
        edit((record) => {
          const { version, variant, tool, plan, base } = record
          for (const key of Object.keys(record)) Reflect.deleteProperty(record, key)
          Object.assign(record, { version, variant, tool, plan, base, kind: 'failure', problems: [] })
        }),
      /without an error/,
    ],
    [
      'an object outside of the tree',
      ({ edit }) =>
        edit((record) => {
          Object.assign(record['build'] as object, { objects: [['../../a.o', []]] })
        }),
      /no path of an object/,
    ],
    ['a bomb of types', ({ replace }) => replace('symtypes.gz', bomb(513)), /unpacks to more than/],
    ['a bomb of dependencies', ({ replace }) => replace('dependencies.gz', bomb(33)), /unpacks to more than/],
    ['types that are not packed', ({ replace }) => replace('symtypes.gz', '/* lib/a.o */\n'), /no gzip/],
    [
      'types of an object that is not known',
      ({ replace }) => {
        replace('symtypes.gz', gzipSync('/* lib/z.symtypes */\nf int f ( void )\n'))
      },
      /"lib\/z"/,
    ],
    [
      'a dependency above the tree',
      ({ replace }) => {
        const content = { version: 1, tree: ['../../etc/passwd'], generated: [], objects: [] }
        replace('dependencies.gz', gzipSync(JSON.stringify(content)))
      },
      /as the format/,
    ],
    [
      'an absolute dependency',
      ({ replace }) => {
        const content = { version: 1, tree: ['/etc/passwd'], generated: [], objects: [] }
        replace('dependencies.gz', gzipSync(JSON.stringify(content)))
      },
      /as the format/,
    ],
    [
      'more exports than places',
      ({ replace, path }) => {
        const rows = readFileSync(path('Module.symvers'), 'utf8')
        replace('Module.symvers', `${rows}0x11111111\tk\tvmlinux\tEXPORT_SYMBOL\t\n`)
      },
      /4 exports.*places of 3/,
    ],
    [
      'a place in a file that is not listed',
      ({ edit }) =>
        edit((record) => {
          Object.assign(record['symvers'] as object, { files: [] })
        }),
      /place is in no file/,
    ],
    [
      'a symvers in other bytes than UTF-8',
      ({ replace }) => replace('Module.symvers', new Uint8Array([0xff, 0xfe])),
      /UTF-8/,
    ],
  ])('refuses %s', async (_, change, message) => {
    const told = await toldOf(change)
    expect(told.accepted).toBe(false)
    expect(told.message).toMatch(message)
    expect(['bad-evidence', 'unreadable']).toContain(told.kinds[0])
  })

  it('refuses names of symbols that are none, as every reader does', async () => {
    const row = '0x11111111\t</td><script>\tvmlinux\tEXPORT_SYMBOL\t\n'
    expect((await toldOf(({ replace }) => replace('Module.symvers', row))).kinds).toEqual(['malformed-line'])
  })

  it.each<[string, string, string]>([
    [
      'one endless definition',
      `s#x struct x { ${'int a ; '.repeat(200_000)}}\n`,
      'a definition of more than 1048576 bytes on line 2',
    ],
    ['endless short lines', '#\n'.repeat(300_000), 'more than 120000 lines'],
    ['endless empty lines', '\n'.repeat(300_000), 'more than 120000 lines'],
    [
      'endless references',
      `s#x struct x { ${'s#x '.repeat(100_000)}}\n`.repeat(11),
      'more than 1000000 references to types',
    ],
  ])('refuses a short file that unpacks to %s', async (_name, text, says) => {
    const told = await toldOf(({ replace }) =>
      replace('symtypes.gz', gzipSync(`/* lib/o.symtypes */\n${text}`)),
    )
    expect(told.kinds).toEqual(['bad-evidence'])
    expect(told.message).toContain(says)
  })

  it('refuses dependencies that are lists of nothing, of which each costs more than its text', async () => {
    const told = await toldOf(({ replace }) =>
      replace('dependencies.gz', gzipSync(`{"version":1,"tree":[${'[],'.repeat(110_000)}""]}`)),
    )
    expect(told.kinds).toEqual(['bad-evidence'])
  })

  it.each<[string, (leg: Leg) => void, Partial<Expectations>, string]>([
    [
      'another version of the tool',
      () => undefined,
      { tool: { name: 'kabi-gate', version: '1.2.4' } },
      'kabi-gate 1.2.3',
    ],
    [
      'another plan',
      () => undefined,
      { plans: new Map([['x86_64', 'e'.repeat(64)]]) },
      'another architecture',
    ],
    ['another commit', () => undefined, { commit: 'd'.repeat(40) }, `commit ${commit}`],
    [
      'an unknown tree',
      ({ edit }) =>
        edit((record) => {
          record['tree'] = null
        }),
      { commit },
      'no commit is known',
    ],
    [
      'a changed tree',
      ({ edit }) =>
        edit((record) => {
          record['tree'] = { digest: 'e'.repeat(64) }
        }),
      { commit },
      'no unchanged commit',
    ],
    [
      'another format',
      ({ edit }) =>
        edit((record) => {
          record['version'] = 1
        }),
      {},
      'version 1',
    ],
  ])('refuses evidence of %s as stale', async (_, change, expectations, message) => {
    const told = await toldOf(change, expectations)
    expect(told).toMatchObject({ accepted: false, kinds: ['stale-evidence'] })
    expect(told.message).toContain(message)
  })

  it('refuses the evidence of a variant that the plan does not have', async () => {
    expect(await toldOf(() => undefined, { plans: new Map() })).toMatchObject({ kinds: ['bad-evidence'] })
  })
})
