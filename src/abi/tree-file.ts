/** Files whose content the Makefiles do not look at; which of them exist is another matter. */
const contents = new Set('.c .h .S .rs .dts .dtsi .dtso .rst .txt .json .yaml'.split(' '))

/** Whether only compilers, or nobody, read what a file of a kernel tree holds. */
export function isContent(path: string): boolean {
  return contents.has(extensionOf(path))
}

const sources = new Set('.c .S .rs .dts .dtso'.split(' '))

/** Whether rules may make an object of a file by its name. */
export function isSource(path: string): boolean {
  return sources.has(extensionOf(path))
}

/** Where the kernel keeps what runs while it is built: programs, and scripts that read what they like. */
const ofBuild = /^(?:scripts|tools|certs|usr)\/|^arch\/[^/]+\/(?:tools|boot)\//

/** Programs and tables for people, which no kernel is built with, and device trees, which only their own targets read. */
const apart = /^tools\/(?:testing|perf)\/|^arch\/[^/]+\/boot\/dts\/.*\.dtsi?$/

/** Whether something that runs while a kernel is built may read a file. */
export function isOfBuild(path: string): boolean {
  return ofBuild.test(path) && !apart.test(path)
}

const forPeople = /^(?:LICENSES|\.github)\/|^(?:COPYING|CREDITS|MAINTAINERS|README)$|\.md$/
const forTools =
  /^(?:\.mailmap|\.gitignore|\.clang-format|\.cocciconfig|\.editorconfig|\.get_maintainer\.ignore)$/
const ruling = /^(?:Kconfig|Kbuild|Makefile)/

/** Whether a file is there for people and their editors alone, as far as its name tells. */
export function isForPeople(path: string): boolean {
  const name = fileName(path)
  if (path.startsWith('Documentation/')) return !ruling.test(name)
  return forTools.test(name) || forPeople.test(path) || apart.test(path)
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function extensionOf(path: string): string {
  const name = fileName(path)
  const at = name.lastIndexOf('.')
  return at > 0 ? name.slice(at) : ''
}
