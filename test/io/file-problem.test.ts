import { expect, test } from 'vitest'
import { errorCode, fileProblem } from '../../src/io/file-problem.ts'

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: secret details`), { code })
}

test.each([
  ['EACCES', '"f" is not accessible: permission denied.'],
  ['ENOSPC', '"f" does not fit: the file system is full.'],
  ['EIO', '"f" failed with EIO.'],
])('%s is told in words', (code, message) => {
  expect(fileProblem('unwritable', 'f', failure(code))).toEqual({
    kind: 'unwritable',
    message,
    place: { file: 'f' },
  })
})

test.each([new Error('x'), 'text', undefined, { code: 'ENOENT' }])('%s has no code', (error) => {
  expect(errorCode(error)).toBeUndefined()
  expect(fileProblem('unreadable', 'f', error).message).toBe('"f" failed with an unknown error.')
})
