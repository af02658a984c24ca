import type { BaselineFile } from '../abi/baseline.ts'
import { checkTypes, type StoredTypes } from '../abi/check-types.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import { parseLayouts } from '../abi/layouts/parse-layouts.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { readBaselineOf } from './read-baseline.ts'
import { findStoredTypes } from './find-stored-types.ts'
import { mayExist, whitelistFiles } from './whitelist-files.ts'
import { readBytes } from '../io/read-bytes.ts'
import { readWhitelist } from './read-whitelist.ts'
import { foreignBaseline } from '../judge/comparability.ts'
import { rowsDigest, contentDigest } from './list-records.ts'

/** A whitelist with what stands beside it. */
interface InspectedWhitelist {
  readonly whitelist: Whitelist
  /** The list itself was understood, whatever stands beside it. */
  readonly readable: boolean
  readonly baseline: BaselineFile | undefined
  /** How the compiler of the release laid out the types behind the list, where that is stored. */
  readonly layouts: Layouts | undefined
  /** Symbols whose checksum comes out of the stored types; undefined without these. */
  readonly reproduced: number | undefined
}

/**
 * Reads a whitelist, and looks at the files beside it: list, stored types and `baseline.yml` have to agree, or
 * one of them was cut or put in the place of another.
 *
 * Problems: those of `readWhitelist`, `readBaselineOf`, `checkTypes` and `foreignBaseline`; `no-checksum`;
 * `list-differs`, `types-differ` and `layouts-differ` for what is not as the baseline records it, and those of `parseLayouts`.
 * @param variant whose list it is; absent: not known
 */
export async function inspectWhitelist(
  source: WhitelistSource,
  variant: string | undefined,
): Promise<Read<InspectedWhitelist>> {
  const { path } = source
  const [{ value: whitelist, problems }, baseline] = await Promise.all([
    readWhitelist(source),
    readBaselineOf(source),
  ])
  const readable = !problems.some(isError)
  const types = readable ? await checkTypesBeside(path, whitelist, baseline.value) : nothingBeside
  const layouts = readable ? await layoutsBeside(path, baseline.value) : nothingBeside
  const foreign =
    baseline.value && variant !== undefined ? foreignBaseline(baseline.value, variant) : undefined
  return {
    value: { whitelist, readable, baseline: baseline.value, layouts: layouts.value, reproduced: types.value },
    problems: [
      ...problems,
      ...(readable ? zeroChecksums(whitelist) : []),
      ...(readable && baseline.value ? otherList(whitelist, baseline.value) : []),
      ...types.problems,
      ...layouts.problems,
      ...(foreign ? [foreign] : baseline.problems),
    ],
  }
}

const nothingBeside: Read<undefined> = { value: undefined, problems: [] }

function zeroChecksums({ rows, file }: Whitelist): readonly Problem[] {
  const zero = rows.filter(({ crc }) => crc === 0)
  const [first] = zero
  if (!first) return []
  return [
    {
      kind: 'no-checksum',
      message: `${zero.length} rows have the checksum zero, which stands for none.`,
      place: { file, line: first.line },
    },
  ]
}

/** The problem of a list that is not the one that its baseline records. */
export function otherList(
  { file, rows }: Whitelist,
  { file: recordedIn, baseline }: BaselineFile,
): readonly Problem[] {
  const { records } = baseline
  if (!records || records.list === rowsDigest(rows)) return []
  const counts =
    records.rows === rows.length
      ? `These are not the ${rows.length} rows`
      : `The list has ${rows.length} rows; it had ${records.rows}`
  return [
    {
      kind: 'list-differs',
      message: `${counts} when its baseline.yml was written.`,
      place: { file },
      excerpt: [`recorded in ${recordedIn}`],
    },
  ]
}

async function checkTypesBeside(
  path: string,
  { rows }: Whitelist,
  baseline: BaselineFile | undefined,
): Promise<Read<number | undefined>> {
  const records = baseline?.baseline.records
  const types = await findStoredTypes(path)
  const recorded = `recorded in ${baseline?.file ?? ''}`
  if (!types) {
    if (records?.types === undefined) return nothingBeside
    const message = 'The types that were written with the list are not there.'
    return {
      value: undefined,
      problems: [{ kind: 'types-differ', message, place: { file: path }, excerpt: [recorded] }],
    }
  }
  const { value: bytes, problems } = await readBytes(types.file)
  if (problems.length > 0) return { value: 0, problems }
  const checked = checkOnce(rows, { ...types, bytes, untyped: records?.untyped ?? [] })
  // Those of a whole kernel are kept apart from the list.
  if (checked.problems.some(isError) || !records || !types.exact || records.types === contentDigest(bytes)) {
    return checked
  }
  const message = 'These are not the types that were written with the list.'
  const other: Problem = { kind: 'types-differ', message, place: { file: types.file }, excerpt: [recorded] }
  return { value: checked.value, problems: [...checked.problems, other] }
}

/** What agreed in this process, and how many symbols came out: a base and its patch mostly have the same list, which takes a quarter of a second. */
const agreed = new Map<string, number>()

function checkOnce(rows: readonly WhitelistRow[], types: StoredTypes): Read<number> {
  const { bytes, exact, complete, untyped } = types
  const checksums = rows.map(({ symbol, crc }) => [symbol, crc])
  const key = contentDigest(
    Buffer.from(JSON.stringify([contentDigest(bytes), checksums, exact, complete, untyped])),
  )
  const known = agreed.get(key)
  if (known !== undefined) return { value: known, problems: [] }
  const checked = checkTypes(rows, types)
  if (checked.problems.length === 0) agreed.set(key, checked.value)
  return checked
}

async function layoutsBeside(
  path: string,
  baseline: BaselineFile | undefined,
): Promise<Read<Layouts | undefined>> {
  const { layouts: file } = whitelistFiles(path)
  const records = baseline?.baseline.records
  const differ = (message: string, place: string, recorded = baseline): Read<undefined> => {
    const excerpt = recorded ? [`recorded in ${recorded.file}`] : []
    return {
      value: undefined,
      problems: [{ kind: 'layouts-differ', message, place: { file: place }, excerpt }],
    }
  }
  if (!(await mayExist(file))) {
    if (records?.layouts === undefined) return nothingBeside
    return differ('The layouts that were written with the list are not there.', path)
  }
  const { value: bytes, problems } = await readBytes(file)
  if (problems.length > 0) return { value: undefined, problems }
  const read = parseLayouts(new TextDecoder().decode(bytes), file)
  if (read.problems.length > 0) return { value: undefined, problems: read.problems }
  if (records?.layouts === contentDigest(bytes)) return read
  return records?.layouts === undefined
    ? differ('Nothing records that these layouts belong to the list.', file)
    : differ('These are not the layouts that were written with the list.', file)
}
