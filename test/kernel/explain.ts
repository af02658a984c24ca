import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { runCli } from '../e2e/run-bundle.ts'
import type { JsonReport } from '../report/report-schema.ts'
import { patched } from './kernel-copy.ts'

/**
 * The committed bundle explains patches of a real kernel, one after the other in one tree: what changed, by which line, and
 * that a repair brings the checksum back. One object tells all of it.
 */

const config = resolve(import.meta.dirname, '../../whitelists/debian-12/kabi.yml')
const work = mkdtempSync(join(tmpdir(), 'kabi-explain-'))
const tree = inject('tree')
const symbol = 'attribute_container_find_class_device'

const places = { tree, work }

afterAll(() => rmSync(work, { recursive: true }))

function explain(...args: readonly string[]) {
  const where = ['--config', config, '--variant', 'amd64', '--source', tree]
  return runCli(['explain', ...args, ...where, '--work-dir', inject('builds')])
}

async function explanationOf(patch: string) {
  const { code, stdout } = await explain(symbol, '--patch', patch, '--format', 'json')
  const report = JSON.parse(stdout) as JsonReport
  expect(report.problems.filter((problem) => problem.class !== 'note')).toEqual([])
  expect(code).toBe(0)
  expect(report.explanation).toMatchObject({ changed: 1, proven: 1, unexplained: [] })
  return report
}

describe('the explanation of a patch', () => {
  it('that adds a field to struct device names the structure, the field and its line', async () => {
    const edit = ['\tbool\t\t\toffline:1;\n', '\tbool\t\t\toffline:1;\n\tint\t\t\tkabi_gate_test;\n'] as const
    await patched(places, 'include/linux/device.h', edit, async (patch) => {
      const { explanation, result } = await explanationOf(patch)
      expect(result).toBe('break')
      const [cause, ...others] = explanation?.causes ?? []
      expect(others).toEqual([])
      expect(cause).toMatchObject({
        name: 's#device',
        alone: 1,
        chain: expect.arrayContaining([symbol, 's#device']) as unknown,
        changes: [{ class: 'field-added', subject: 'int kabi_gate_test' }],
        place: { file: 'include/linux/device.h' },
        patch: [{ file: 'include/linux/device.h', kind: 'added', text: '\tint\t\t\tkabi_gate_test;' }],
      })
      const text = await explain('struct', 'device', '--patch', patch, '--try')
      expect([text.code, text.stdout]).toEqual([1, expect.stringContaining('not yet: ')])
    })
    const { code, stdout } = await explain('--try', symbol)
    expect(stdout).toBe('the checksum is back: 1 of 1 checksum as in the whitelist\n')
    expect(code).toBe(0)
  })

  it('that inserts an enumerator says so, and whose values follow', async () => {
    await patched(
      places,
      'include/linux/pm.h',
      ['\tRPM_RESUMING,\n', '\tRPM_TESTING,\n\tRPM_RESUMING,\n'],
      async (patch) => {
        const { explanation } = await explanationOf(patch)
        const lines = explanation?.causes.flatMap((cause) => cause.patch ?? [])
        expect(lines).toContainEqual(
          expect.objectContaining({ file: 'include/linux/pm.h', kind: 'added', text: '\tRPM_TESTING,' }),
        )
        expect(explanation?.causes.map(({ name, changes }) => [name, changes[0]?.class])).toContainEqual([
          'e#rpm_status',
          'enumerator-inserted',
        ])
      },
    )
  })

  it('that adds an include names the include as the usual false alarm', async () => {
    const edit = [
      '#include <linux/module.h>\n',
      '#include <linux/fwnode.h>\n#include <linux/module.h>\n',
    ] as const
    // The list of the release does not record whether the compiler had the body then, so it is not called defined.
    await patched(places, 'drivers/base/attribute_container.c', edit, async (patch) => {
      const { explanation } = await explanationOf(patch)
      const cause = explanation?.causes.find(({ name }) => name === 's#fwnode_handle')
      expect(cause).toMatchObject({
        changes: [{ class: 'body-seen' }],
        place: { file: 'include/linux/fwnode.h' },
        patch: [
          { file: 'drivers/base/attribute_container.c', kind: 'added', text: '#include <linux/fwnode.h>' },
        ],
      })
      expect(
        explanation?.causes.every(({ changes }) => changes.every((one) => one.class === 'body-seen')),
      ).toBe(true)
    })
  })
})
