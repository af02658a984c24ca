import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
  renameSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Random } from '../mutate/random.ts'

/** A small edit of a kernel tree. */
export interface Edit {
  readonly kind: string
  /** What it touches, by paths in the tree. */
  readonly paths: readonly string[]
}

/** What edits are made of. */
export interface Tree {
  readonly folder: string
  /** All regular files, by paths in the tree. */
  readonly files: readonly string[]
  /** Those that the evidence of the tree names. */
  readonly read: ReadonlySet<string>
  /** Symbols of the list. */
  readonly symbols: readonly string[]
}

type Make = (tree: Tree, random: Random, number: number) => readonly string[]

/** Makes an edit of each kind; what it touches is its result. */
const kinds: Readonly<Record<string, Make>> = {
  'source, not read: a function more': (tree, random, number) =>
    append(
      tree,
      unread(tree, random, '.c'),
      `\nstatic int __maybe_unused kabi_probe_${number}(void) { return ${number}; }\n`,
    ),
  'source, not read: a structure more': (tree, random, number) =>
    append(
      tree,
      unread(tree, random, '.c'),
      `\nstruct kabi_probe_${number} { long a; char b[${number}]; };\n`,
    ),
  'source, not read: an export of its own': (tree, random, number) =>
    append(
      tree,
      unread(tree, random, '.c'),
      `\nint kabi_probe_${number}(void) { return 0; }\nEXPORT_SYMBOL_GPL(kabi_probe_${number});\n`,
    ),
  'source, not read: a protected export': (tree, random) =>
    append(tree, unread(tree, random, '.c'), `\nEXPORT_SYMBOL(${random.pick(tree.symbols)});\n`),
  'source, not read: includes another': (tree, random) =>
    append(tree, unread(tree, random, '.c'), `\n#include "${basename(unread(tree, random, '.c'))}"\n`),
  'source, not read: a line less': (tree, random) => cutLine(tree, unread(tree, random, '.c'), random),
  'source, not read: its mode': (tree, random) => {
    const path = unread(tree, random, '.c')
    chmodSync(join(tree.folder, path), 0o755)
    return [path]
  },
  'source, not read: gone': (tree, random) => remove(tree, unread(tree, random, '.c')),
  'source, not read: renamed': (tree, random, number) =>
    rename(tree, unread(tree, random, '.c'), `kabi_${number}.c`),
  'source, new': (tree, random, number) =>
    create(tree, join(dirname(unread(tree, random, '.c')), `kabi_${number}.c`), 'int x;\n'),
  'source, read: a comment at its top': (tree, random) =>
    prepend(tree, read(tree, random, '.c'), '/* nothing */\n'),
  'source, read: a line less': (tree, random) => cutLine(tree, read(tree, random, '.c'), random),
  'header, not read: a field': (tree, random, number) =>
    append(tree, unread(tree, random, '.h'), `\nstruct kabi_probe_${number} { int a; };\n`),
  'header, not read: a line less': (tree, random) => cutLine(tree, unread(tree, random, '.h'), random),
  'header, not read: gone': (tree, random) => remove(tree, unread(tree, random, '.h')),
  'header, not read: renamed': (tree, random, number) =>
    rename(tree, unread(tree, random, '.h'), `kabi_${number}.h`),
  'header, read: a field in each structure': (tree, random) => addFields(tree, read(tree, random, '.h')),
  'header, read: a line less': (tree, random) => cutLine(tree, read(tree, random, '.h'), random),
  'header, new: a fresh name': (tree, random, number) =>
    create(tree, join(dirname(read(tree, random, '.h')), `kabi_${number}.h`), '#define KABI 1\n'),
  'header, new: hides one that was read': (tree, random) => {
    const name = basename(read(tree, random, '.h'))
    const folder = random.pick([
      'arch/x86/include/asm',
      'arch/x86/include',
      'include',
      'include/uapi',
      'arch/x86/include/uapi',
    ])
    return create(tree, join(folder, name), '#error hidden\n')
  },
  'header, new: the name in other case': (tree, random) => {
    const path = read(tree, random, '.h')
    return create(tree, join(dirname(path), basename(path).toUpperCase()), '#error hidden\n')
  },
  'Kconfig: a comment': (tree, random) =>
    append(tree, named(tree, random, /\/Kconfig[^/]*$/), '\n# nothing\n'),
  'Kconfig: an option': (tree, random, number) =>
    append(tree, named(tree, random, /\/Kconfig[^/]*$/), `\nconfig KABI_${number}\n\tdef_bool y\n`),
  'Makefile: a comment': (tree, random) => append(tree, named(tree, random, /\/Makefile$/), '\n# nothing\n'),
  'Makefile: a flag': (tree, random, number) =>
    append(tree, named(tree, random, /\/Makefile$/), `\nccflags-y += -DKABI_${number}\n`),
  'script: a comment': (tree, random) =>
    append(tree, named(tree, random, /^scripts\/.*\.(?:sh|pl|py|awk)$/), '\n# nothing\n'),
  'program of the build': (tree, random) =>
    append(tree, named(tree, random, /^(?:scripts|tools\/objtool)\/.*\.c$/), '\n/* nothing */\n'),
  'linker script': (tree, random) => append(tree, named(tree, random, /\.lds(?:\.S)?$/), '\n/* nothing */\n'),
  'table that something is generated from': (tree, random) =>
    append(tree, named(tree, random, /\.(?:tbl|uc|bc|awk|map|txt)$/, /^Documentation\//), '\n'),
  'documentation: a line': (tree, random) =>
    append(tree, named(tree, random, /^Documentation\/.*\.(?:rst|txt)$/), '\nMore.\n'),
  'documentation: a new page': (tree, random, number) =>
    create(tree, `Documentation/${random.pick(['process', 'core-api'])}/kabi-${number}.rst`, 'Why\n===\n'),
  'list of maintainers': (tree) => append(tree, 'MAINTAINERS', '\n'),
  'device tree of another machine': (tree, random) =>
    append(tree, named(tree, random, /^arch\/(?:arm|arm64)\/boot\/dts\/.*\.dtsi?$/), '\n/* nothing */\n'),
  'source of another machine': (tree, random) =>
    append(tree, named(tree, random, /^arch\/(?!x86|um)\w+\/(?!boot|tools).*\.[ch]$/), '\n/* nothing */\n'),
  'program for user space': (tree, random) =>
    append(tree, named(tree, random, /^tools\/(?:testing|perf)\/.*\.[ch]$/), '\n'),
  'link: new': (tree, random, number) => {
    const target = read(tree, random, '.h')
    const path = join(dirname(target), `kabi_link_${number}.h`)
    symlinkSync(basename(target), join(tree.folder, path))
    return [path]
  },
  'link: in the place of a file': (tree, random) => {
    const path = unread(tree, random, '.h')
    rmSync(join(tree.folder, path))
    symlinkSync('/etc/hostname', join(tree.folder, path))
    return [path]
  },
  'attributes of git': (tree, random) =>
    create(tree, join(dirname(read(tree, random, '.h')), '.gitattributes'), '*.h text eol=crlf\n'),
}

export const editKinds = Object.keys(kinds)

/** Makes an edit in the work tree; the same random numbers make the same one. */
export function makeEdit(tree: Tree, random: Random, number: number): Edit {
  const kind = editKinds[number % editKinds.length] ?? ''
  const make = kinds[kind]
  if (!make) throw new Error(`no edit of kind ${kind}`)
  return { kind, paths: make(tree, random, number) }
}

function append({ folder }: Tree, path: string, text: string): readonly string[] {
  writeFileSync(join(folder, path), readFileSync(join(folder, path), 'latin1') + text, 'latin1')
  return [path]
}

function prepend({ folder }: Tree, path: string, text: string): readonly string[] {
  writeFileSync(join(folder, path), text + readFileSync(join(folder, path), 'latin1'), 'latin1')
  return [path]
}

/** Changes the types of whoever has one of these structures. */
function addFields({ folder }: Tree, path: string): readonly string[] {
  const text = readFileSync(join(folder, path), 'latin1')
  writeFileSync(join(folder, path), text.replaceAll(/^struct \w+ \{$/gm, '$&\n\tint kabi_probe;'), 'latin1')
  return [path]
}

/** Takes out one line, so that what is left may mean something else, or nothing. */
function cutLine({ folder }: Tree, path: string, random: Random): readonly string[] {
  const lines = readFileSync(join(folder, path), 'latin1').split('\n')
  lines.splice(random.below(lines.length), 1)
  writeFileSync(join(folder, path), lines.join('\n'), 'latin1')
  return [path]
}

function create({ folder }: Tree, path: string, text: string): readonly string[] {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
  return [path]
}

function remove({ folder }: Tree, path: string): readonly string[] {
  rmSync(join(folder, path))
  return [path]
}

function rename({ folder }: Tree, path: string, name: string): readonly string[] {
  const to = join(dirname(path), name)
  renameSync(join(folder, path), join(folder, to))
  return [path, to]
}

function unread(tree: Tree, random: Random, ending: string): string {
  return named(
    tree,
    random,
    new RegExp(`\\${ending}$`),
    /^(?:scripts|tools|certs|usr|samples|Documentation)\//,
    (path) => !tree.read.has(path),
  )
}

function read(tree: Tree, random: Random, ending: string): string {
  return named(tree, random, new RegExp(`\\${ending}$`), /^(?:scripts|tools)\//, (path) =>
    tree.read.has(path),
  )
}

function named(
  { folder, files }: Tree,
  random: Random,
  form: RegExp,
  but = /^$/,
  fits: (path: string) => boolean = () => true,
): string {
  for (;;) {
    const path = random.pick(files)
    if (!form.test(path) || but.test(path) || !fits(path)) continue
    const full = join(folder, path)
    if (existsSync(full) && lstatSync(full).isFile()) return path
  }
}
