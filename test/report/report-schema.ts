import { doubtTexts } from '../../src/abi/carry-over.ts'
import { z } from 'zod'
import { exportTypes } from '../../src/abi/export.ts'
import { waivableKinds } from '../../src/judge/waiver.ts'
import { editTexts } from '../../src/report/model/edit-texts.ts'
import { changeTexts } from '../../src/report/model/change-texts.ts'
import { unexplainedTexts } from '../../src/report/model/unexplained-texts.ts'
import { findingTexts, hiddenWords } from '../../src/report/model/finding-texts.ts'
import { layoutTexts } from '../../src/report/model/layout-words.ts'

const text = (description: string) => z.string().describe(description)
const textOrNull = (description: string) => z.string().nullable().describe(description)
const count = (description: string) => z.int().nonnegative().describe(description)
const line = (description: string) => z.int().positive().describe(description)

const result = z
  .enum(['pass', 'break', 'overridden', 'error'])
  .describe(
    'pass: every protected symbol is as promised. break: at least one is not. overridden: the same, and the disable flag was given. error: something could not be verified, so nothing may be concluded.',
  )

const findingKind = z
  .enum(Object.keys(findingTexts))
  .describe('What kind of difference; docs/fixing-a-break.md has a section for each.')

const problemKind = text('What kind of problem; expect kinds that this version does not know.')

const severity = z
  .enum(['fail', 'warn', 'ignore'])
  .describe('What the policy, or a rule of it, makes of the difference.')

/** Where a finding comes from. */
const traced = {
  origin: z
    .enum(['introduced', 'pre-existing', 'unknown'])
    .nullable()
    .describe(
      'introduced: the base is as promised there, or differs in another way. pre-existing: the base differs in exactly the same way. unknown: the base was not looked at, or does not tell. null: nobody asked, or a rule made it to be ignored.',
    ),
  excused: z
    .boolean()
    .describe('True where it fails as such, and only warns because it was there before the patch.'),
}

const rule = z
  .strictObject({
    by: z.enum(['symbol', 'module', 'namespace']).describe('What the pattern is matched against.'),
    pattern: text('`*` stands for any characters, `?` for one, `[a-z]` for one of a set.'),
    action: z.enum(['pass', 'warn', 'fail']).describe('What the rule makes of a finding it matches.'),
    reason: textOrNull('Why the rule exists, as its author says.'),
    file: text('File the rule stands in.'),
    line: line('Line in that file, from 1.'),
  })
  .meta({ id: 'rule', description: 'A rule of the policy.' })

const exportFields = {
  crc: z
    .string()
    .regex(/^0x[0-9a-f]{8}$/)
    .nullable()
    .describe('Checksum; zero means that none was computed, null that the file records none.'),
  module: textOrNull('`vmlinux`, or the module’s path in the kernel tree; null when not recorded.'),
  type: z.enum(exportTypes).nullable().describe('Export type; null when not recorded.'),
  namespace: textOrNull('Symbol namespace; empty for none, null when not recorded.'),
  file: text('File it was read from.'),
  line: line('Line in that file, from 1.'),
}

const baseline = z
  .strictObject({
    ...exportFields,
    section: text('Section of the whitelist; empty outside of any.'),
    lifetime: z
      .strictObject({
        first: z.int().describe('First minor release of the promise.'),
        last: z.int().nullable().describe('Last minor release; null while the promise goes on.'),
      })
      .nullable()
      .describe('Minor releases of the promise; null when not recorded.'),
  })
  .meta({ id: 'baseline', description: 'A row of the whitelist: what was promised.' })

const current = z.strictObject(exportFields).meta({ id: 'current', description: 'What the build exports.' })

const waiver = z
  .strictObject({
    symbol: textOrNull('The symbol it is about; null for a layout.'),
    layout: textOrNull('The type, in C, or the symbol whose layout it is about; null for a checksum.'),
    kind: z.enum([...waivableKinds, 'layout']).describe('The one kind of finding that it excuses.'),
    variants: z.union([z.literal('all'), z.array(z.string())]).describe('Where it holds.'),
    from: text('Checksum on the whitelist, or digest of the layout in the release.'),
    to: text('Checksum of the build, or removed; or digest of the layout in the build.'),
    reason: text('Why, as its author says.'),
    owner: text('Who answers for it.'),
    ticket: textOrNull('Where it was discussed.'),
    expires: text('Its last day, YYYY-MM-DD, in UTC.'),
    file: text('File the waiver stands in.'),
    line: line('Line in that file, from 1.'),
  })
  .meta({
    id: 'waiver',
    description: 'A reviewed exception, bound to exact checksums, or layouts (docs/waivers.md).',
  })

const differences = z.array(
  z.strictObject({
    class: z.enum(Object.keys(layoutTexts)).describe('What happened.'),
    title: text('The same in words.'),
    member: textOrNull('The member or enumerator; null for the type as a whole.'),
    before: textOrNull('A place in bytes, a type, a size or a value; null where there was none.'),
    after: textOrNull('The same in the build.'),
  }),
)

const place = z
  .strictObject({
    file: text('File, from the top of the kernel tree.'),
    line: line('First line, from 1.'),
    endLine: line('Last line.'),
  })
  .meta({ id: 'place', description: 'Part of a file of the kernel tree.' })

const patchLine = {
  file: text('File, from the top of the kernel tree.'),
  line: line('Line in the patched file; of a removed line, the one before which it stood.'),
  kind: z.enum(['added', 'removed']),
  text: text('The line without its end.'),
  commit: z
    .strictObject({
      hash: text('Its whole name.'),
      subject: text('The first line of its message.'),
      date: text('The day its author made it, such as 2026-11-30.'),
    })
    .nullable()
    .describe('The commit that did it; null where that is not known, or where it is not committed.'),
}

const blame = z
  .strictObject({
    patch: z
      .array(z.strictObject(patchLine))
      .describe('The lines of the patch that did it, the most telling first; empty when none is known.'),
    options: z
      .array(
        z.strictObject({
          name: text('Name of the option, with CONFIG_.'),
          before: text('Its value before the patch; n when it was not set.'),
          after: text('Its value now.'),
        }),
      )
      .describe('Options of the configuration by which they did it.'),
    place: place.nullable().describe('Where the tree says it; null where that is not sure.'),
  })
  .meta({ id: 'blame', description: 'What made a finding of another kind than `changed`.' })

const finding = z
  .strictObject({
    kind: findingKind,
    severity,
    variant: text('Name of the variant.'),
    sameIn: z
      .array(z.string())
      .describe(
        'Further variants in which the same was found; their finding does not stand in the list. Empty in a report of up to 5,000 findings.',
      ),
    symbol: text('Name of the exported symbol.'),
    baseline: baseline.nullable().describe('What was promised; null for `added`.'),
    current: current.nullable().describe('What the build exports; null for `removed`.'),
    rule: rule.nullable().describe('The rule that decided the severity; null when the policy’s weight did.'),
    waiver: waiver
      .nullable()
      .describe('The waiver that excuses it, which makes the severity warn; null without one.'),
    ...traced,
    causes: z
      .array(z.string())
      .nullable()
      .describe('Ids of the causes that a changed symbol needs repaired; null where it was not explained.'),
    blame: blame.nullable().describe('What made it; null where nothing is sure, and for `changed`.'),
  })
  .meta({ id: 'finding', description: 'One difference of one symbol in one variant.' })

const change = z
  .strictObject({
    class: z.enum(Object.keys(changeTexts)).describe('What sort of change.'),
    title: text('A few words for the class.'),
    risk: z
      .enum(['breaks', 'may-break', 'usually-harmless'])
      .describe('What changes of this class mean for drivers.'),
    subject: textOrNull('The member, enumerator or parameter, in C; null when it is the whole definition.'),
    before: textOrNull('In C; null where there is nothing to tell.'),
    after: textOrNull('In C; null where there is nothing to tell.'),
    advice: text('What to do.'),
  })
  .meta({ id: 'change', description: 'One change of one class within a definition.' })

const cause = z
  .strictObject({
    id: text('Name and a checksum of both texts; the same in every run and variant.'),
    name: text(
      'As genksyms writes it: s#device, u#x, e#x, t#u8, E#x; the bare symbol for a declaration of an export.',
    ),
    title: text('The name in C.'),
    matters: z
      .boolean()
      .describe('False: it plays no part once the others are repaired, and symbols is zero.'),
    symbols: count(
      'Distinct protected symbols, over all variants, that it changed: each is fixed only if it is reverted.',
    ),
    alone: count('Distinct protected symbols that are fixed in every variant by reverting this alone.'),
    changes: z.array(change).describe('Gravest first.'),
    before: text('Tokens of the released definition, one space between.'),
    after: text('Tokens of the definition of this build.'),
    beforeInC: z.array(z.string()).describe('The released definition as lines of C.'),
    afterInC: z.array(z.string()).describe('The definition of this build as lines of C.'),
    reach: z
      .array(
        z.strictObject({
          variant: text('Name of the variant.'),
          symbols: z
            .array(z.string())
            .describe('Changed protected symbols that are fixed only if the definition is reverted.'),
        }),
      )
      .describe('In the order of the variants.'),
    chain: z
      .array(z.string())
      .describe('How an example symbol comes to it: names as genksyms writes them, the symbol first.'),
    place: place.nullable().describe('Where it is defined in the patched tree; null when not found.'),
    patch: z
      .array(z.strictObject(patchLine))
      .nullable()
      .describe('The lines of the patch that did it, the most telling first; null when no patch is known.'),
    reserved: z
      .strictObject({
        macro: text('Name of the macro.'),
        left: count('Fields left.'),
        place,
      })
      .nullable()
      .describe('Fields that the structure keeps for later; null when there are none.'),
    layout: z
      .strictObject({
        sizeBefore: z.int().nonnegative().nullable().describe('Bytes; null for what has no size.'),
        sizeAfter: z.int().nonnegative().nullable().describe('Bytes; null for what has no size.'),
        moved: z.array(
          z.strictObject({
            member: text('Name of the member.'),
            before: count('Offset in bytes.'),
            after: z.int().nonnegative().nullable().describe('Offset in bytes; null when it is gone.'),
          }),
        ),
        differences: differences.describe('Empty: nothing moved.'),
        room: z
          .strictObject({
            member: text('The one new member.'),
            bytes: count('Its size.'),
            place: z
              .strictObject({
                offset: count('In bytes, in the release.'),
                bytes: count('Free bytes.'),
                behind: text('The member in front of it; empty for one without a name.'),
                last: z.boolean().describe('Whether it is the padding at the end.'),
              })
              .nullable()
              .describe('What takes the member without moving another; null for nothing.'),
          })
          .nullable()
          .describe('Where one new member would have moved nothing; null where that is not known.'),
      })
      .nullable()
      .describe('How it lies in memory; null when not known.'),
    fix: z
      .strictObject({
        how: z
          .enum(['hide', 'use'])
          .describe('hide: the new field moves nothing, and is hidden; use: it goes into a reserved field.'),
        file: text('Path from the top of the tree.'),
        edits: z
          .array(
            z.strictObject({
              line: count('The first line that is removed, as the file is now.'),
              removed: z.array(z.string()).describe('Lines without their ends.'),
              added: z.array(z.string()).describe('The lines in their place.'),
            }),
          )
          .describe('From the top of the file down.'),
      })
      .nullable()
      .describe(
        'Lines to write so that checksum and layout are those of the release; null when none is sure.',
      ),
  })
  .meta({ id: 'cause', description: 'A changed definition that explains changed checksums.' })

const explanation = z
  .strictObject({
    changed: count('Distinct protected symbols with a changed checksum, over all variants.'),
    proven: count('Of these, those whose explanation was proven by computing checksums again.'),
    causes: z.array(cause).describe('Those that matter first; among them those that most symbols need.'),
    groups: z
      .array(
        z.strictObject({
          causes: z.array(z.string()).describe('Ids.'),
          symbols: z.array(z.string()).describe('Names.'),
        }),
      )
      .describe('Changed symbols by the causes that have to be reverted for them, largest first.'),
    repair: z
      .array(
        z.strictObject({
          causes: z.array(z.string()).describe('Ids of the causes to revert in this step.'),
          restored: count(
            'Distinct symbols whose checksums are those of the release after this step and all before it.',
          ),
        }),
      )
      .describe('The shortest way to fix all explained symbols: the causes to revert, step by step.'),
    unexplained: z
      .array(
        z.strictObject({
          variant: text('Name of the variant.'),
          sameIn: z.array(z.string()).describe('Further variants with the same symbols, as for findings.'),
          why: z.enum(Object.keys(unexplainedTexts)).describe('Why not.'),
          title: text('The same in words.'),
          advice: text('What to do.'),
          symbols: z.array(z.string()).describe('Names.'),
        }),
      )
      .describe('Changed symbols that could not be explained.'),
    kabiMacros: z
      .boolean()
      .nullable()
      .describe('Whether the headers of the kernel define macros such as KABI_RESERVE; null when not known.'),
  })
  .meta({ id: 'explanation', description: 'Why checksums changed, and how far that is proven.' })

const layout = z
  .strictObject({
    name: text('As genksyms writes it: s#device; of a symbol its name.'),
    title: text('In C: struct device.'),
    severity,
    variant: text('Name of the variant.'),
    moves: z.boolean().describe('Whether a module of the release is wrong about memory.'),
    digestBefore: text('Tells the layout in the release from any other.'),
    digestAfter: text('The same for that of the build.'),
    differences,
    heldBy: z
      .array(z.strictObject({ name: z.string(), title: z.string(), differences }))
      .describe('Types that changed by this one alone, as they hold it.'),
    symbols: z.array(z.string()).describe('Protected symbols that reach it.'),
    untold: z.array(z.string()).describe('Those of them whose checksum is that of the release.'),
    place: place.nullable().describe('Where it is defined in the patched tree; null when not known.'),
    patch: z
      .array(z.strictObject(patchLine))
      .nullable()
      .describe('Lines of the patch that did it, the most telling first; null when none is known.'),
    rule: rule.nullable().describe('The rule that decided its severity; null when none did.'),
    waiver: waiver.nullable().describe('The waiver that excuses it; null without one.'),
    ...traced,
  })
  .meta({ id: 'layout', description: 'A type that lies in memory otherwise than in the release.' })

const hidden = z
  .strictObject({
    how: z.enum(Object.keys(hiddenWords)).describe('What shows the checksum another text than the compiler.'),
    severity,
    ...patchLine,
    layout: z
      .enum(['moves', 'harmless', 'no-baseline', 'no-build', 'off'])
      .describe('What the layouts of types tell of it: the last three say why nothing is known.'),
    types: z.array(z.string()).describe('The types that moved, or that have something new that fits.'),
    ...traced,
  })
  .meta({ id: 'hidden', description: 'A line of the patch that hides changes from the checksums.' })

export const problem = z
  .strictObject({
    kind: problemKind,
    class: z
      .enum(['usage', 'input', 'internal', 'note'])
      .describe('Who has to act. Every class but `note` makes the result an error.'),
    title: text('A few words for the kind.'),
    message: text('What was found.'),
    variant: textOrNull('The variant concerned; null when it is the whole run.'),
    place: z
      .strictObject({
        file: text('File.'),
        line: line('Line, from 1.').nullable(),
        column: z.int().positive().nullable().describe('Column in UTF-16 units, from 1.'),
      })
      .nullable()
      .describe('Where it is.'),
    excerpt: z.array(z.string()).describe('Lines worth reading: the offending text, the end of a build log.'),
    advice: text('What to do.'),
  })
  .meta({ id: 'problem', description: 'Something that kept the gate from looking properly, or a note.' })

const variant = z
  .strictObject({
    name: text('Name of the variant.'),
    arch: textOrNull('Architecture, as in ARCH= of the kernel’s Makefile.'),
    result: z
      .enum(['pass', 'break', 'error', 'no-promise'])
      .describe('Before any override. no-promise: the configuration says that nothing is protected.'),
    noPromiseReason: textOrNull('Why nothing is protected.'),
    protected: count('Protected symbols.'),
    compared: count(
      'Protected symbols whose fate was established; equal to protected unless it is an error.',
    ),
    added: count(
      'Exports of the build that are not protected; null where nobody looked for them.',
    ).nullable(),
    exports: count('Exports of the build.'),
    findings: z
      .strictObject({
        fail: count('Findings that fail.'),
        warn: count('Findings that warn.'),
        ignore: count('Findings that a rule made to be ignored.'),
      })
      .describe('Number of findings by severity.'),
    whitelist: textOrNull('File or folder of the whitelist.'),
    whitelistDigest: textOrNull('SHA-256 of the unpacked whitelist, hexadecimal; null for a folder.'),
    commit: textOrNull(
      'The commit that was looked at; null for a tree that is no clean checkout, and where none was at hand.',
    ),
    kernel: textOrNull('Release of the kernel, as its Makefile says.'),
    how: z
      .strictObject({
        strategy: text('How the checksums were obtained.'),
        source: textOrNull('Kernel tree, for a strategy that builds.'),
        compiler: textOrNull('First line of the compiler’s --version.'),
        configDigest: textOrNull('SHA-256 of the final kernel configuration, hexadecimal.'),
        seconds: z.number().nonnegative().describe('Wall-clock time of the collection.'),
      })
      .nullable()
      .describe('How the evidence came about; null when there is none.'),
    carried: z
      .strictObject({
        from: text('The commit that was looked at.'),
        changed: count('Files that differ between both commits.'),
        read: count('Files that were looked at; none of the changed ones is among them.'),
      })
      .nullable()
      .describe('Where the evidence of an earlier commit holds; null where this one was looked at.'),
  })
  .meta({ id: 'variant', description: 'What was looked at in one variant.' })

const reason = z
  .strictObject({
    weight: z.enum(['error', 'fail', 'warn', 'note']),
    finding: findingKind.nullable().describe('Kind of finding it is about; null when it is about a problem.'),
    problem: problemKind.nullable().describe('Kind of problem it is about; null when it is about a finding.'),
    count: z.int().positive().describe('How many there are.'),
    variants: z.array(z.string()).describe('Names of the variants concerned.'),
  })
  .meta({ id: 'reason', description: 'Why the result is what it is, one entry a kind.' })

const edit = z
  .strictObject({
    kind: z.enum(Object.keys(editTexts)).describe('What sort of edit.'),
    severity,
    title: text('A few words for the kind.'),
    meaning: text('What it would mean once it is merged.'),
    subject: text('A symbol, a setting, a rule or a variant.'),
    variant: textOrNull('Name of the variant; null for what concerns all.'),
    before: textOrNull('As in the base commit; null where there is nothing to tell.'),
    after: textOrNull('As in the patched tree; null where there is nothing to tell.'),
    file: text('File that the edit is in.'),
    line: line('Line in that file, from 1.').nullable(),
    ...traced,
  })
  .meta({
    id: 'edit',
    description: 'What the patch changes in the whitelists, the policy or the waivers that guard it.',
  })

const driverReason = z
  .strictObject({
    kind: z
      .enum(['checksum', 'module-layout', 'no-checksum', 'not-exported', 'namespace', 'gpl-only'])
      .describe('What the loader finds.'),
    symbol: text('The symbol; module_layout stands for the structure of modules.'),
    built: textOrNull('The checksum that the driver was built with.'),
    expected: textOrNull('The checksum of the kernel.'),
    namespace: textOrNull('The namespace that the driver does not import.'),
  })
  .meta({ id: 'driverReason', description: 'Why a driver does not load.' })

const drivers = z
  .strictObject({
    sets: z
      .array(
        z.strictObject({
          variant: text('Name of the variant.'),
          drivers: count('Drivers of the variant.'),
          broken: count('Of these, those that would no longer load.'),
          foreign: z
            .array(z.string())
            .describe('Files of drivers that were built for another kernel than the released one.'),
        }),
      )
      .describe('In the order of the variants.'),
    broken: z
      .array(
        z.strictObject({
          variant: text('Name of the variant.'),
          severity,
          name: text('Name of the module.'),
          file: text('Its file; behind `!/` its path in an archive.'),
          reasons: z.array(driverReason),
          causes: z.array(z.string()).describe('Ids of causes in `explanation`.'),
          ...traced,
        }),
      )
      .describe('Drivers that load on the released kernel and would not on this one.'),
    ranks: z
      .array(
        z.strictObject({
          cause: textOrNull('Id of a cause in `explanation`.'),
          symbol: textOrNull('A symbol, where no cause of it is known.'),
          drivers: count('Distinct drivers that it stops.'),
        }),
      )
      .describe('What stops most drivers first.'),
  })
  .meta({ id: 'drivers', description: 'Drivers that have to keep loading.' })

const commit = {
  hash: text('Its whole name.'),
  subject: text('Its first line.'),
  date: text('The author’s day; empty where git does not tell.'),
  skipped: textOrNull('Why it could not be looked at; null: it was.'),
}

export const broken = z
  .strictObject({
    kind: z
      .enum(['type', 'symbol'])
      .describe('type: a definition changed. symbol: a break that no definition explains.'),
    name: text('Of a type as genksyms writes it, such as s#device; else the symbol.'),
    title: text('The same in C.'),
    finding: findingKind.nullable().describe('What became of the symbol; null for a type.'),
    change: change
      .nullable()
      .describe(
        'The gravest change of the type; null for a symbol, and for a type that moved while no checksum tells.',
      ),
    symbols: z.array(z.string()).describe('The promised symbols that it breaks.'),
    lines: z
      .array(z.strictObject(patchLine))
      .describe('Some of the lines that did it, the most telling first; empty when none is known.'),
  })
  .meta({ id: 'broken', description: 'What a commit broke, changed or repaired.' })

const series = z
  .strictObject({
    base: z.strictObject(commit).describe('The commit before the first one.'),
    before: z.array(broken).describe('What was broken already.'),
    commits: z
      .array(
        z.strictObject({
          ...commit,
          doubtful: z
            .array(z.string())
            .describe('Commits before it that could not be looked at: it may have been one of these.'),
          introduced: z.array(broken),
          changed: z.array(broken).describe('Changed before, and by this commit once more.'),
          repaired: z.array(broken).describe('As they were before it.'),
        }),
      )
      .describe('Parents before their children.'),
  })
  .meta({ id: 'series', description: 'What each commit of a series did.' })

const reach = z
  .strictObject({
    variant: z.string(),
    from: textOrNull('The commit whose evidence is at hand; null where there is none.'),
    files: z.array(
      z.strictObject({
        path: text('Path from the top of the tree.'),
        doubt: z
          .enum(Object.keys(doubtTexts))
          .nullable()
          .describe('Why the evidence may depend on it; null where it does not.'),
        objects: z
          .array(z.string())
          .nullable()
          .describe('The objects that read it; null where it may reach all of them, or none.'),
        symbols: count('The protected symbols that these export.').nullable(),
      }),
    ),
  })
  .meta({ id: 'reach', description: 'What the files that changed can reach of a variant.' })

/** The JSON report, key by key; docs/report.schema.json is made from this. */
export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(1).describe('Changes when a key changes its meaning or goes away.'),
    tool: z
      .strictObject({ name: z.literal('kabi-gate'), version: text('Version of kabi-gate.') })
      .describe('What wrote the report.'),
    result,
    date: textOrNull(
      'The day on which the verdict was given, in UTC; null where there was nothing to judge.',
    ),
    override: z
      .strictObject({
        by: text('Who asked.'),
        reason: text('Why.'),
        label: z
          .strictObject({
            name: text('Name of the label.'),
            role: text('The role that allowed it.'),
            at: text('When it was set, as the forge says.'),
          })
          .nullable()
          .describe('The label on the pull request that did it; null for the disable flag.'),
        flag: z
          .strictObject({
            role: textOrNull('The role of who gave it; null where nobody asked the forge.'),
            at: text('When the run looked at it.'),
          })
          .nullable()
          .describe('The disable flag of a workflow; null for a label and at a terminal.'),
        run: textOrNull('Where the run can be looked up; null at a terminal.'),
      })
      .nullable()
      .describe(
        'The disable flag as it was given, also when nothing had to be excused, or the label that excused a break; null without either.',
      ),
    policy: text('Name of the policy’s preset.'),
    origins: z
      .strictObject({
        base: text('The commit that findings were held against, its whole name.'),
        policy: z
          .enum(['fail', 'warn'])
          .describe('What becomes in this run of a failing finding that was there before.'),
        introduced: count('Failing findings that the patch introduced.'),
        preExisting: count('Failing findings that were there before, with those that this excuses.'),
        unknown: count('Failing findings of unknown origin.'),
      })
      .nullable()
      .describe('Where findings come from; null where nobody asked.'),
    configuration: z
      .strictObject({
        from: z.enum(['commit', 'work-tree']),
        name: textOrNull('The commit as it was named.'),
        commit: textOrNull('Its whole name.'),
        branch: textOrNull('The branch that the run is about; null where it is not known.'),
      })
      .nullable()
      .describe(
        'Whose configuration, whitelists and waivers counted; null where there is none, as for two files.',
      ),
    reasons: z.array(reason).describe('Heaviest first.'),
    variants: z.array(variant).describe('In the order of the configuration.'),
    problems: z.array(problem),
    findings: z.array(finding).describe('Sorted by severity, kind, variant and symbol.'),
    findingsLeftOut: count(
      'Findings of a report of very many that are only counted here, and under variants.',
    ),
    explanation: explanation
      .nullable()
      .describe('Why checksums changed; null when no protected symbol changed.'),
    series: series.nullable().describe('Null where commits were not looked at one by one.'),
    reach: z.array(reach).nullable().describe('Null where nobody asked.'),
    drivers: drivers
      .nullable()
      .describe('What becomes of the drivers that the configuration names; null where it names none.'),
    layouts: z.array(layout).describe('Empty where nothing moved, and where no layouts are known.'),
    hidden: z.array(hidden).describe('In the order of the patch.'),
    edits: z.array(edit).describe('Empty where no base commit is known.'),
    unusedRules: z
      .array(rule)
      .describe('Rules of the policy that are the first to match no protected symbol.'),
  })
  .meta({
    title: 'kabi-gate report',
    description:
      'The verdict of one run of kabi-gate. Every key is always there; what does not apply is null. Texts are as they were found and may hold anything.',
  })

export type JsonReport = z.infer<typeof reportSchema>

/** The schema for docs/report.schema.json. */
export function jsonSchema(): object {
  return publicSchema(reportSchema)
}

/**
 * A schema for readers of a report. It allows keys that it does not know: a later version may add some, while
 * the reports of this version are held to exactly these.
 */
export function publicSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties
    },
  })
}
