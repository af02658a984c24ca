import * as z from 'zod'
import type { ChangeClass } from '../abi/cause.ts'
import type { FindingKind } from '../judge/finding.ts'
import { globFault } from '../judge/glob.ts'
import {
  policyPresets,
  type Policy,
  type PolicyPreset,
  type Rule,
  type RuleSubject,
  type Severity,
} from '../judge/policy.ts'
import { complain, line, list, settings } from './schema-parts.ts'

const severities = ['fail', 'warn', 'ignore'] as const satisfies readonly Severity[]
const comparabilities = ['fail', 'warn'] as const satisfies readonly Policy['comparability'][]
const preExisting = ['fail', 'warn'] as const satisfies readonly Policy['preExisting'][]
const switches = ['on', 'off'] as const satisfies readonly Policy['layouts'][]
const actions = ['pass', 'warn', 'fail'] as const satisfies readonly Rule['action'][]
/** What a rule can be about; each has exactly one. */
export const ruleSubjects = ['symbol', 'module', 'namespace'] as const satisfies readonly RuleSubject[]

/** What `policy:` may say. */
export function policySchema() {
  const preset = z
    .enum(Object.keys(policyPresets) as PolicyPreset[])
    .meta({ description: 'The weights to start from (docs/policy.md). The default is strict.' })
  return z
    .union([preset, settings({ preset: preset.exactOptional(), ...details() })], {
      error:
        'the name of a preset, or a map with preset, kinds, classes, unmoved, comparability, layouts, pre-existing, rules or severities',
    })
    .meta({ description: 'Which kinds of findings fail, and which symbols are exceptions.' })
}

function details() {
  return {
    kinds: settings(kindWeights())
      .meta({ description: 'Weights that differ from the preset.', examples: [{ moved: 'ignore' }] })
      .exactOptional(),
    classes: settings(classWeights())
      .meta({
        description:
          'Weights of changed checksums by class of change. The heaviest weight among the changes of a symbol counts; other classes, and changes that are not explained, have the weight of kinds.changed.',
        examples: [{ 'became-defined': 'warn' }],
      })
      .exactOptional(),
    unmoved: weight(
      'The most that a changed checksum weighs whose causes are all proven to move nothing in memory. The default is fail; with preset lenient it is warn.',
    ),
    comparability: z
      .enum(comparabilities)
      .meta({
        description:
          'What to do if architecture, compiler, genksyms or relevant options of the build are not those of the whitelist (baseline.yml). fail, the default: an error. warn: compare, with a note.',
      })
      .exactOptional(),
    layouts: z
      .enum(switches)
      .meta({
        description:
          'Whether the layouts of types in memory are compared with those beside the whitelist (layouts.gz). on is the default.',
      })
      .exactOptional(),
    'pre-existing': z
      .enum(preExisting)
      .meta({
        description:
          'What becomes, on a pull request, of a failing finding that the base has in exactly the same way, where somebody asked for it (blame). fail, the default: it fails. warn: it warns. Any other run fails.',
      })
      .exactOptional(),
    rules: list(rule(), 'a list of rules')
      .meta({
        description: 'Exceptions, tried in order; the first match decides.',
        examples: [[{ module: 'drivers/staging/*', action: 'pass', reason: 'staging is not promised' }]],
      })
      .exactOptional(),
    severities: z
      .union([severitiesFile, list(severitiesFile, 'a list of paths')], {
        error: 'the path of a severities file, or a list of them',
      })
      .meta({
        description:
          'One or more files in the format of SUSE’s kabi/severities, read in order. The rules of this file come before theirs.',
        examples: ['kabi/severities', ['kabi/severities.local', 'kabi/severities']],
      })
      .exactOptional(),
  }
}

function weight(description: string) {
  return z.enum(severities).meta({ description }).exactOptional()
}

function kindWeights() {
  return {
    removed: weight('The build does not export the symbol.'),
    changed: weight('The checksum of the symbol differs.'),
    unversioned: weight('The build, or the baseline, has no checksum of the symbol.'),
    'export-type': weight('The symbol became GPL-only.'),
    announced: weight('The symbol is to become GPL-only, or to go: GPL_FUTURE, UNUSED.'),
    namespace: weight('The symbol moved into a namespace, or into another one.'),
    moved: weight('Another module provides the symbol.'),
    added: weight('The build exports a symbol that the whitelist does not protect.'),
    hidden: weight('The patch hides a change from the checksums, such as with __GENKSYMS__.'),
    layout: weight(
      'A type lies in memory otherwise than in the release, so that modules are wrong about it.',
    ),
    fits: weight('A type has something new that no checksum tells of, and nothing moved.'),
    'whitelist-edit': weight('The patch changes a whitelist, the policy or the waivers that guard it.'),
    driver: weight('A driver that the variant names would no longer load.'),
  } satisfies Record<FindingKind, ReturnType<typeof weight>>
}

function classWeights() {
  return {
    'field-added': weight('A field was added in front of others.'),
    'field-added-at-end': weight('A field was added where no other moves.'),
    'field-removed': weight('A field is gone.'),
    'field-retyped': weight('A field has another type.'),
    'field-renamed': weight('A field has another name, in the same place and of the same type.'),
    'fields-reordered': weight('Fields stand in another order.'),
    'fields-regrouped': weight('The same fields, with a nameless struct or union around some, or no longer.'),
    'bit-field-width': weight('A bit field has another width.'),
    'array-bound': weight('An array has another length.'),
    'enumerator-added-at-end': weight('An enumerator was added where no other changes its value.'),
    'enumerator-inserted': weight('An enumerator was added in front of others, whose values shifted.'),
    'enumerator-removed': weight('An enumerator is gone.'),
    'enumerator-renamed': weight('An enumerator has another name and the same value.'),
    'enumerator-value': weight('An enumerator has another value.'),
    'argument-added': weight('A function takes one more argument.'),
    'argument-removed': weight('A function takes one argument less.'),
    'argument-retyped': weight('An argument of a function has another type.'),
    'return-type': weight('A function gives another type.'),
    'variable-retyped': weight('An exported variable has another type.'),
    'typedef-retargeted': weight('A typedef stands for another type.'),
    'became-defined': weight(
      'A type of which only the name was known is fully known, as an #include was added.',
    ),
    'became-opaque': weight('Of a type that was fully known only the name is, as an #include was taken out.'),
    'body-seen': weight(
      'genksyms sees the body of a type that it did not see in the release, and the compiler had it then, or that is not recorded.',
    ),
    'body-unseen': weight(
      'genksyms no longer sees the body of a type, and the compiler has it, or that is not known.',
    ),
    qualifier: weight('const or volatile came or went.'),
    attribute: weight('An __attribute__ came, went or changed.'),
    spelling: weight('The same is said in other words, such as unsigned and unsigned int.'),
    other: weight('The change fits no other class.'),
  } satisfies Record<ChangeClass, ReturnType<typeof weight>>
}

const severitiesFile = line('the path of a severities file')

function rule() {
  const pattern = (description: string) =>
    line('a pattern, in which * stands for any characters, ? for one and [a-z] for one of a set')
      .refine((text) => globFault(text) === undefined, {
        error: 'a pattern whose [ has its ], of at most 4096 characters',
      })
      .meta({ description })
      .exactOptional()
  return settings({
    symbol: pattern('Symbols, such as kvm_*.'),
    module: pattern('Modules as Module.symvers names them, such as drivers/staging/*, or vmlinux.'),
    namespace: pattern('Namespaces of symbols.'),
    action: z.enum(actions).meta({ description: 'What to do with a finding that the rule matches.' }),
    reason: line('a reason').meta({ description: 'Why there is this rule.' }).exactOptional(),
  }).superRefine((rule, context) => {
    const [first, second] = ruleSubjects.filter((subject) => subject in rule)
    const advice = 'Give a rule exactly one of symbol, module and namespace.'
    if (first === undefined) complain(context, 'says nothing about what it matches', advice)
    else if (second !== undefined) complain(context, `cannot stand beside ${first}`, advice, second)
  })
}
