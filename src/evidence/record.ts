import * as z from 'zod'
import type { Strategy } from '../abi/evidence.ts'
import { isSymbolName } from '../abi/export.ts'
import { isError, problemTexts, type ProblemKind } from '../problem/problem.ts'
import { variantName } from '../config/variant-name.ts'
import { fileNames } from './limits.ts'
import { isTreePath } from './tree-path.ts'

/** The only version of the format. */
export const formatVersion = 2

/** What `evidence.json` says (docs/evidence.md). */
export type EvidenceRecord = z.infer<ReturnType<typeof recordSchema>>
export type FoundRecord = Extract<EvidenceRecord, { kind: 'evidence' }>

/** The one source of what `evidence.json` may say. */
export function recordSchema() {
  return z.discriminatedUnion('kind', [foundSchema(), failedSchema()])
}

function foundSchema() {
  const file = z.strictObject({ size: count(), sha256: digest() })
  return z
    .strictObject({
      ...commonShape(),
      kind: z.literal('evidence'),
      how: z.strictObject({
        strategy: z.enum(['exports', 'full', 'prebuilt'] satisfies Strategy[]),
        source: text().exactOptional(),
        compiler: text().exactOptional(),
        configDigest: digest().exactOptional(),
        seconds: z.number().nonnegative(),
      }),
      tree: z.union([z.strictObject({ commit: commit() }), z.strictObject({ digest: digest() }), z.null()]),
      /** Where the tree was not looked at itself: which commit was, and how many files lie between. */
      carried: z.strictObject({ from: commit(), changed: count(), read: count() }).exactOptional(),
      build: buildSchema().exactOptional(),
      symvers: z.strictObject({
        file: text(),
        /** For each row of Module.symvers where the export stands: its place in `files`, and the line there. */
        files: z.array(text()).max(100_000),
        places: z.custom<readonly (readonly [number, number])[]>(arePlaces, {
          error: 'a list of pairs of numbers',
        }),
      }),
      notes: z
        .array(problemSchema())
        .max(1000)
        .refine((notes) => !notes.some(isError), { error: 'a note that is an error' }),
      files: z.strictObject({
        [fileNames.symvers]: file,
        [fileNames.types]: file.exactOptional(),
        [fileNames.layouts]: file.exactOptional(),
        [fileNames.dependencies]: file.exactOptional(),
        [fileNames.basis]: file.exactOptional(),
      }),
    })
    .refine(({ variant, notes }) => notes.every((note) => note.variant === variant), {
      error: 'a note of another variant',
    })
}

function buildSchema() {
  return z.strictObject({
    arch: z.string().regex(/^\w{1,64}$/),
    kernel: text().exactOptional(),
    genksyms: digest(),
    options: z.array(z.tuple([z.string().regex(/^CONFIG_\w{1,200}$/), text()])).max(50_000),
    objects: z
      .array(z.tuple([objectPath(), z.array(z.string().max(512).refine(isSymbolName))]))
      .max(50_000)
      .exactOptional(),
    /** By object, the types whose bodies the compiler gets and genksyms does not see; an object is absent where nobody looked. */
    unseen: z
      .array(
        z.tuple([
          objectPath(),
          z
            .array(
              z
                .string()
                .max(512)
                .regex(/^[sue]#[\w$]+$/),
            )
            .max(10_000),
        ]),
      )
      .max(50_000)
      .exactOptional(),
  })
}

function failedSchema() {
  return z
    .strictObject({
      ...commonShape(),
      kind: z.literal('failure'),
      problems: z
        .array(problemSchema())
        .max(1000)
        .refine((problems) => problems.some(isError), { error: 'a failure without an error' }),
    })
    .refine(({ variant, problems }) => problems.every((problem) => problem.variant === variant), {
      error: 'a problem of another variant',
    })
}

function commonShape() {
  return {
    version: z.literal(formatVersion),
    variant: z.string().max(200).regex(variantName),
    tool: z.strictObject({ name: z.literal('kabi-gate'), version: z.string().regex(/^[\w.+-]{1,100}$/) }),
    plan: digest(),
    /** The commit whose configuration it was collected for; null for that of the tree itself. */
    base: z.union([commit(), z.null()]),
  }
}

function problemSchema() {
  return z.strictObject({
    kind: z.enum(Object.keys(problemTexts) as ProblemKind[]),
    message: text(),
    place: z
      .strictObject({ file: text(), line: count().exactOptional(), column: count().exactOptional() })
      .exactOptional(),
    variant: z.string().exactOptional(),
    excerpt: z.array(text()).max(1000).exactOptional(),
    advice: text().exactOptional(),
  })
}

/** There are as many as exports, so that each is looked at by hand. */
function arePlaces(value: unknown): boolean {
  const isCount = (one: unknown) => Number.isSafeInteger(one) && (one as number) >= 0
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isCount))
  )
}

/** Text that reports show and that nothing else is done with. */
function text() {
  return z.string().max(64 * 1024)
}

function count() {
  return z.int().nonnegative()
}

function digest() {
  return z.string().regex(/^[0-9a-f]{64}$/)
}

function commit() {
  return z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
}

/** An object by its path in the build folder. */
export function objectPath() {
  return z
    .string()
    .max(4096)
    .refine((path) => isTreePath(path) && path.endsWith('.o') && !/\s/.test(path), {
      error: 'no path of an object',
    })
}
