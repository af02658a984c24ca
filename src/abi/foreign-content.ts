import type { Problem } from '../problem/problem.ts'

/**
 * The one problem of a file that cannot be a table or a list at all: binary, a page of HTML, a Git LFS pointer.
 * @returns undefined when the text may be read line by line
 */
export function foreignContent(text: string, file: string): Problem | undefined {
  const found = foreignKind(text)
  if (!found) return undefined
  return { kind: 'unreadable', message: `This file is ${found.what}.`, place: { file }, advice: found.advice }
}

function foreignKind(text: string): { readonly what: string; readonly advice: string } | undefined {
  if (text.includes('\0')) {
    return {
      what: 'binary, not text',
      advice: 'Name the text file; it may be compressed with gzip, xz or zstd.',
    }
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(text.slice(0, 1000))) {
    return {
      what: 'a page of HTML or XML, perhaps the error page of a failed download',
      advice: 'Download the file again and look at what came.',
    }
  }
  if (text.startsWith('version https://git-lfs')) {
    return { what: 'a Git LFS pointer, not the content', advice: 'Run `git lfs pull` in the checkout.' }
  }
  return undefined
}
