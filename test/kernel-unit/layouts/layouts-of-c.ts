import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DebugTypes } from '../../../src/kernel/layouts/debug-types.ts'
import { readDwarfTypes } from '../../../src/kernel/layouts/dwarf-layouts.ts'

/** True where a compiler can be started. */
export function hasCompiler(compiler: string): boolean {
  return spawnSync(compiler, ['--version']).error === undefined
}

/** What the debug information of a C text says, compiled as layouts are asked for. */
export function typesOfC(
  folder: string,
  text: string,
  compiler = 'gcc',
  flags: readonly string[] = [],
): DebugTypes {
  const [source, object] = [join(folder, 'a.c'), join(folder, 'a.o')]
  writeFileSync(
    source,
    `typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64;\n${text}\n`,
  )
  const keep = compiler.includes('clang') ? '-fstandalone-debug' : '-fno-eliminate-unused-debug-types'
  execFileSync(compiler, ['-O0', '-gdwarf-4', keep, '-w', ...flags, '-c', '-o', object, source])
  const types = readDwarfTypes(readFileSync(object))
  if (types.kind === 'fault') throw new Error(types.reason)
  return types
}
