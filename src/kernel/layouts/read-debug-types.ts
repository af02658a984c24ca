import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { temporaryFolder } from '../../io/drafts.ts'
import { readBytes } from '../../io/read-bytes.ts'
import { openElf } from '../../module/elf.ts'
import { run } from '../../processes/run.ts'
import type { Environment } from '../../processes/scrubbed-environment.ts'
import { readBtfTypes } from './btf-layouts.ts'
import type { DebugTypes } from './debug-types.ts'

/** A vmlinux with debug information has up to a gigabyte. */
const maxBytes = 2 ** 31 - 1

/**
 * Reads the types that a vmlinux, an object or a module carries for debuggers: BTF, or DWARF by way of `pahole`.
 *
 * Problems, with no types: `no-layout` (no ELF file, no types in it, a module's BTF, which cannot stand alone, without DWARF;
 * no pahole, or it failed), `interrupted`.
 */
export async function readDebugTypes(
  file: string,
  session: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Read<DebugTypes | undefined>> {
  const { value, problems } = await readBytes(file, { maxBytes })
  const [unreadable] = problems
  if (unreadable) return failed({ ...unreadable, kind: 'no-layout' })
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const elf = openElf(bytes)
  if (elf.kind === 'fault') return unknown(file, elf.reason)
  const section = elf.sections.find(({ name, size }) => name === '.BTF' && size > 0)
  const types =
    section && readBtfTypes(bytes.subarray(section.offset, section.offset + section.size), elf.wide ? 8 : 4)
  if (types?.kind === 'types') return { value: types, problems: [] }
  if (!elf.sections.some(({ name, size }) => /^\.z?debug_info$/.test(name) && size > 0)) {
    return unknown(file, types ? types.reason : 'has no debug information')
  }
  return typesOfDwarf(file, elf.wide, session)
}

async function typesOfDwarf(
  file: string,
  wide: boolean,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Read<DebugTypes | undefined>> {
  const folder = await temporaryFolder()
  try {
    const output = join(folder, 'btf')
    const args = ['--skip_encoding_btf_vars', `--btf_encode_detached=${output}`, '--', resolve(file)]
    const ended = await run(
      { program: 'pahole', args, cwd: folder, env },
      { signal, onLine: () => undefined },
    )
    switch (ended.kind) {
      case 'interrupted':
        return failed({ kind: 'interrupted', message: 'pahole was stopped before it had finished' })
      case 'not-started':
        return failed({
          kind: 'no-layout',
          message: `pahole, which reads ${quote(file)}, could not be started (${ended.code}).`,
          advice: 'Install the package dwarves, or give files with BTF (CONFIG_DEBUG_INFO_BTF).',
        })
      case 'killed':
        return unknown(file, `could not be read: pahole was ended from outside by ${ended.signal}`)
      case 'exited':
        if (ended.code !== 0)
          return unknown(file, `could not be read by pahole, which ended with exit code ${ended.code}`)
    }
    const written = await readBytes(output, { maxBytes })
    const types = written.problems.length > 0 ? undefined : readBtfTypes(written.value, wide ? 8 : 4)
    return types?.kind === 'types'
      ? { value: types, problems: [] }
      : unknown(file, 'was read by pahole, but its types are not understood')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function unknown(file: string, why: string): Read<undefined> {
  return failed({
    kind: 'no-layout',
    message: `${quote(file)} ${why}.`,
    place: { file },
  })
}

function failed(problem: Problem): Read<undefined> {
  return { value: undefined, problems: [problem] }
}
