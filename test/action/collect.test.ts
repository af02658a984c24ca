import { expect, it } from 'vitest'
import { startForge } from './forge.ts'
import { runMain } from './run-main.ts'

it.each([
  ['that fails', 'no symvers', 3],
  ['that succeeds', '0x11111111\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n', 0],
])('collect %s asks nothing of the forge, though it was given a token', async (_, symvers, code) => {
  const forge = await startForge()
  const run = await runMain(forge, { symvers, inputs: { command: 'collect', variant: 'x86_64' } })
  expect(run.code).toBe(code)
  expect(forge.requests).toEqual([])
})
