import { describe, expect, it } from 'vitest'
import { runMain } from '../cli/run-main.ts'
import { released, workspace } from '../support/workspace.ts'

const ofDriver = '0x55555555\tmy_helper\t/home/me/drv/drv\tEXPORT_SYMBOL_GPL\t\n'

function folder() {
  return workspace({ list: released, 'drv/Module.symvers': ofDriver, names: 'kmalloc\nmy_helper\n' })
}

describe('the Module.symvers that a driver’s own build wrote', () => {
  it('is no kernel to compare a whitelist with: that is said, instead of a symbol gone in every row', async () => {
    const { code, stdout } = await runMain(['compare', 'list', 'drv/Module.symvers'], { cwd: folder() })
    expect(code).toBe(3)
    expect(stdout.replace(/\s+/g, ' ')).toContain('table of another module, not of a kernel')
  })

  it('is no kernel to take names from', async () => {
    const args = ['whitelist', 'create', '--from', 'drv/Module.symvers', '--names', 'names', '--to', 'new']
    const { code, stdout, stderr } = await runMain(args, { cwd: folder() })
    expect(code).toBe(3)
    expect((stdout + stderr).replace(/\s+/g, ' ')).toContain('table of another module, not of a kernel')
  })

  it('is compared with a list of that driver like any other', async () => {
    const cwd = workspace({ old: ofDriver, new: ofDriver.replace('0x5', '0x6') })
    expect((await runMain(['compare', 'old', 'old'], { cwd })).code).toBe(0)
    expect((await runMain(['compare', 'old', 'new'], { cwd })).code).toBe(1)
  })
})
