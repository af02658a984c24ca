import type { ConfigOptions } from './evidence.ts'

/** What a text of C consists of, as far as it matters here: comments and literals hide what stands in them. */
const tokens = /\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|\b(CONFIG_\w+)/g

/** Adds the options that the code of a C header names (`CONFIG_SMP`, also as an argument of a macro) to a set. */
export function addMentionedOptions(text: string, mentioned: Set<string>): void {
  for (const [, option] of text.matchAll(tokens)) if (option !== undefined) mentioned.add(option)
}

/**
 * Options by which Kconfig notes what the tools are and can do. They differ between versions of one compiler, which
 * leave checksums as they are; options that follow from them and change types have names of their own.
 */
const aboutTools =
  /^CONFIG_(?:(?:AS|LD|LLD|PAHOLE|RUSTC|TOOLCHAIN)_|CC_(?:CAN|HAS|HAVE|IS|VERSION)_|(?:GCC|CLANG)\d*_(?!PLUGIN))/

/** True for the value of an option that is a text, as in a .config; such as CONFIG_BUILD_SALT, it is no part of a type. */
export function isTextValue(value: string): boolean {
  return value.startsWith('"')
}

/**
 * The part of a configuration on which checksums may depend: the options that headers mention, without texts and those
 * that only describe the tools. One that the configuration does not know, as what it depends on is not set, is `n`.
 * @param mentioned as headers write them: `CONFIG_FOO_MODULE` is defined when CONFIG_FOO is `m`
 */
export function relevantOptions(mentioned: ReadonlySet<string>, options: ConfigOptions): ConfigOptions {
  const relevant = new Map<string, string>()
  for (const word of mentioned) {
    const name = options.has(word) ? word : word.replace(/_MODULE$/, '')
    const value = options.get(name) ?? 'n'
    if (!aboutTools.test(name) && !isTextValue(value)) relevant.set(name, value)
  }
  return relevant
}
