import { describe, expect, it } from 'vitest'
import { scrubbedEnvironment } from '../../src/processes/scrubbed-environment.ts'

describe('scrubbedEnvironment', () => {
  it('keeps the places a build needs and the settings of ccache', () => {
    const parent = {
      PATH: '/opt/bin:/bin',
      HOME: '/home/me',
      USER: 'me',
      LOGNAME: 'me',
      TMPDIR: '/var/tmp',
      CCACHE_DIR: '/ccache',
      CCACHE_MAXSIZE: '5G',
    }
    expect(scrubbedEnvironment(parent)).toMatchObject(parent)
  })

  it.each([
    ...['GITHUB_TOKEN', 'GITHUB_ENV', 'INPUT_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'RUNNER_TEMP', 'NPM_TOKEN'],
    ...[
      'CCACHE_TOKEN',
      'MAKEFLAGS',
      'MFLAGS',
      'ARCH',
      'CROSS_COMPILE',
      'KBUILD_OUTPUT',
      'KCFLAGS',
      'LD_PRELOAD',
    ],
    ...['AWS_SECRET_ACCESS_KEY', 'LANG', 'LC_MESSAGES', 'KCONFIG_CONFIG', 'BASH_ENV', 'ENV', 'NODE_OPTIONS'],
  ])('leaves out %s', (name) => {
    expect(scrubbedEnvironment({ [name]: 'value' })).not.toHaveProperty(name)
  })

  it('does not let time, person, machine and language into the kernel', () => {
    const mine = { KBUILD_BUILD_USER: 'me', KBUILD_BUILD_HOST: 'here', LC_ALL: 'de_DE.UTF-8', TERM: 'xterm' }
    expect(scrubbedEnvironment(mine)).toEqual(scrubbedEnvironment({}))
    expect(scrubbedEnvironment({})).toMatchObject({ LC_ALL: 'C', TERM: 'dumb', PYTHONDONTWRITEBYTECODE: '1' })
  })

  it('gives a usable PATH when there is none', () => {
    expect(scrubbedEnvironment({ PATH: '' })['PATH']).toContain('/usr/bin')
  })
})
