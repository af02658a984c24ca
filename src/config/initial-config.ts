import { machineOf } from './machines.ts'
import type { TreeFacts } from './tree-facts.ts'

/**
 * The text of a first `kabi.yml`: one variant that can be built as it is, and commented examples of everything else. It
 * is a valid configuration.
 */
export function initialConfig(facts: TreeFacts): string {
  return [header(facts), variants(facts), policy(facts)].join('\n')
}

function header({ version, whitelists = 'whitelists', variant }: TreeFacts): string {
  return `# What kabi-gate checks in this kernel tree (Linux ${version}).
# "kabi-gate plan" shows how this file is understood; "kabi-gate check" checks the kernel.
# Paths are relative to the folder of this file.

version: 1

# The folder of the whitelists: ${whitelists}/${variant}/kabi_whitelist, or the file names that distributions use.
# "kabi-gate whitelist create" makes the first ones from the kernel as it is now.
whitelists: ${whitelists}

# Settings for all variants, unless a variant has its own.
# defaults:
#   make-args: [KCFLAGS=-g0]
`
}

function variants(facts: TreeFacts): string {
  const { arch, variant, crossCompile, whitelist } = facts
  const other = machineOf(arch === 'arm64' ? 'x64' : 'arm64')
  return `variants:
  ${variant}:
    # The architecture, as in ARCH= of the kernel's Makefile.
    arch: ${arch}
${crossCompile === undefined ? '' : `    cross-compile: ${crossCompile}\n`}${config(facts)}${whitelist === undefined ? '' : `    whitelist: ${whitelist}\n`}
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

function config({ configs, defconfig, pieces }: TreeFacts): string {
  const [file, ...more] = configs
  const also =
    more.length === 0
      ? ''
      : `      # This tree also has ${more.slice(0, 5).join(', ')}${more.length > 5 ? ', ...' : ''}.\n`
  const made =
    pieces === undefined || file !== undefined
      ? ''
      : `      # ${pieces} holds pieces; make the complete configuration with the distribution's tools and name it as file.\n`
  return `    config:
      # The base is one of: file (a complete configuration), defconfig (one of the kernel's default configurations),
      # targets (a list of configuration targets of the kernel's Makefile, run in order).
${also}${made}      ${file === undefined ? `defconfig: ${defconfig}` : `file: ${file}`}
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
