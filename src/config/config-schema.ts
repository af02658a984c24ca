import * as z from 'zod'
import { configPresets, type ConfigPresetName } from './presets.ts'
import { policySchema } from './policy-schema.ts'
import { line, list, pattern, settings } from './schema-parts.ts'
import { defaultsSchema, variantSchema } from './variant-schema.ts'
import { variantName } from './variant-name.ts'

/** What `kabi.yml` says, as it is written there. */
export type Settings = z.infer<ReturnType<typeof configSchema>>

/**
 * The one source of what `kabi.yml` may say, setting by setting: for its validation, its type and `kabi.schema.json`.
 * What several settings must be together is the matter of `crossFaults`.
 */
export function configSchema() {
  return settings({
    version: z.literal(1, { error: 'the number 1' }).meta({ description: 'Version of this format.' }),
    preset: z
      .enum(Object.keys(configPresets) as ConfigPresetName[])
      .meta({
        description:
          'Variants to start from. rhel5: the ten variants of RHEL 5 with their architectures, and policy rhel5.',
      })
      .exactOptional(),
    whitelists: line('the path of a folder')
      .meta({
        description:
          'The folder of the whitelists, relative to this file, or builtin:FAMILY for those that come with kabi-gate. The default is whitelists.',
        examples: ['redhat/kabi', 'builtin:debian-12'],
      })
      .exactOptional(),
    release: pattern(/^\d{1,4}\.\d{1,4}$/, "a release in quotes, such as '9.8'")
      .meta({
        description:
          'The release, for whitelists that say in which minor releases a symbol is promised (#2-4). Without it every symbol counts.',
        examples: ['9.8'],
      })
      .exactOptional(),
    defaults: defaultsSchema().exactOptional(),
    variants: z
      .record(z.string(), variantSchema(), { error: 'a map of variants' })
      .meta({
        description: 'The kernels that the distribution ships, by name.',
        propertyNames: { type: 'string', pattern: variantName.source },
      })
      .exactOptional(),
    policy: policySchema().exactOptional(),
    protected: z
      .array(line('a pattern of branches'), { error: 'a list of patterns of branches' })
      .meta({
        description:
          'Branches on which the action refuses the disable flag; * matches any characters. The default is main, master, release/* and *-stable.',
        examples: [['main', 'rhel-*']],
      })
      .exactOptional(),
    waivers: line('the path of a file of waivers')
      .meta({
        description: 'The waiver file: reviewed exceptions (docs/waivers.md). The default is none.',
        examples: ['kabi-waivers.yml'],
      })
      .exactOptional(),
    notes: notesSchema().exactOptional(),
    report: reportSchema().exactOptional(),
  }).meta({ title: 'kabi.yml', description: 'The configuration of kabi-gate.' })
}

function notesSchema() {
  return list(
    line('a line of text, at most 300 characters').max(300, {
      error: 'a line of text, at most 300 characters',
    }),
    'a list of lines',
  )
    .max(10, { error: 'a list of at most 10 lines' })
    .meta({
      description:
        'Lines of the distribution that whoever checks a driver reads below the result (docs/modules.md), such as what a result does not mean.',
      examples: [['This does not constitute a certification.']],
    })
}

function reportSchema() {
  return settings({
    docs: pattern(/^https?:\/\/[\w.:/~@%+-]+$/, 'an address that begins with https://')
      .meta({
        description:
          'Where reports send their readers for more: the folder docs/ of kabi-gate as a page or on a mirror. In the action the default is the repository that the action came from.',
        examples: ['https://kernel.example.org/kabi-gate/docs'],
      })
      .exactOptional(),
  }).meta({ description: 'What reports say.' })
}
