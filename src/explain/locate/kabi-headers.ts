import { readdirSync } from 'node:fs'
import { kabiMacroKind } from '../../abi/kabi-macros.ts'
import type { SourceTexts } from './source-texts.ts'

/** Where distributions put the header with their macros: `include/linux/rh_kabi.h`, `android_kabi.h`, `kabi.h`. */
const folders = ['include', 'include/linux']

/**
 * Whether a kernel has macros by which structures change under a checksum that stays, told by its headers with `kabi` in their
 * names. Undefined where its headers cannot be listed.
 */
export function hasKabiMacros(sources: SourceTexts): boolean | undefined {
  const headers: string[] = []
  for (const folder of folders) {
    try {
      const names = readdirSync(sources.pathOf(folder))
      headers.push(...names.filter((name) => /kabi.*\.h$/i.test(name)).map((name) => `${folder}/${name}`))
    } catch {
      return undefined
    }
  }
  return headers.some((header) => definesMacros(sources.text(sources.pathOf(header)) ?? ''))
}

function definesMacros(text: string): boolean {
  return [...text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)/gm)].some(
    ([, name = '']) => kabiMacroKind(name) !== undefined,
  )
}
