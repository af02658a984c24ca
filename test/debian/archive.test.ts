import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findKernel, packageFile, parseMadison, parseUri } from '../../src/debian/archive.ts'
import { fakeArchive, twoKernels } from './fake-archive.ts'

describe('the kernels that apt knows', () => {
  it('has as its newest the highest version with a configuration of the same version', async () => {
    const { value, problems } = await findKernel(undefined, fakeArchive().session)
    expect(problems).toEqual([])
    expect(value).toEqual({
      version: '6.1.176-1',
      source: 'linux-source-6.1',
      headers: 'linux-headers-6.1.0-50-amd64',
    })
  })

  it('has the version that is asked for', async () => {
    const { value } = await findKernel('6.1.170-3', fakeArchive().session)
    expect(value).toMatchObject({ version: '6.1.170-3', headers: 'linux-headers-6.1.0-47-amd64' })
  })

  it('does not have any other, and says which it has', async () => {
    const { value, problems } = await findKernel('6.1.99-1', fakeArchive().session)
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'usage' }])
    expect(problems[0]?.message).toContain('"6.1.99-1"')
    expect(problems[0]?.advice).toContain('6.1.176-1, 6.1.170-3')
  })

  it.each([
    ['nothing', { sources: [], headers: {} }, /knows neither/],
    ['no configuration', { ...twoKernels, headers: {} }, /6\.1\.99-1.* but not the second/],
  ])('is a problem that says what was looked for when there is %s', async (_, archive, expected) => {
    const { value, problems } = await findKernel(undefined, fakeArchive(archive).session)
    expect(value).toBeUndefined()
    expect(problems[0]).toMatchObject({ kind: 'download-failed' })
    expect(problems[0]?.message).toContain('Looked for linux-source-6.1 and linux-headers-6.1.0-')
    expect(problems[0]?.message).toMatch(expected)
    expect(problems[0]?.advice).toContain('apt-get update')
  })

  it('is a problem when apt is not there, or fails', async () => {
    const { bin, session } = fakeArchive()
    rmSync(join(bin, 'apt-cache'))
    const { problems } = await findKernel(undefined, { ...session, env: { PATH: bin } })
    expect(problems).toMatchObject([{ kind: 'missing-tool' }])
  })

  it('stops when it is told to', async () => {
    const { session, controller } = fakeArchive()
    controller.abort()
    expect((await findKernel(undefined, session)).problems).toMatchObject([{ kind: 'interrupted' }])
  })
})

describe('what apt prints', () => {
  it.each([
    [
      'linux-source-6.1 |  6.1.192-2 | http://deb.debian.org/debian-security bookworm-security/main amd64 Packages',
      [{ name: 'linux-source-6.1', version: '6.1.192-2' }],
    ],
    ['     linux | 6.1.192-2 | http://deb.debian.org/debian bookworm/main Sources', []],
    ['N: Unable to locate package', []],
    ['', []],
  ])('of versions is understood: %s', (line, expected) => {
    expect(parseMadison(line)).toEqual(expected)
  })

  it.each([
    [`'http://a/p/l.deb' l_6.1.192-2_all.deb 139331676 SHA256:ae95`, 'sha256'],
    [`'http://a/p/l.deb' l_6.1.192-2_all.deb 139331676 SHA512:ae95`, 'sha512'],
    [`'http://a/p/l.deb' l_6.1.192-2_all.deb 139331676 MD5Sum:ae95`, undefined],
    [`'http://a/p/l.deb' ../l_6.1.192-2_all.deb 139331676 SHA256:ae95`, undefined],
    [`'http://a/p/l.deb' l_6.1.192-2_all.deb 139331676`, undefined],
  ])('of a file is understood, if its content can be verified: %s', (line, algorithm) => {
    const file = { name: 'l_6.1.192-2_all.deb', bytes: 139331676, hash: { algorithm, digest: 'ae95' } }
    expect(parseUri(line)).toEqual(algorithm === undefined ? [] : [file])
  })

  it('of a package that cannot be verified is a problem', async () => {
    const { files, session } = fakeArchive()
    rmSync(join(files, 'linux-source-6.1=6.1.176-1.uri'))
    const { value, problems } = await packageFile('linux-source-6.1', '6.1.176-1', session)
    expect(value).toBeUndefined()
    expect(problems[0]?.kind).toBe('download-failed')
  })
})
