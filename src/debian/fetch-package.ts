import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Problem } from '../problem/problem.ts'
import type { PackageFile } from './archive.ts'
import { runCommand, type Session } from '../processes/run-command.ts'

/**
 * Downloads a package into a folder with apt, unless the folder has it already.
 * @returns a problem unless the file is there with the content that the archive vouches for
 * @throws the system's error when the folder cannot be written
 */
export async function fetchPackage(
  { name, version, file }: { readonly name: string; readonly version: string; readonly file: PackageFile },
  folder: string,
  session: Session,
): Promise<Problem | undefined> {
  const path = join(folder, file.name)
  if (await isComplete(path, file)) return undefined
  await mkdir(folder, { recursive: true })
  await rm(path, { force: true })
  const { problems } = await runCommand(['apt-get', '-qq', 'download', `${name}=${version}`], folder, session)
  const [problem] = problems
  if (problem) return problem
  if (await isComplete(path, file)) return undefined
  await rm(path, { force: true })
  return {
    kind: 'download-failed',
    message: `What apt-get downloaded is not the ${file.name} that the archive lists: its size or checksum differs.`,
  }
}

/** True when a file is there with the size and checksum that it should have. */
export async function isComplete(path: string, { bytes, hash }: PackageFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found?.size !== bytes) return false
  const digest = createHash(hash.algorithm)
  await pipeline(createReadStream(path), digest)
  return digest.digest('hex') === hash.digest
}
