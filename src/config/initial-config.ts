import { machineOf } from './machines.ts'
import type { TreeConfig, TreeFacts, TreeVariant } from './tree-facts.ts'

/**
 * The text of a first `kabi.yml`: every variant whose configuration or list was found, or else one that can be built as it is, and
 * commented examples of everything else. It is a valid configuration.
 */
export function initialConfig(facts: TreeFacts): string {
  return [header(facts), variants(facts), policy(facts)].join('\n')
}

function header({ version, whitelists = 'whitelists', variant, fixed }: TreeFacts): string {
  const what =
    version === undefined ? 'for the kernel of this package' : `in this kernel tree (Linux ${version})`
  return `# What kabi-gate checks ${what}.
# "kabi-gate plan" shows how this file is understood; "kabi-gate check" checks the kernel.
# Paths are relative to the folder of this file.
${version === undefined ? '# This folder holds no kernel: name its unpacked, patched tree with "kabi-gate check --config kabi.yml --source TREE".\n' : ''}${fixed.map(fixedComment).join('')}
version: 1

# The folder of the whitelists: ${whitelists}/${variant}/kabi_whitelist, or the file names that distributions use.
# "kabi-gate whitelist create" makes the first ones from the kernel as it is now.
whitelists: ${whitelists}

# Settings for all variants, unless a variant has its own.
# defaults:
#   make-args: [KCFLAGS=-g0]
`
}

function fixedComment({ name, value, line }: TreeFacts['fixed'][number]): string {
  const said = name === 'ARCH' ? 'arch' : 'cross-compile'
  return `# Line ${line} of the Makefile fixes ${name}, ${value}: what ${said} says here counts instead.\n`
}

function variants(facts: TreeFacts): string {
  const { variants: found, pieces } = facts
  if (found.length === 0) return onlyVariant(facts)
  const promised = found.some(({ list }) => list !== undefined)
  return [
    piecesComment(pieces),
    `variants:\n${found.map((variant) => oneVariant(variant, facts, promised)).join('\n')}`,
  ].join('')
}

function piecesComment(pieces: TreeFacts['pieces']): string {
  if (!pieces) return ''
  return `# ${pieces.path} holds pieces of configurations. Complete ones come from: ${pieces.command}
# It writes ${pieces.result}; commit copies in a folder such as configs/.
`
}

const mostNames = 5

/** Nothing where the variant has a list of its own. */
function symbolsComment({ name, arch, list }: TreeVariant, { symbolLists }: TreeFacts): readonly string[] {
  const paths = symbolLists.filter((one) => one.arch === arch).map(({ path }) => path)
  const [first] = paths
  if (list || first === undefined) return []
  const more = paths.length > mostNames ? ` ... (${paths.length} in all)` : ''
  return [
    `    # Lists of names without checksums: ${paths.slice(0, mostNames).join(' ')}${more}`,
    `    # Take the checksums from the released commit: kabi-gate whitelist create --variant ${name} --names ${first}`,
  ]
}

function oneVariant(variant: TreeVariant, facts: TreeFacts, promised: boolean): string {
  const { name, arch, crossCompile, config, list, who } = variant
  const lines = [
    `  # From ${foundPaths(config, list).join(', ')} (${who}).`,
    `  ${name}:`,
    `    arch: ${arch}`,
    ...(crossCompile === undefined ? [] : [`    cross-compile: ${crossCompile}`]),
    ...configLines(config, name, arch, facts),
    ...listLines(list),
    ...symbolsComment(variant, facts),
    ...(list || !promised
      ? []
      : ['    promise: none', '    reason: there is no whitelist for it in this tree; confirm or correct']),
  ]
  return `${lines.join('\n')}\n`
}

function foundPaths(config: TreeConfig, list: TreeVariant['list']): readonly string[] {
  return [
    ...(config.kind === 'none' ? [] : [config.path]),
    ...(config.kind === 'file' && config.fragment !== undefined ? [config.fragment] : []),
    ...(list ? [list.path, ...(list.checksums === undefined ? [] : [list.checksums])] : []),
  ]
}

function configLines(config: TreeConfig, name: string, arch: string, facts: TreeFacts): readonly string[] {
  switch (config.kind) {
    case 'defconfig':
      return [
        `    config: { defconfig: ${config.name}, set: { MODULES: y, MODVERSIONS: y } }`,
        ...(config.llvm ? ['    llvm: true'] : []),
      ]
    case 'file':
      return [
        ...(config.borrowed ? ['    # It has no configuration of its own: this is the plain one.'] : []),
        ...fileLines(config),
      ]
    case 'none':
      return facts.pieces
        ? ['    # Not there yet: see above.', `    config: configs/kernel-${name}.config`]
        : [
            '    # No configuration of the distribution was found; with another one many checksums differ.',
            `    config: { defconfig: ${arch === facts.arch ? facts.defconfig : 'defconfig'}, set: { MODULES: y, MODVERSIONS: y } }`,
          ]
  }
}

function fileLines({ path, fragment, set }: Extract<TreeConfig, { kind: 'file' }>): readonly string[] {
  if (fragment === undefined && set.length === 0) return [`    config: ${path}`]
  const options = set.map(([option, value]) => `${option}: ${/^\w+$/.test(value) ? value : `'${value}'`}`)
  return [
    '    config:',
    `      file: ${path}`,
    ...(fragment === undefined ? [] : [`      fragments: [${fragment}]`]),
    ...(options.length === 0
      ? []
      : [
          '      # What this build needs otherwise than the distribution’s own; no checksum follows from key files.',
          `      set: { ${options.join(', ')} }`,
        ]),
  ]
}

function listLines(list: TreeVariant['list']): readonly string[] {
  if (!list) return []
  if (list.checksums === undefined) return [`    whitelist: ${list.path}`]
  return ['    whitelist:', `      names: ${list.path}`, `      checksums: ${list.checksums}`]
}

function onlyVariant(facts: TreeFacts): string {
  const { arch, variant, crossCompile, pieces } = facts
  const other = machineOf(arch === 'arm64' ? 'x64' : 'arm64')
  return `${piecesComment(pieces)}variants:
  ${variant}:
    # The architecture, as in ARCH= of the kernel's Makefile.
    arch: ${arch}
${crossCompile === undefined ? '' : `    cross-compile: ${crossCompile}\n`}${defaultConfig(facts)}
  # A variant for another architecture, cross-compiled:
  # ${other.names[0]}:
  #   arch: ${other.arch}
  #   cross-compile: ${other.crossCompile}
  #   config: { defconfig: ${other.arch === 'x86_64' ? 'x86_64_defconfig' : 'defconfig'}, set: { MODULES: y, MODVERSIONS: y } }

  # A variant that is built elsewhere; the file may be compressed:
  # ${variant}-prebuilt:
  #   arch: ${arch}
  #   symvers: build/Module.symvers

  # A variant that promises nothing:
  # ${variant}-preview:
  #   arch: ${arch}
  #   promise: none
  #   reason: technology preview, drivers must be rebuilt for each update
`
}

function defaultConfig({ defconfig }: TreeFacts): string {
  return `    config:
      # The base is one of: file (a complete configuration), defconfig (one of the kernel's default configurations),
      # targets (a list of configuration targets of the kernel's Makefile, run in order).
      defconfig: ${defconfig}
      # Configuration fragments, in order; later lines win:
      # fragments: [configs/promised.config]
      # Options to set last. Without MODVERSIONS a kernel has no checksums to compare.
      set:
        MODULES: y
        MODVERSIONS: y
`
}

function policy({ severities }: TreeFacts): string {
  const explained = `# Which kinds of findings fail: a preset (strict, lenient, rhel5, rhel9, uek or suse), and what differs from it.\n`
  if (severities !== undefined) return `${explained}policy:\n  preset: suse\n  severities: ${severities}\n`
  return `${explained}# policy:
#   preset: strict
#   kinds:
#     moved: fail
#   rules:
#     - module: drivers/staging/*
#       action: pass
#       reason: staging drivers are not promised
`
}
