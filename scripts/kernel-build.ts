import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** How objects of a variant of a shipped list are compiled, by kbuild itself. */
export interface KernelBuild {
  readonly tree: string
  /** For what is made; one that was prepared is taken as it is. */
  readonly folder: string
  readonly arch: string
  /** The beginning of its programs' names; empty for the machine's own. */
  readonly tools: string
  /** As in `LLVM=`; empty for gcc. */
  readonly llvm?: string
  /** The configuration, compressed. */
  readonly config: string
}

/**
 * Compiles objects of a kernel. What does not compile in the company of others is tried alone, and its errors go to standard error.
 * @param flags beside those of the kernel
 * @returns those that were made, as they were named
 */
export async function compileObjects(
  build: KernelBuild,
  objects: readonly string[],
  flags: string,
): Promise<readonly string[]> {
  if (!existsSync(join(build.folder, 'prepared'))) await prepare(build)
  for (const object of objects) rmSync(join(build.folder, object), { force: true })
  const made = (object: string): boolean => existsSync(join(build.folder, object))
  // Not several at once: kbuild goes into a folder once for each part of its path, and both would write the same file.
  await make(build, `KCFLAGS=${flags}`, '-k', ...objects)
  for (const object of objects) {
    if (made(object)) continue
    const { stderr } = await make(build, `KCFLAGS=${flags}`, object)
    process.stderr.write(`${object}: ${stderr.split('\n').slice(-9).join('\n')}\n`)
  }
  return objects.filter(made)
}

async function prepare(build: KernelBuild): Promise<void> {
  const { folder } = build
  mkdirSync(folder, { recursive: true })
  const config = gunzipSync(readFileSync(build.config))
    .toString()
    .replace(/^CONFIG_MODULE_SIG_KEY=.*$/m, 'CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"')
    .replace(/^CONFIG_SYSTEM_TRUSTED_KEYS=.*$/m, 'CONFIG_SYSTEM_TRUSTED_KEYS=""')
  writeFileSync(join(folder, '.config'), config)
  await make(build, 'olddefconfig')
  const { ok, stderr } = await make(build, `-j${availableParallelism()}`, 'prepare', 'modules_prepare')
  if (!ok) throw new Error(`${folder}: make prepare failed: ${stderr.slice(-2000)}`)
  writeFileSync(join(folder, 'prepared'), '')
}

function make(
  { tree, folder, arch, tools, llvm = '' }: KernelBuild,
  ...args: readonly string[]
): Promise<{ readonly ok: boolean; readonly stderr: string }> {
  const all = ['-s', '-C', tree, `O=${folder}`, `ARCH=${arch}`, `CROSS_COMPILE=${tools}`]
  const chosen = llvm === '' ? [] : [`LLVM=${llvm}`]
  return new Promise((done) => {
    execFile('make', [...all, ...chosen, ...args], { maxBuffer: 2 ** 28 }, (error, _, stderr) =>
      done({ ok: error === null, stderr }),
    )
  })
}
