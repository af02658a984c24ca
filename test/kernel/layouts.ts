import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { stringify } from 'yaml'
import { runCli } from '../e2e/run-bundle.ts'
import type { JsonReport } from '../report/report-schema.ts'
import { patched } from './kernel-copy.ts'

/**
 * The committed bundle on changes of a real kernel that no checksum tells of, native and cross compiled: each is judged by what it
 * does to memory. The list has the exports of one object, so that the test stays short.
 */

const shipped = resolve(import.meta.dirname, '../../whitelists/debian-12')
const work = mkdtempSync(join(tmpdir(), 'kabi-layouts-'))
const tree = inject('tree')
const variants = { amd64: { arch: 'x86_64' }, s390x: { arch: 's390', 'cross-compile': 's390x-linux-gnu-' } }

afterAll(() => rmSync(work, { recursive: true }))

function on(command: readonly string[], ...args: readonly string[]) {
  const where = ['--config', join(work, 'kabi.yml'), '--source', tree, '--work-dir', inject('builds')]
  return runCli([...command, ...where, ...args])
}

beforeAll(async () => {
  mkdirSync(join(work, 'lists'))
  const settings = Object.entries(variants).map(([name, variant]) => [
    name,
    { ...variant, config: join(shipped, name, 'config.gz') },
  ])
  // As the shipped configuration has it, so that what is prepared serves here, too.
  const keys = { MODULE_SIG_KEY: 'certs/signing_key.pem', SYSTEM_TRUSTED_KEYS: '' }
  const defaults = { config: { set: keys } }
  writeFileSync(
    join(work, 'kabi.yml'),
    stringify({
      version: 1,
      whitelists: 'lists',
      defaults,
      variants: Object.fromEntries(settings) as object,
    }),
  )
  writeFileSync(join(work, 'names'), 'scsi_host_alloc\nscsi_remove_host\n')
  const { code, stderr } = await on(['whitelist', 'create'], '--names', join(work, 'names'))
  expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
})

/** The report on a change of one file. */
function reportOn(file: string, edit: readonly [string, string]): Promise<JsonReport> {
  return patched({ tree, work }, file, edit, async (patch) => {
    const { stdout } = await on(['check'], '--patch', patch, '--json')
    return JSON.parse(stdout) as JsonReport
  })
}

const host = 'include/scsi/scsi_host.h'
const device = 'include/scsi/scsi_device.h'

describe('a change that no checksum tells of', () => {
  it('is none where nothing changed', async () => {
    const { code, stdout } = await on(['check'], '--json')
    const { result, layouts, problems } = JSON.parse(stdout) as JsonReport
    expect([code, result, layouts, problems]).toEqual([0, 'pass', [], []])
  })

  it.each<[what: string, file: string, edit: readonly [string, string], type: string, member: string | null]>(
    [
      [
        'a field that is hidden from genksyms',
        host,
        [
          '\tatomic_t host_blocked;\n',
          '#ifndef __GENKSYMS__\n\tu64 hidden;\n#endif\n\tatomic_t host_blocked;\n',
        ],
        's#Scsi_Host',
        'host_blocked',
      ],
      [
        'an attribute that genksyms never sees',
        device,
        [
          '} __attribute__((aligned(sizeof(unsigned long))));\n\n#define to_scsi_target',
          '} __attribute__((aligned(64)));\n\n#define to_scsi_target',
        ],
        's#scsi_target',
        null,
      ],
      [
        'an enumerator that is hidden from genksyms',
        host,
        ['\tSHOST_RUNNING,\n', '#ifndef __GENKSYMS__\n\tSHOST_HIDDEN,\n#endif\n\tSHOST_RUNNING,\n'],
        'e#scsi_host_state',
        'SHOST_RUNNING',
      ],
    ],
  )('breaks the run of both variants by the type and the member: %s', async (_, file, edit, type, member) => {
    const { result, findings, layouts } = await reportOn(file, edit)
    expect([result, findings]).toEqual(['break', []])
    const own = layouts.filter(({ name }) => name === type)
    expect(own.map(({ variant, severity, moves }) => [variant, severity, moves])).toEqual([
      ['amd64', 'fail', true],
      ['s390x', 'fail', true],
    ])
    for (const { differences, untold, patch } of own) {
      expect(untold).toContain('scsi_host_alloc')
      if (member !== null) expect(differences.map((one) => one.member)).toContain(member)
      expect(patch?.[0]?.file).toBe(file)
    }
  })

  it.each<[what: string, file: string, edit: readonly [string, string], type: string, expected: string]>([
    [
      'a field in a hole',
      device,
      [
        '\tchar\t\t\tscsi_level;\n\tenum',
        '\tchar\t\t\tscsi_level;\n#ifndef __GENKSYMS__\n\tu8 fits;\n#endif\n\tenum',
      ],
      's#scsi_target',
      'in-hole',
    ],
    [
      'a field beside a released one',
      host,
      [
        '\tunsigned int max_host_blocked;\n\n\t/* Protection',
        '#ifdef __GENKSYMS__\n\tunsigned int max_host_blocked;\n#else\n\tunion {\n\t\tunsigned int max_host_blocked;\n\t\tu32 beside;\n\t};\n#endif\n\n\t/* Protection',
      ],
      's#Scsi_Host',
      'in-union',
    ],
  ])('passes where it moves nothing, and is told of: %s', async (_, file, edit, type, expected) => {
    const { result, layouts, hidden } = await reportOn(file, edit)
    expect(result).toBe('pass')
    expect(layouts.map((one) => [one.name, one.severity, one.moves])).toEqual([
      [type, 'warn', false],
      [type, 'warn', false],
    ])
    expect(layouts.flatMap(({ differences }) => differences.map((one) => one.class))).toEqual([
      expected,
      expected,
    ])
    expect(hidden.map((line) => [line.layout, line.types])).toEqual([['harmless', [type]]])
  })
})
