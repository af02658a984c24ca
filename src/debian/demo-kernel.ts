import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { machineOf } from '../config/machines.ts'
import { findKernel, packageFile, type KernelOffer, type PackageFile } from './archive.ts'
import { fetchPackage, isComplete } from './fetch-package.ts'
import type { Session } from '../processes/run-command.ts'
import { unpackConfig, unpackTree } from './unpack-kernel.ts'
import { readLookup } from '../baseline/read-guard.ts'
import { check } from '../gate/check.ts'
import { plan } from '../gate/prepare.ts'
import type { CheckRequest } from '../gate/request.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { writeFileSafely } from '../io/write-file.ts'
import type { Verdict } from '../judge/verdict.ts'
import { exists } from '../kernel/exists.ts'
import { takeLock } from '../kernel/lock.ts'
import { buildPrograms } from '../kernel/needs/build-programs.ts'
import { findNeed } from '../kernel/needs/find-need.ts'
import { treeParts, type KernelFacts } from '../kernel/needs/kernel-facts.ts'
import { kernelNeeds } from '../kernel/needs/kernel-needs.ts'
import type { Need } from '../kernel/needs/need.ts'
import { aptCommand, installationOf } from '../kernel/needs/packages.ts'
import { freeDisk } from '../kernel/needs/room.ts'

/** A real kernel of Debian to gate. */
export interface DemoRequest extends Session {
  /** As Debian counts (`6.1.170-3`); undefined for the newest that apt knows. */
  readonly version: string | undefined
  /** Where downloads and builds are kept. */
  readonly cache: string
  /** The folder with the families of whitelists; undefined for the one that comes with kabi-gate. */
  readonly shipped?: string | undefined
}

/** A package of the demo. */
interface DemoPackage {
  readonly name: string
  readonly version: string
  readonly file: PackageFile
  /** True when nothing is to be downloaded: the package, or what was made of it, is there. */
  readonly present: boolean
}

/** What the demo will do. */
export interface KernelDemo {
  readonly offer: KernelOffer
  /** Holds everything of this kernel. */
  readonly folder: string
  readonly packages: readonly [source: DemoPackage, headers: DemoPackage]
  readonly whitelist: { readonly file: string; readonly symbols: number }
  /** Bytes that it takes on the disk while it runs, and bytes that are free. */
  readonly disk: { readonly needed: number; readonly free: number | undefined }
  /** Programs and headers that it needs, all of them there. */
  readonly tools: readonly string[]
}

const mebibyte = 1024 ** 2

/** The unpacked tree of 6.1, the archive in it while it is being unpacked, and the work folder; rounded up. */
const treeBytes = 1_500 * mebibyte
const workBytes = 200 * mebibyte

/** What Debian's configuration for amd64 asks for. */
const facts: KernelFacts = {
  arch: 'x86_64',
  strategy: 'exports',
  options: new Map(['OBJTOOL', 'DEBUG_INFO_BTF', 'MODULE_SIG'].map((name) => [`CONFIG_${name}`, 'y'])),
  complete: true,
  parts: new Set(treeParts),
}

const crossCompile = process.arch === 'x64' ? '' : machineOf('x64').crossCompile
const unpackers: readonly Need[] = ['dpkg-deb', 'tar', 'xz'].map((name) => ({ kind: 'program', name }))

/**
 * Finds out what the demo would download and need; changes nothing but the folder of the demo.
 *
 * Problems, without a value: a tool is missing, apt among them; apt knows no such kernel; the whitelist is not there;
 * the disk is too full.
 */
export async function planDemo(request: DemoRequest): Promise<Read<KernelDemo | undefined>> {
  const tools = await findTools(request)
  if (tools.problems.length > 0) return { value: undefined, problems: tools.problems }
  const { value: offer, problems } = await findKernel(request.version, request)
  if (!offer) return { value: undefined, problems }
  const folder = join(request.cache, 'demo', `linux-${offer.version}`)
  const [source, headers] = await Promise.all([
    demoPackage(offer.source, offer, join(folder, 'linux'), folder, request),
    demoPackage(offer.headers, offer, join(folder, 'config'), folder, request),
  ])
  if (!source.value || !headers.value)
    return { value: undefined, problems: [...source.problems, ...headers.problems] }
  const whitelist = await readGuard(folder, request)
  if (!whitelist.value) return { value: undefined, problems: whitelist.problems }
  const needed = diskFor(source.value, await exists(join(folder, 'linux')))
  const free = await freeDisk(request.cache)
  if (free !== undefined && free < needed)
    return { value: undefined, problems: [diskFull(request.cache, needed, free)] }
  const packages = [source.value, headers.value] as const
  return {
    value: {
      offer,
      folder,
      packages,
      whitelist: whitelist.value,
      disk: { needed, free },
      tools: tools.value,
    },
    problems: [],
  }
}

async function findTools(request: DemoRequest): Promise<Read<readonly string[]>> {
  const where = { env: request.env, hostCompiler: 'gcc', signal: request.signal }
  const find = (need: Need) => findNeed(need, where)
  const apt = await Promise.all(['apt-get', 'apt-cache'].map((name) => find({ kind: 'program', name })))
  if (apt.includes(undefined)) return { value: [], problems: [withoutApt] }
  const needs = [...buildPrograms({ crossCompile }), ...kernelNeeds(facts), ...unpackers]
  const missing: Need[] = []
  for (const need of needs) if ((await find(need)) === undefined) missing.push(need)
  const names = (some: readonly Need[]): string[] => some.map(({ name }) => name)
  if (missing.length === 0) return { value: names(needs), problems: [] }
  const { apt: packages, notes } = installationOf(missing)
  const problem: Problem = {
    kind: 'missing-tool',
    message: `To compute the checksums of Debian’s kernel, this is missing: ${names(missing).join(', ')}.`,
    advice: [...notes, aptCommand(packages)].join(' '),
  }
  return { value: [], problems: [problem] }
}

async function demoPackage(
  name: string,
  { version }: KernelOffer,
  made: string,
  folder: string,
  session: Session,
): Promise<Read<DemoPackage | undefined>> {
  const { value: file, problems } = await packageFile(name, version, session)
  if (!file) return { value: undefined, problems }
  const present = (await exists(made)) || (await isComplete(join(folder, file.name), file))
  return { value: { name, version, file, present }, problems: [] }
}

/** Writes the configuration of the gate, and reads the whitelist that it names. */
async function readGuard(
  folder: string,
  { shipped }: DemoRequest,
): Promise<Read<KernelDemo['whitelist'] | undefined>> {
  const unwritten = await writeFileSafely(join(folder, 'kabi.yml'), kabiYml)
  if (unwritten) return { value: undefined, problems: [unwritten] }
  const planned = await plan({ ...gateOf(folder), shipped })
  const [variant] = planned.value?.variants ?? []
  if (variant?.guard.kind !== 'stable') return { value: undefined, problems: planned.problems }
  const { value, problems } = await readLookup(variant.guard.whitelist)
  if (!value || problems.some(isError)) return { value: undefined, problems }
  return {
    value: { file: value.file, symbols: new Set(value.rows.map(({ symbol }) => symbol)).size },
    problems: [],
  }
}

const kabiYml = `# The configuration of kabi-gate demo --kernel.
version: 1
whitelists: builtin:debian-12
variants:
  amd64:
    arch: x86_64
${crossCompile === '' ? '' : `    cross-compile: ${crossCompile}\n`}    strategy: exports
    config:
      file: config
      # Files that only the machines have on which Debian builds its kernels. They change no checksum.
      set: { SYSTEM_TRUSTED_KEYS: "", MODULE_SIG_KEY: "" }
`

function gateOf(folder: string): PlanRequest {
  return {
    config: join(folder, 'kabi.yml'),
    source: join(folder, 'linux'),
    variants: [],
    strategy: undefined,
    symvers: [],
    cwd: folder,
  }
}

/**
 * Downloads and unpacks what is not there yet. What a run that was stopped left behind is used, or replaced when it is
 * not complete.
 * @param onStep told what begins, in words
 * @returns why the kernel could not be had
 * @throws the system's error when the folder cannot be written
 */
export async function fetchDemo(
  { folder, packages: [source, headers] }: KernelDemo,
  session: Session,
  onStep: (step: string) => void,
): Promise<Problem | undefined> {
  await mkdir(folder, { recursive: true })
  const lock = await takeLock(join(folder, 'lock'))
  if ('kind' in lock) return lock
  const use = async (
    one: DemoPackage,
    to: string,
    unpack: (deb: string) => Promise<Problem | undefined>,
  ): Promise<Problem | undefined> => {
    if (await exists(to)) return undefined
    const deb = join(folder, one.file.name)
    if (!one.present) onStep(`Downloading ${one.file.name}`)
    const problem = await fetchPackage(one, folder, session)
    if (problem) return problem
    onStep(`Unpacking ${one.file.name}`)
    const failed = await unpack(deb)
    if (!failed) await rm(deb, { force: true })
    return failed
  }
  try {
    const config = join(folder, 'config')
    const tree = join(folder, 'linux')
    return (
      (await use(headers, config, (deb) => unpackConfig({ deb, name: headers.name }, config, session))) ??
      (await use(source, tree, (deb) => unpackTree(deb, tree, session)))
    )
  } finally {
    await lock.release()
  }
}

/** Gates the kernel that was fetched. */
export function gateDemo(
  { folder }: KernelDemo,
  request: Pick<CheckRequest, 'tool' | 'jobs' | 'signal' | 'onProgress'> & Pick<DemoRequest, 'shipped'>,
): Promise<Verdict> {
  return check({ ...gateOf(folder), ...request, override: undefined, workDir: join(folder, 'work') })
}

function diskFor({ file, present }: DemoPackage, unpacked: boolean): number {
  // While it is unpacked, the archive lies beside the package that it came in.
  return workBytes + (unpacked ? 0 : treeBytes + file.bytes * (present ? 1 : 2))
}

function diskFull(folder: string, needed: number, free: number): Problem {
  const inMebibytes = (bytes: number): string => `${Math.ceil(bytes / mebibyte)} MiB`
  return {
    kind: 'unwritable',
    message: `The demo needs about ${inMebibytes(needed)} of disk, and ${inMebibytes(free)} are free.`,
    place: { file: folder },
    advice: 'Make room, or choose another disk for the cache with XDG_CACHE_HOME.',
  }
}

const withoutApt: Problem = {
  kind: 'missing-tool',
  message: 'This machine has no apt-get and apt-cache, through which the demo gets Debian’s kernel.',
  advice: 'Run it on Debian 12, or in a container of it. kabi-gate demo, without --kernel, runs everywhere.',
}
