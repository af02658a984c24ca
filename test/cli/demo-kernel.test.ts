import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoKernel } from '../../src/cli/commands/demo-kernel.ts'
import { fakeArchive } from '../debian/fake-archive.ts'
import { collector, runMain } from './run-main.ts'

async function demo(
  version?: string,
  prepare: (archive: ReturnType<typeof fakeArchive>) => void = () => undefined,
) {
  const archive = fakeArchive()
  prepare(archive)
  const { folder, session, shipped } = archive
  const stdout = collector()
  const stderr = collector()
  const code = await demoKernel(
    version,
    {
      cwd: folder,
      env: { PATH: session.env['PATH'], XDG_CACHE_HOME: join(folder, 'cache') },
      stdout: stdout.stream,
      stderr: stderr.stream,
      signal: session.signal,
    },
    shipped,
  )
  return { code, folder, stdout: stdout.text(), stderr: stderr.text() }
}

describe('kabi-gate demo --kernel', () => {
  it('says beforehand what it downloads and needs, then what it does', async () => {
    const { stdout, stderr, folder } = await demo()
    expect(stdout).toMatch(/^kernel +Debian’s Linux 6\.1\.176-1/)
    expect(stdout).toMatch(/whitelist +1 symbols/)
    expect(stdout).toMatch(
      /download +linux-source-6\.1, [\d.]+ MiB\n +linux-headers-6\.1\.0-50-amd64, [\d.]+ MiB\n/,
    )
    expect(stdout).toContain(join(folder, 'cache/kabi-gate/demo/linux-6.1.176-1'))
    expect(stdout).toMatch(/disk +1\.\d GiB needed, .* are free/)
    expect(stdout).toMatch(/tools +all there: make, /)
    expect(stderr).toMatch(/^Downloading linux-headers.*\n.*\nDownloading linux-source.*\nUnpacking/)
  })

  it('fails as check does when the kernel cannot be looked at', async () => {
    const { stdout, code } = await demo()
    expect(stdout).toMatch(/ERROR: could not verify amd64: Not a kernel source tree/)
    expect(stdout).toContain('check would end with exit code 3')
    expect(code).toBe(3)
  })

  it('exits with 2 for a version that the archive does not have', async () => {
    const { stdout, code } = await demo('5.10.1-1')
    expect(stdout).toContain('6.1.176-1, 6.1.170-3')
    expect(code).toBe(2)
  })

  it('exits with 3 when nothing can be downloaded', async () => {
    const { stdout, code } = await demo(undefined, ({ folder }) => writeFileSync(join(folder, 'offline'), ''))
    expect(stdout).toContain('Failed to fetch')
    expect(stdout).toContain('apt-get update')
    expect(code).toBe(3)
  })

  it('is explained in the help of demo', async () => {
    const { stdout } = await runMain(['demo', '--help'], { cwd: '/' })
    expect(stdout).toMatch(/kabi-gate demo --kernel 6\.1\.170-3/)
    expect(stdout).toMatch(/Exits with 0 if it could show the check, whatever the check found/)
  })
})
