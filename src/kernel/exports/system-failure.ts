/**
 * What programs print, in the language C, when the system refuses them something: texts of errno (POSIX, strerror) and what a
 * shell says when it can start nothing or a program is ended by a signal. A Makefile goes on with an empty value where
 * its `$(shell ...)` ends like that.
 */
const failure = new RegExp(
  [
    'Resource temporarily unavailable',
    'Cannot allocate memory',
    'Out of memory',
    'virtual memory exhausted',
    'Too many open files',
    'No space left on device',
    'Disk quota exceeded',
    'File too large',
    'Input/output error',
    'Read-only file system',
    'Stale file handle',
    'Text file busy',
    'Argument list too long',
    'Cannot fork',
    String.raw`\bfork: `,
    'write error',
    'Killed',
    'Segmentation fault',
    'Bus error',
    'Illegal instruction',
    'Aborted',
  ].join('|'),
  'i',
)

/** True for a line that tells of a program which could not do its work for want of something. */
export function isSystemFailure(line: string): boolean {
  return failure.test(line)
}
