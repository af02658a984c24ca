import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** How a variant of a shipped list is built. */
export interface Target {
  readonly arch: string
  /** The beginning of its programs' names; empty for the machine's own. */
  readonly tools: string
  /** The configuration, compressed. */
  readonly config: string
}

/**
 * Compiles objects of a kernel as kbuild does, with `-O2`, and with debug information of all their types.
 * @param build a folder for it; one that was prepared is taken as it is
 * @returns paths of the objects; what does not compile is left out
 */
export async function compiledObjects(
  tree: string,
  build: string,
  target: Target,
  objects: readonly string[],
): Promise<readonly string[]> {
  if (!existsSync(join(build, 'prepared'))) await prepare(tree, build, target)
  for (const object of objects) rmSync(join(build, object), { force: true })
  const debug = 'KCFLAGS=-gdwarf-4 -fno-eliminate-unused-debug-types -Wno-error'
  const made = (object: string): boolean => existsSync(join(build, object))
  await make(tree, build, target, debug, '-k', ...objects)
  // Those that are made one by one say why they are not.
  for (const object of objects) if (!made(object)) await make(tree, build, target, debug, object)
  return objects.filter(made).map((object) => join(build, object))
}

async function prepare(tree: string, build: string, target: Target): Promise<void> {
  mkdirSync(build, { recursive: true })
  const config = gunzipSync(readFileSync(target.config))
    .toString()
    .replace(/^CONFIG_MODULE_SIG_KEY=.*$/m, 'CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"')
    .replace(/^CONFIG_SYSTEM_TRUSTED_KEYS=.*$/m, 'CONFIG_SYSTEM_TRUSTED_KEYS=""')
  writeFileSync(join(build, '.config'), config)
  await make(tree, build, target, 'olddefconfig')
  if (!(await make(tree, build, target, 'prepare', 'modules_prepare')))
    throw new Error(`${build}: make prepare failed`)
  writeFileSync(join(build, 'prepared'), '')
}

/** Whether make ended well. */
function make(
  tree: string,
  build: string,
  { arch, tools }: Target,
  ...args: readonly string[]
): Promise<boolean> {
  const all = [
    `-j${availableParallelism()}`,
    '-s',
    '-C',
    tree,
    `O=${build}`,
    `ARCH=${arch}`,
    `CROSS_COMPILE=${tools}`,
  ]
  return new Promise((done) => {
    execFile('make', [...all, ...args], { maxBuffer: 2 ** 28 }, (error, _, stderr) => {
      if (error) process.stderr.write(`${stderr.split('\n').slice(-9).join('\n')}\n`)
      done(!error)
    })
  })
}
