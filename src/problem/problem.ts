/**
 * A problem is something that kept the gate from looking properly. Every reader, the configuration and the
 * kernel adapters speak of trouble in this one form, so that a report can always say where it is and what to do.
 */

export type ProblemKind =
  | 'usage'
  | 'config'
  | 'baseline'
  | 'waivers'
  | 'waiver-expired'
  | 'waiver-expires'
  | 'waiver-unused'
  | 'origin-unknown'
  | 'unreadable'
  | 'unwritable'
  | 'malformed-line'
  | 'empty-symvers'
  | 'empty-whitelist'
  | 'no-whitelist'
  | 'no-checksum'
  | 'not-exported'
  | 'outside-lifetime'
  | 'column-not-compared'
  | 'all-unversioned'
  | 'conflicting-rows'
  | 'two-exporters'
  | 'duplicate-row'
  | 'no-newline'
  | 'not-canonical'
  | 'list-differs'
  | 'types-differ'
  | 'types-not-recomputed'
  | 'other-types'
  | 'types-incomplete'
  | 'no-types'
  | 'not-explained'
  | 'no-layout'
  | 'no-layouts'
  | 'layouts-differ'
  | 'layouts-moved'
  | 'layouts-not-known'
  | 'hidden-not-judged'
  | 'left-out'
  | 'ignored-by-git'
  | 'nothing-accepted'
  | 'stale-files'
  | 'incomplete-comparison'
  | 'not-comparable'
  | 'compared-anyway'
  | 'patch-configures'
  | 'missing-variant'
  | 'bad-evidence'
  | 'stale-evidence'
  | 'other-checkout'
  | 'no-symvers'
  | 'unversioned-module'
  | 'other-kernel'
  | 'tree-not-kernel'
  | 'tree-not-clean'
  | 'source-written'
  | 'missing-tool'
  | 'download-failed'
  | 'disk-failed'
  | 'modversions-off'
  | 'option-dropped'
  | 'option-assumed'
  | 'compiler-unknown'
  | 'other-compiler'
  | 'list-of-another-tree'
  | 'configure-failed'
  | 'build-failed'
  | 'busy'
  | 'interrupted'
  | 'report-failed'
  | 'approval-refused'
  | 'internal'

/** Where a problem sits. `line` and `column` count from 1; `column` counts UTF-16 units. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

export interface Problem {
  readonly kind: ProblemKind
  /** One sentence that says what was found. Untrusted text inside it is quoted and shortened. */
  readonly message: string
  readonly place?: Place
  readonly variant?: string
  /** Lines worth reading below the message: the offending text underlined, the end of a build log. */
  readonly excerpt?: readonly string[]
  /** What to do, when the kind's own advice is too general. */
  readonly advice?: string
  /** Whom it speaks of, where the kind alone does not tell: see `bisectStep`. */
  readonly speaksOf?: 'commit' | 'setup'
}

/**
 * Who has to act on a problem: the one who typed the command or wrote the configuration (`usage`), whoever provides
 * the build or its data (`input`), the authors of kabi-gate (`internal`); a `note` needs nobody.
 */
type ProblemClass = 'usage' | 'input' | 'internal' | 'note'

interface ProblemText {
  readonly class: ProblemClass
  readonly title: string
  readonly advice: string
}

/** Titles and standing advice, one entry a kind. */
export const problemTexts: Readonly<Record<ProblemKind, ProblemText>> = {
  usage: {
    class: 'usage',
    title: 'Wrong usage',
    advice: 'Run the command with --help to see its options and an example.',
  },
  config: {
    class: 'usage',
    title: 'Configuration not accepted',
    advice: 'Correct the configuration file at the place shown.',
  },
  baseline: {
    class: 'input',
    title: 'baseline.yml not accepted',
    advice: 'Restore the file as `kabi-gate whitelist` wrote it, or make the whitelist and this file anew.',
  },
  waivers: {
    class: 'usage',
    title: 'Waivers not accepted',
    advice: 'Correct the file of waivers at the place shown; docs/waivers.md describes it.',
  },
  'waiver-expired': {
    class: 'note',
    title: 'Waiver expired',
    advice:
      'Remove the waiver. When the exception is still needed, let it be reviewed again with a new date.',
  },
  'waiver-expires': {
    class: 'note',
    title: 'Waiver expires soon',
    advice: 'Repair what it excuses, or let the exception be reviewed again with a new date.',
  },
  'waiver-unused': {
    class: 'note',
    title: 'Waiver not needed',
    advice: 'Remove the waiver: the build has no finding with this kind and these checksums.',
  },
  'origin-unknown': {
    class: 'note',
    title: 'Base not known',
    advice:
      'Name a base that can be looked at (--blame REF, input blame). Until then what was there before counts as if the patch had done it.',
  },
  unreadable: {
    class: 'input',
    title: 'File cannot be read',
    advice: 'Check the path and the permissions, and that the file is complete.',
  },
  unwritable: {
    class: 'input',
    title: 'File cannot be written',
    advice: 'Check the path, the permissions and the free space of the file system.',
  },
  'malformed-line': {
    class: 'input',
    title: 'Line not understood',
    advice: 'Correct the line, or give a file of a known dialect (docs/formats.md).',
  },
  'empty-symvers': {
    class: 'input',
    title: 'Module.symvers holds no exports',
    advice: 'Give the Module.symvers of a finished build with CONFIG_MODULES and CONFIG_MODVERSIONS.',
  },
  'empty-whitelist': {
    class: 'input',
    title: 'Whitelist protects nothing',
    advice:
      'Fill the whitelist, or say in kabi.yml that the variant promises nothing (promise: none, with a reason).',
  },
  'no-whitelist': {
    class: 'input',
    title: 'Whitelist not found',
    advice:
      'Put the whitelist in one of the places named, name its path in kabi.yml, or make the first one with `kabi-gate whitelist create`.',
  },
  'no-checksum': {
    class: 'input',
    title: 'Protected symbols without a baseline checksum',
    advice: 'Combine the list of names with the checksums of the release (Module.kabi_* or Module.symvers).',
  },
  'not-exported': {
    class: 'input',
    title: 'Names that cannot be protected',
    advice: 'Correct or remove these names. A promise that no kernel keeps would fail every check.',
  },
  'outside-lifetime': {
    class: 'note',
    title: 'Lifetime of a promise',
    advice: "Say which release this is: `release: '9.8'` in kabi.yml, or --release 9.8.",
  },
  'column-not-compared': {
    class: 'note',
    title: 'Column not compared',
    advice:
      'A list with all columns comes from `kabi-gate whitelist create`, or from a Module.symvers of the release.',
  },
  'all-unversioned': {
    class: 'input',
    title: 'Every checksum is zero',
    advice: 'Build with CONFIG_MODVERSIONS=y; without it the kernel records no checksums to compare.',
  },
  'conflicting-rows': {
    class: 'input',
    title: 'One symbol, two different rows',
    advice: 'Decide which row is right and remove the other.',
  },
  'two-exporters': {
    class: 'note',
    title: 'One symbol of two modules',
    advice: 'Nothing to do: the checksum that a module was built with tells which of the two it means.',
  },
  'duplicate-row': {
    class: 'note',
    title: 'Row given twice',
    advice: 'Remove one of the two equal rows.',
  },
  'no-newline': {
    class: 'note',
    title: 'Last line without a newline',
    advice: 'Look whether the file is complete, and end its last line.',
  },
  'not-canonical': {
    class: 'input',
    title: 'Whitelist not in canonical form',
    advice: 'Put that right, or convert the list with `kabi-gate whitelist import`.',
  },
  'list-differs': {
    class: 'input',
    title: 'Whitelist is not the one that was recorded',
    advice:
      'Restore the list and the files beside it together, as they were committed. To change a list, use `kabi-gate whitelist update`.',
  },
  'types-differ': {
    class: 'input',
    title: 'Stored types do not belong to the whitelist',
    advice:
      'Renew the files beside the list with `kabi-gate whitelist update`, and review what it changes. Of a list that other tools keep, remove the types and take them anew with `kabi-gate whitelist enrich`.',
  },
  'types-not-recomputed': {
    class: 'note',
    title: 'Stored types not held against the whitelist',
    advice:
      'Look whether the types are those of the release. A change of such a symbol is found all the same, but not explained.',
  },
  'other-types': {
    class: 'input',
    title: 'Types of another kernel',
    advice: 'Give the types that the very build made which these checksums come from.',
  },
  'types-incomplete': {
    class: 'note',
    title: 'Types do not explain every symbol',
    advice:
      'Nothing to do as long as these symbols stay as they are: their checksums are compared all the same.',
  },
  'no-types': {
    class: 'note',
    title: 'Checksums without their types',
    advice:
      'Use --strategy exports, or name the types that the build made: `types:` beside `symvers:` in kabi.yml. A list that is there gets them with `kabi-gate whitelist enrich`.',
  },
  'not-explained': {
    class: 'note',
    title: 'Not explained',
    advice:
      'The verdict does not depend on it. With `kabi-gate whitelist update` the types beside a whitelist are made again.',
  },
  'no-layout': {
    class: 'note',
    title: 'Sizes and offsets not known',
    advice: 'Give an uncompressed vmlinux, object or module of each kernel, with BTF or DWARF.',
  },
  'no-layouts': {
    class: 'note',
    title: 'Layouts not stored',
    advice: 'Nothing has to be done. How types lie in memory is not recorded beside this whitelist.',
  },
  'layouts-differ': {
    class: 'input',
    title: 'Stored layouts do not belong to the whitelist',
    advice:
      'Restore list, layouts and baseline.yml as they were committed, or let `kabi-gate whitelist update` write them anew.',
  },
  'layouts-moved': {
    class: 'note',
    title: 'Types moved in memory',
    advice:
      'Modules of the release are wrong about these types, whatever the checksums say. The layouts are written anew only with rows that change.',
  },
  'layouts-not-known': {
    class: 'note',
    title: 'Layouts not known',
    advice:
      'Nothing has to be done while the patch hides nothing from the checksums. Strategy exports finds layouts; `layouts: off` in the policy says that nobody wants them.',
  },
  'hidden-not-judged': {
    class: 'input',
    title: 'Hidden changes not judged',
    advice:
      'Take the lines out of the patch, or let strategy exports find the layouts. With `layouts: off` in the policy the lines are only listed.',
  },
  'left-out': {
    class: 'note',
    title: 'Symbols left out of the whitelist',
    advice: 'Nothing protects these symbols.',
  },
  'ignored-by-git': {
    class: 'note',
    title: 'Ignored by git',
    advice: 'Add the files with `git add -f`.',
  },
  'nothing-accepted': {
    class: 'note',
    title: 'Nothing to accept',
    advice: 'Leave the symbol out of --accept-changes.',
  },
  'stale-files': {
    class: 'input',
    title: 'File beside the whitelist would no longer belong to it',
    advice: 'Use --strategy exports, which renews it, or remove the file first.',
  },
  'incomplete-comparison': {
    class: 'input',
    title: 'Not every protected symbol was compared',
    advice: 'This must not happen; please report it with the files involved.',
  },
  'not-comparable': {
    class: 'input',
    title: 'Not comparable with the whitelist',
    advice:
      'Build the kernel as the one behind the whitelist was built, or bring the whitelist up to this build with `kabi-gate whitelist update`. With `comparability: warn` in the policy it is compared all the same.',
  },
  'patch-configures': {
    class: 'note',
    title: 'The patch changes the configuration',
    advice:
      'These options are part of what was judged: the findings are what the kernel no longer has with them. Switch an option on again where the release had it.',
  },
  'compared-anyway': {
    class: 'note',
    title: 'Compared with a whitelist of another build',
    advice: 'Look at what differs first: a finding may come from there and not from the patch.',
  },
  'missing-variant': {
    class: 'input',
    title: 'Variant without evidence',
    advice: 'Collect the variant, or remove it from kabi.yml in a reviewed change.',
  },
  'bad-evidence': {
    class: 'input',
    title: 'Evidence not accepted',
    advice:
      'Collect the variant again, and hand the folder on as `kabi-gate collect` wrote it (docs/evidence.md).',
  },
  'stale-evidence': {
    class: 'input',
    title: 'Evidence of something else',
    advice:
      'Collect every variant of one commit with the same kabi-gate and the same kabi.yml as judge uses.',
  },
  'other-checkout': {
    class: 'input',
    title: 'Another commit is checked out',
    advice: 'Check out the commit that the evidence is of, or name no source.',
  },
  'no-symvers': {
    class: 'input',
    title: 'No Module.symvers',
    advice: 'Name the Module.symvers of a finished build, or build it with --strategy full.',
  },
  'unversioned-module': {
    class: 'input',
    title: 'Module without symbol checksums',
    advice: 'Give a module that was built for a kernel with CONFIG_MODVERSIONS=y.',
  },
  'other-kernel': {
    class: 'input',
    title: 'Built for another kernel',
    advice: 'Give files that belong to one kernel.',
  },
  'tree-not-kernel': {
    class: 'input',
    title: 'Not a kernel source tree',
    advice: 'Name the top folder of a Linux kernel source tree with --source.',
  },
  'tree-not-clean': {
    class: 'input',
    title: 'Kernel tree holds an earlier in-tree build',
    advice:
      'Run `make mrproper` in the tree (save its .config first); kabi-gate builds in a folder of its own.',
  },
  'source-written': {
    class: 'note',
    title: 'File written into the source tree',
    advice: 'Nothing has to be done. Plain make writes it too, and leaves it there.',
  },
  'missing-tool': {
    class: 'input',
    title: 'Build tool missing',
    advice: 'Install the tool named and run again.',
  },
  'download-failed': {
    class: 'input',
    title: 'Download failed',
    advice: 'Check the network and apt’s sources, run `sudo apt-get update`, then run again.',
  },
  'disk-failed': {
    class: 'input',
    title: 'Driver disk could not be made',
    advice: 'Read what the program says, and look for free space on the file system; nothing was written.',
  },
  'modversions-off': {
    class: 'input',
    title: 'Configuration without symbol checksums',
    advice: 'Add CONFIG_MODULES=y and CONFIG_MODVERSIONS=y to the variant’s configuration or to a fragment.',
  },
  'option-dropped': {
    class: 'note',
    title: 'Kernel did not keep a requested option',
    advice: 'Check the option’s dependencies, or remove it from the fragment.',
  },
  'option-assumed': {
    class: 'note',
    title: 'Options of the compiler are assumed',
    advice: 'Remove assume: from kabi.yml when the kernel is built with the compiler of the release.',
  },
  'compiler-unknown': {
    class: 'note',
    title: 'Nobody knows with which compiler the list was made',
    advice:
      'Run `kabi-gate verify` on the released commit, against its Module.symvers: if symbols differ there, too, they follow from the compiler and not from the patch. Then name the compiler of the release with built-with: in kabi.yml, and assume: what it answers (docs/policy.md).',
  },
  'other-compiler': {
    class: 'note',
    title: 'The list was made with another compiler',
    advice:
      'Run `kabi-gate verify` on the released commit: if symbols differ there, too, they follow from the compiler and not from the patch. Use the compiler of the release, or assume: what it answers (docs/policy.md).',
  },
  'list-of-another-tree': {
    class: 'note',
    title: 'Most of the list differs',
    advice:
      'Check that list, configuration and tree are of one release: `kabi-gate verify` on the released commit has to find all of it equal.',
  },
  'configure-failed': {
    class: 'input',
    title: 'Kernel configuration failed',
    advice: 'Read the lines above; the full log is named with them.',
  },
  'build-failed': {
    class: 'input',
    title: 'Kernel build failed',
    advice: 'Fix the build first: a kernel that does not build has no checksums to compare.',
  },
  busy: {
    class: 'input',
    title: 'Work folder in use',
    advice: 'Wait for the other run to end, or name another folder with --work-dir.',
  },
  interrupted: {
    class: 'input',
    title: 'Interrupted',
    advice: 'Run the command again; finished work is reused.',
  },
  'report-failed': {
    class: 'note',
    title: 'A report could not be delivered',
    advice: 'The verdict stands; read it in the output of the job.',
  },
  'approval-refused': {
    class: 'note',
    title: 'Override label not accepted',
    advice:
      'Somebody who may approve a break, and did not write the pull request, has to set the label again.',
  },
  internal: {
    class: 'internal',
    title: 'kabi-gate itself failed',
    advice: 'This is a defect of kabi-gate; please report it with the message above.',
  },
}

/** True for problems that forbid a pass; notes only inform. */
export function isError(problem: Problem): boolean {
  return problemTexts[problem.kind].class !== 'note'
}

/** What to do about a problem: its own advice, else its kind's. */
export function adviceFor(problem: Problem): string {
  return problem.advice ?? problemTexts[problem.kind].advice
}

/** What a reader gives back: everything it could read, and everything that was wrong. */
export interface Read<T> {
  readonly value: T
  readonly problems: readonly Problem[]
}
