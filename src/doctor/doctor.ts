import { join } from 'node:path'
import type { Strategy } from '../abi/evidence.ts'
import { adviceFor, isError, problemTexts, type Problem, type Read } from '../problem/problem.ts'
import { missingForCollect } from '../config/missing-for-collect.ts'
import type { KernelConfig, VariantPlan } from '../config/plan.ts'
import { plan } from '../gate/prepare.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { readLookup } from '../baseline/read-guard.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { realPath } from '../io/real-path.ts'
import { unwritable } from '../io/write-file.ts'
import { checkTree } from '../kernel/check-tree.ts'
import { checkWorkDir } from '../kernel/check-work-dir.ts'
import { buildPrograms } from '../kernel/needs/build-programs.ts'
import { foreignTarget, gccVersion } from '../kernel/needs/compiler-target.ts'
import { findNeed, type Surroundings } from '../kernel/needs/find-need.ts'
import { kernelFacts, type KernelFacts } from '../kernel/needs/kernel-facts.ts'
import { kernelNeeds } from '../kernel/needs/kernel-needs.ts'
import type { Need } from '../kernel/needs/need.ts'
import { installationOf, type Installation } from '../kernel/needs/packages.ts'
import { folderSize, freeDisk, memorySize, roomFor } from '../kernel/needs/room.ts'
import type { Environment } from '../processes/scrubbed-environment.ts'
import { toolchainCommands } from '../kernel/toolchain-commands.ts'
import { ignoredLists } from '../whitelists/ignored-lists.ts'
import { strictParts } from './strict-tree.ts'

/** What to look for, and where. */
interface DoctorRequest extends PlanRequest {
  readonly workDir: string
  /** As a build has it. */
  readonly env: Environment
  readonly signal: AbortSignal
}

/** One thing that a variant's run needs. */
interface Examined {
  readonly kind: 'file' | 'tool' | 'room'
  readonly what: string
  readonly state: 'ok' | 'missing'
  /** Where it is; or what needs it, and what to do. */
  readonly detail: string
}

/** What a variant's run needs, and whether it is there. */
export interface VariantHealth {
  readonly variant: string
  /** Undefined when nothing is promised for the variant, and so nothing needed. */
  readonly strategy: Strategy | undefined
  readonly examined: readonly Examined[]
}

export interface Health {
  readonly variants: readonly VariantHealth[]
  /** How to install the tools that are missing. */
  readonly installation: Installation
}

/** True when every variant can be run. */
export function isHealthy({ variants }: Health): boolean {
  return variants.every(({ examined }) => examined.every(({ state }) => state === 'ok'))
}

/**
 * Looks for everything that running the variants of a configuration takes: files, programs, headers, disk and memory.
 * Runs nothing of the kernel tree.
 *
 * Problems, without a value: those of the configuration.
 */
export async function examine(request: DoctorRequest): Promise<Read<Health | undefined>> {
  const planned = await plan(request)
  if (!planned.value) return { value: undefined, problems: planned.problems }
  const source = await realPath(request.source)
  const machine: Machine = { ...request, source, found: new Map(), free: await freeDisk(request.workDir) }
  const variants: VariantHealth[] = []
  const missing: Need[] = []
  let diskBefore = 0
  for (const variant of planned.value.variants) {
    const health = await examineVariant(variant, machine, diskBefore)
    variants.push(health)
    missing.push(...health.missing)
    diskBefore += health.disk
  }
  return { value: { variants, installation: installationOf(missing) }, problems: planned.problems }
}

interface Machine extends DoctorRequest {
  /** Free bytes on the disk of the work folder. */
  readonly free: number | undefined
  /** What was looked for already. */
  readonly found: Map<string, Promise<string | undefined>>
}

interface Result extends VariantHealth {
  /** Tools that are not there. */
  readonly missing: readonly Need[]
  /** Bytes that the variant's run adds to the work folder. */
  readonly disk: number
}

async function examineVariant(variant: VariantPlan, machine: Machine, diskBefore: number): Promise<Result> {
  const { name, strategy, guard, config, symvers } = variant
  const nothing = { variant: name, strategy, missing: [], disk: 0 }
  if (guard.kind === 'none') return { ...nothing, strategy: undefined, examined: [] }
  const whitelist = await readLookup(guard.whitelist)
  const promised = [
    ...fileResult('whitelist', whitelist, ({ file, rows }) => `${file}, ${rows.length} rows`),
    ...(await uncommitted(whitelist.value?.file, machine)),
  ]
  const unsaid = missingForCollect(variant)
  if (unsaid) return { ...nothing, examined: [refused('kabi.yml', unsaid), ...promised] }
  if (symvers !== undefined && strategy === 'prebuilt') {
    const read = fileResult(
      'Module.symvers',
      await readSymvers(symvers),
      ({ file, exports }) => `${file}, ${exports.length} exports`,
    )
    return { ...nothing, examined: [...promised, ...read] }
  }
  if (!config) throw new Error(`variant ${name} has no configuration, which missingForCollect refuses`)
  const built = await examineBuild(variant, config, machine, diskBefore)
  return { ...nothing, ...built, examined: [...promised, ...built.examined] }
}

/** Files of a list that a commit would be without: the gate reads them from commits. */
async function uncommitted(list: string | undefined, { source, signal }: Machine): Promise<Examined[]> {
  if (list === undefined) return []
  return (await ignoredLists([list], source, signal)).map((note) => {
    const { excerpt = [] } = note
    return {
      kind: 'file',
      what: 'git',
      state: 'missing',
      detail: `ignores ${excerpt.join(', ')}. ${adviceFor(note)}`,
    }
  })
}

/** For the strategies that run make. */
async function examineBuild(
  variant: VariantPlan,
  config: KernelConfig,
  machine: Machine,
  diskBefore: number,
): Promise<Pick<Result, 'examined' | 'missing' | 'disk'>> {
  const { source, workDir } = machine
  const facts = await kernelFacts(variant, config, source)
  const places = [
    result('kernel tree', await checkTree(source, variant.arch), source),
    result(
      'work folder',
      (await checkWorkDir(workDir, source)) ?? (await unwritable(join(workDir, 'doctor'))),
      workDir,
    ),
    ...fileResult('configuration', facts, () => describeConfig(config)),
    ...(await oldTree(variant, facts.value, machine)),
  ]
  const tools = await examineTools(variant, facts.value, machine)
  const room = await examineRoom(variant, facts.value, machine, diskBefore)
  return {
    examined: [...places, ...tools.examined, ...room.examined],
    missing: tools.missing,
    disk: room.disk,
  }
}

/** What an old tree needs beside tools. */
async function oldTree(
  variant: VariantPlan,
  facts: KernelFacts,
  machine: Machine,
): Promise<readonly Examined[]> {
  const examined: Examined[] = []
  const { compiler, hostCompiler } = toolchainCommands(variant.toolchain)
  for (const { what, gcc, by, cure } of strictParts(variant, facts, machine.source)) {
    const version = await gccVersion(by === 'host' ? hostCompiler : compiler, machine)
    if (version === undefined || version < gcc) continue
    const detail = `${what} of this tree does not compile with gcc ${version}: write make-args: [${cure}] in kabi.yml`
    examined.push({ kind: 'file', what: 'old tree', state: 'missing', detail })
  }
  return examined
}

async function examineTools(
  { arch, toolchain }: VariantPlan,
  facts: KernelFacts,
  machine: Machine,
): Promise<Pick<Result, 'examined' | 'missing'>> {
  const { compiler, hostCompiler } = toolchainCommands(toolchain)
  const where: Surroundings = { env: machine.env, hostCompiler, signal: machine.signal }
  const needs = [...buildPrograms(toolchain), ...kernelNeeds(facts)]
  const missing: Need[] = []
  const examined: Examined[] = []
  for (const need of needs) {
    const key = `${need.kind} ${need.name} ${hostCompiler}`
    const search = machine.found.get(key) ?? findNeed(need, where)
    machine.found.set(key, search)
    const found = await search
    if (found === undefined) missing.push(need)
    const detail = found ?? (need.why === undefined ? 'every build needs it' : `needed for ${need.why}`)
    examined.push({ kind: 'tool', what: need.name, state: found === undefined ? 'missing' : 'ok', detail })
  }
  const target = await foreignTarget(arch, toolchain, where)
  if (target === undefined) return { examined, missing }
  const detail = `${compiler} compiles for ${target}, not for ${arch}: set cross-compile in kabi.yml`
  const unfit: Examined = { kind: 'tool', what: `compiler for ${arch}`, state: 'missing', detail }
  return { examined: [...examined, unfit], missing }
}

async function examineRoom(
  { name }: VariantPlan,
  facts: KernelFacts,
  { free, workDir }: Machine,
  diskBefore: number,
): Promise<Pick<Result, 'examined' | 'disk'>> {
  const room = roomFor(facts)
  // What an earlier run left is room already taken; it is measured only where that matters.
  const enough = free === undefined || free >= diskBefore + room.disk
  const disk = enough ? room.disk : Math.max(0, room.disk - (await folderSize(join(workDir, name))))
  const memory = memorySize()
  const before = diskBefore > 0 ? ` with the variants above` : ''
  return {
    disk,
    examined: [
      {
        kind: 'room',
        what: 'disk',
        state: free === undefined || free >= diskBefore + disk ? 'ok' : 'missing',
        detail: `${free === undefined ? 'unknown' : size(free)} free, about ${size(diskBefore + disk)} needed${before}`,
      },
      {
        kind: 'room',
        what: 'memory',
        state: memory >= room.memory ? 'ok' : 'missing',
        detail: `${size(memory)}, about ${size(room.memory)} needed`,
      },
    ],
  }
}

function fileResult<T>(
  what: string,
  { value, problems }: Read<T | undefined>,
  describe: (value: T) => string,
): Examined[] {
  const errors = problems.filter(isError)
  if (errors.length > 0 || value === undefined) return errors.map((problem) => refused(what, problem))
  return [{ kind: 'file', what, state: 'ok', detail: describe(value) }]
}

function result(what: string, problem: Problem | undefined, detail: string): Examined {
  return problem ? refused(what, problem) : { kind: 'file', what, state: 'ok', detail }
}

function refused(what: string, problem: Problem): Examined {
  const { kind, message, place } = problem
  const where =
    place === undefined ? '' : ` (${place.file}${place.line === undefined ? '' : `:${place.line}`})`
  return {
    kind: 'file',
    what,
    state: 'missing',
    detail: `${problemTexts[kind].title}: ${message}${where} ${adviceFor(problem)}`,
  }
}

function describeConfig({ from, fragments, set }: KernelConfig): string {
  const base = from.kind === 'file' ? from.path : `make ${from.targets.join(' ')}`
  const more = [
    ...(fragments.length > 0 ? [`${fragments.length} fragments`] : []),
    ...(set.length > 0 ? [`${set.length} options`] : []),
  ]
  return [base, ...more].join(', ')
}

function size(bytes: number): string {
  const gibibytes = bytes / 1024 ** 3
  return gibibytes >= 10 ? `${Math.floor(gibibytes)} GiB` : `${gibibytes.toFixed(1)} GiB`
}
