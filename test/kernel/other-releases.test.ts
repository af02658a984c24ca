import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { runCli } from '../e2e/run-bundle.ts'

/**
 * The committed bundle on kernels of other Debian releases, against the Module.symvers that Debian's builds made. KABI_RELEASES
 * names a folder with a folder for each, which holds `linux`, the source, and `headers`, its configuration and table.
 */

const folder = process.env['KABI_RELEASES'] ?? ''
const releases = folder === '' ? [] : readdirSync(folder)

const work = mkdtempSync(join(tmpdir(), 'kabi-releases-'))
afterAll(() => rmSync(work, { recursive: true }))

/** Names that no source says: macros of C and of the assembler put them together. */
const made =
  /^(?:netdev_warn|param_set_ullong|param_ops_int|__x86_indirect_thunk_\w+|__tracepoint_xdp_exception|__SCK__\w+_sched_\w+|\w+_cgrp_subsys_enabled_key|memcpy)$/

/** Every four-hundredth export, and those that macros make. */
function part(table: string): readonly string[] {
  const names = table.split('\n').map((row) => row.split('\t')[1] ?? '')
  return names.filter((name, at) => name !== '' && (at % 400 === 0 || made.test(name)))
}

/** Those of Debian are only at its own build; no checksum depends on them. */
const keys = { MODULE_SIG_KEY: 'certs/signing_key.pem', SYSTEM_TRUSTED_KEYS: '' }

/** What the compiler of the release answers, which is a newer one: `__cold` depends on it, and with it `netdev_warn`. */
function assumed(place: string): { readonly assume?: Readonly<Record<string, string>> } {
  const option = 'CC_HAS_SANE_FUNCTION_ALIGNMENT'
  const has = readFileSync(join(place, 'linux/arch/Kconfig'), 'utf8').includes(`config ${option}\n`)
  return has ? { assume: { [option]: 'y' } } : {}
}

describe.skipIf(releases.length === 0)('a kernel of another release', () => {
  it.each(releases)('%s: every checksum of a part of its exports is the official one', async (release) => {
    const place = join(folder, release)
    const names = part(readFileSync(join(place, 'headers/Module.symvers'), 'utf8'))
    expect(names.length).toBeGreaterThan(60)
    const list = join(work, `${release}.names`)
    writeFileSync(list, `${names.join('\n')}\n`)
    const config = join(work, `${release}.yml`)
    writeFileSync(
      config,
      stringify({
        version: 1,
        variants: {
          amd64: {
            arch: 'x86_64',
            config: { file: join(place, 'headers/.config'), set: keys },
            ...assumed(place),
          },
        },
      }),
    )
    const { code, stdout } = await runCli([
      ...['verify', '--source', join(place, 'linux'), '--config', config],
      ...['--symbols', list, '--against', join(place, 'headers/Module.symvers')],
      ...['--work-dir', join(work, release)],
    ])
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        `${names.length} of ${names.length} symbols equal, 0 missing, 0 surplus, 0 unknown, 0 different`,
      ) as string,
    })
  })
})
