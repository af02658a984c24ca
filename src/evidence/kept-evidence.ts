import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Commits whose evidence is kept, less than a megabyte each: those of some branches, and of a bisection that goes on. */
const mostCommits = 64

/** Where evidence of earlier commits is kept below a work folder. */
function keptFolder(workDir: string): string {
  return join(workDir, 'evidence')
}

/** The folder for what is kept of a commit, one folder a variant inside. */
export function keptOf(workDir: string, commit: string): string {
  return join(keptFolder(workDir), commit)
}

/** The commits of which there is evidence, that which was of use last first; whole names. */
export async function keptCommits(workDir: string): Promise<readonly string[]> {
  const names = await readdir(keptFolder(workDir)).catch(() => [])
  const dated = await Promise.all(
    names
      .filter((name) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name))
      .map(async (name) => ({
        name,
        used: await stat(keptOf(workDir, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      })),
  )
  return dated.sort((a, b) => b.used - a.used).map(({ name }) => name)
}

/** Notes that evidence of a commit was of use, and removes that which was not for the longest time. */
export async function noteUse(workDir: string, commit: string): Promise<void> {
  const now = new Date()
  // Another process may have removed it meanwhile.
  await utimes(keptOf(workDir, commit), now, now).catch(() => undefined)
  for (const old of (await keptCommits(workDir)).slice(mostCommits))
    await rm(keptOf(workDir, old), { recursive: true, force: true })
}
