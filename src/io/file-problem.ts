import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is not a folder',
  EISDIR: 'is a folder',
  EACCES: 'is not accessible: permission denied',
  EPERM: 'is not accessible: operation not permitted',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'does not fit: the file system is full',
  EDQUOT: 'does not fit: the disk quota is used up',
  ELOOP: 'is a symbolic link that leads to itself',
  ENAMETOOLONG: 'has too long a name',
  EEXIST: 'exists already',
  EMFILE: 'cannot be opened: too many open files',
}

/** The problem of a file that an operation of node:fs failed on, told in words. */
export function fileProblem(kind: 'unreadable' | 'unwritable', path: string, error: unknown): Problem {
  const code = errorCode(error)
  const reason = reasons[code ?? ''] ?? `failed with ${code ?? 'an unknown error'}`
  return { kind, message: `${quote(path)} ${reason}.`, place: { file: path } }
}

/** The code of a failed system call, such as `ENOENT`; `undefined` for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
