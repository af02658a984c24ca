import * as z from 'zod'
import type { Strategy } from '../abi/evidence.ts'
import { kernelConfigSchema } from './kernel-config-schema.ts'
import { refuseMakeArgument } from './make-argument.ts'
import { complain, line, list, pattern, settings } from './schema-parts.ts'

const strategies = ['exports', 'full', 'prebuilt'] as const satisfies readonly Strategy[]

/** What `defaults:` may say. What belongs to one variant only, its baseline and its promise, is not among it. */
export function defaultsSchema() {
  return settings(sharedSettings()).meta({
    description: 'Settings for all variants, unless a variant has its own.',
  })
}

/** What an entry of `variants:` may say. */
export function variantSchema() {
  return settings({
    arch: pattern(/^[a-z0-9_]+$/, 'an architecture, such as x86_64, i386, arm64, powerpc or s390')
      .meta({
        description:
          'The architecture, as in ARCH= of the kernel’s Makefile. Required, unless the preset has it.',
        examples: ['x86_64', 'i386', 'arm64', 'powerpc', 's390'],
      })
      .exactOptional(),
    ...sharedSettings(),
    symvers: line('the path of a Module.symvers')
      .meta({
        description:
          'The Module.symvers of a finished build, plain or compressed. The strategy is then prebuilt.',
      })
      .exactOptional(),
    types: line('the path of type definitions')
      .meta({
        description:
          'The types behind symvers, which say why checksums changed: the build folder of a build with KBUILD_SYMTYPES=1, or a file in a form of docs/formats.md, perhaps compressed.',
        examples: ['build/x86_64', 'Symtypes.build.gz'],
      })
      .exactOptional(),
    whitelist: whitelistSchema().exactOptional(),
    drivers: list(line('the path of drivers'), 'a list of paths')
      .meta({
        description:
          'Drivers that were built for the released kernel and have to keep loading: modules, folders of modules, and packages or archives (.rpm, .deb, .tar, .tar.gz, .tar.xz, .tar.zst).',
        examples: [['drivers/x86_64', 'kmod-e1000e.rpm']],
      })
      .exactOptional(),
    promise: z
      .enum(['none'])
      .meta({
        description: 'none: this variant promises nothing and is not checked. Needs a reason.',
      })
      .exactOptional(),
    reason: pattern(
      /^(?=\s*\S.{8,}\S\s*$)[ -~\u0080-\uffff]+\n?$/,
      'a reason of at least ten characters, on one line',
    )
      .meta({ description: 'Why this variant promises nothing. Every report shows it.' })
      .exactOptional(),
  }).superRefine(checkGuard)
}

function whitelistSchema() {
  return z
    .union(
      [
        line('a path'),
        settings({
          names: line('the path of a list of names').meta({ description: 'The protected symbols, by name.' }),
          checksums: line('the path of the checksums that belong to the names').meta({
            description: 'Their checksums, such as Module.kabi_x86_64.',
          }),
        }),
      ],
      { error: 'a path, or a map with names and checksums' },
    )
    .meta({
      description:
        'The whitelist: a file, a folder with one file per symbol, or a list of names and its checksums. The default is what is found in the folder whitelists.',
      examples: ['redhat/kabi/Module.kabi_x86_64'],
    })
}

function runnerSchema() {
  const label = pattern(/^[A-Za-z0-9_][\w.:=@/ -]*$/, 'the label of a runner, such as ubuntu-24.04')
  return z
    .union([label, list(label, 'a list of labels')], {
      error: 'the label of a runner, or a list of labels',
    })
    .meta({
      description: 'The runner for the job of the variant, as in runs-on of a workflow. Only plan reads it.',
      examples: ['ubuntu-24.04', ['self-hosted', 'linux', 's390x']],
    })
}

function builtWithSchema() {
  return line('the first line of what a compiler says to --version, in quotes').meta({
    description:
      'The compiler that the checksums of the whitelist were made with: the first line of what it says to --version. Reports say where the compiler at hand is another.',
    examples: ['gcc (GCC) 14.2.1 20250110 (Red Hat 14.2.1-7)'],
  })
}

/** Options that the preprocessor is to see as the compiler of the release has them. */
function assumedSchema() {
  const value = 'y, m, n or a whole number'
  return z
    .record(
      pattern(/^(?:CONFIG_)?[A-Za-z0-9_]+$/, 'the name of an option, as in a .config'),
      z.union([z.enum(['y', 'm', 'n']), z.int({ error: value })], { error: value }),
      { error: 'a map of options and their values' },
    )
    .meta({
      description:
        'Options that Kconfig sets from the compiler, with the values that they had when the list was made. Only the preprocessor sees them; one that Kconfig or a Makefile reads, too, is refused. Every report names them.',
      examples: [{ CC_HAS_SANE_FUNCTION_ALIGNMENT: 'y' }],
    })
}

interface Guarded {
  readonly promise?: 'none'
  readonly reason?: string
  readonly whitelist?: unknown
  readonly types?: unknown
  readonly strategy?: string | undefined
}

/** Nothing is promised only with a reason, and without a list; types stand beside a finished build. */
function checkGuard(
  { promise, reason, whitelist, types, strategy }: Guarded,
  context: z.core.$RefinementCtx,
): void {
  if (types !== undefined && strategy !== undefined && strategy !== 'prebuilt') {
    const advice = `Remove types: strategy ${strategy} gets them itself.`
    complain(context, `stands beside strategy: ${strategy}`, advice, 'types')
  }
  if (promise !== undefined && reason === undefined) {
    complain(context, 'needs a reason', 'Add reason: and say why this variant promises nothing.', 'promise')
  }
  if (promise === undefined && reason !== undefined) {
    complain(context, 'stands without promise: none', 'Add promise: none, or remove the reason.', 'reason')
  }
  if (promise !== undefined && whitelist !== undefined) {
    const advice = 'Remove one of the two: what a whitelist protects is promised.'
    complain(context, 'stands beside promise: none', advice, 'whitelist')
  }
}

function sharedSettings() {
  const makeArgument = line('an argument of make, NAME=value').superRefine((argument, context) => {
    const refused = refuseMakeArgument(argument)
    if (refused) complain(context, refused.message, refused.advice)
  })
  const llvmForm = 'true, a version with a dash such as "-15", or a folder that ends in "/"'
  const llvm = z
    .union(
      [
        z.literal(true),
        z.literal(1),
        z.int({ error: llvmForm }).negative({ error: llvmForm }),
        pattern(/^(1|-\d+|[^\s$`;|&<>'"\\()]*\/)$/, llvmForm),
      ],
      { error: llvmForm },
    )
    .meta({
      description:
        'Build with LLVM: true, a version such as -15, or the folder of the programs with "/" at the end.',
      examples: [true, '-15', '/usr/lib/llvm-15/bin/'],
    })
  return {
    config: kernelConfigSchema().exactOptional(),
    'cross-compile': pattern(
      /^[\w./+-]*[/-]$/,
      'a prefix that ends in "-" or "/", such as aarch64-linux-gnu-',
    )
      .meta({ description: 'Prefix of the cross tools.', examples: ['aarch64-linux-gnu-'] })
      .exactOptional(),
    compiler: pattern(/^[\w./+][\w./+@:=, -]*$/, 'the command of a compiler, such as gcc-12')
      .meta({ description: 'The compiler, as in CC=.', examples: ['gcc-12', 'ccache gcc'] })
      .exactOptional(),
    llvm: llvm.exactOptional(),
    'make-args': list(makeArgument, 'a list of arguments')
      .meta({
        description: 'Further arguments of make, NAME=value. Those of the defaults come first.',
        examples: [['KCFLAGS=-g0']],
      })
      .exactOptional(),
    'built-with': builtWithSchema().exactOptional(),
    assume: assumedSchema().exactOptional(),
    runner: runnerSchema().exactOptional(),
    strategy: z
      .enum(strategies)
      .meta({
        description:
          'How to get the checksums: exports only preprocesses the files that export protected symbols, full builds the kernel, prebuilt reads symvers.',
      })
      .exactOptional(),
  }
}
