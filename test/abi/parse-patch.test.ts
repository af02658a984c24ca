import { describe, expect, it } from 'vitest'
import { parsePatch } from '../../src/abi/parse-patch.ts'

const files = (text: string) => {
  const { value, problems } = parsePatch(text, 'some.patch')
  expect(problems).toEqual([])
  return value.files
}

const whatIsWrong = (text: string) => {
  const { value, problems } = parsePatch(text, 'some.patch')
  expect(value.files).toEqual([])
  return problems.map(({ kind, message, place }) => [kind, message, place?.line])
}

describe('a patch', () => {
  it('gives added lines by their new number, removed ones by the line before which they stood', () => {
    const text = `diff --git a/include/a.h b/include/a.h
index 1111111..2222222 100644
--- a/include/a.h
+++ b/include/a.h
@@ -3,2 +2,0 @@ struct a {
-	int x;
-	int y;
@@ -9 +7,2 @@ struct a {
-	long z;
+	int z;
+	int w;
`
    expect(files(text)).toEqual([
      {
        file: 'include/a.h',
        edits: [
          { line: 3, removed: ['\tint x;', '\tint y;'], added: [] },
          { line: 7, removed: ['\tlong z;'], added: ['\tint z;', '\tint w;'] },
        ],
      },
    ])
  })

  it('of git format-patch may have a message, a summary, context, and a signature at its end', () => {
    const text = `From 0123456789 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Subject: [PATCH] @@ -1 +1 @@ is no hunk here

--- and neither is this
diff is a word
---
 a.h | 3 ++-
 1 file changed, 2 insertions(+), 1 deletion(-)

diff --git a/a.h b/a.h
index 1111111..2222222 100644
--- a/a.h
+++ b/a.h
@@ -1,5 +1,6 @@
 one
-two
+Two
 three

-four
+Four
+++ five
 six
\\ No newline at end of file
-- 
2.39.5

`
    expect(files(text.replace('-1,5 +1,6', '-1,6 +1,7'))).toEqual([
      {
        file: 'a.h',
        edits: [
          { line: 2, removed: ['two'], added: ['Two'] },
          { line: 5, removed: ['four'], added: ['Four', '++ five'] },
        ],
      },
    ])
  })

  it('may hold new, deleted, binary, renamed and linked files, of which only text counts', () => {
    const text = `diff --git a/new.h b/new.h
new file mode 100644
index 0000000..1111111
--- /dev/null
+++ b/new.h
@@ -0,0 +1 @@
+int new;
\\ No newline at end of file
diff --git a/old.h b/old.h
deleted file mode 100644
--- a/old.h
+++ /dev/null
@@ -1 +0,0 @@
-int old;
diff --git a/logo.png b/logo.png
index 1111111..2222222 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/x.h b/y.h
similarity index 100%
rename from x.h
rename to y.h
diff --git a/fw.bin b/fw.bin
GIT binary patch
literal 3
Kc$@@ -1 +1 @@

diff --git a/link b/link
new file mode 120000
--- /dev/null
+++ b/link
@@ -0,0 +1 @@
+target
diff --git a/sub b/sub
index 1111111..2222222 160000
--- a/sub
+++ b/sub
@@ -1 +1 @@
-Subproject commit 1
+Subproject commit 2
`
    expect(files(text)).toEqual([
      { file: 'new.h', edits: [{ line: 1, removed: [], added: ['int new;'] }] },
      { file: 'old.h', edits: [{ line: 1, removed: ['int old;'], added: [] }] },
    ])
  })

  const named = (before: string, after: string) => `--- ${before}\n+++ ${after}\n@@ -1 +1 @@\n-a\n+b\n`
  it.each([
    ['git', 'a/include/x.h', 'b/include/x.h', 'include/x.h'],
    ['git with mnemonic prefixes', 'c/include/x.h', 'w/include/x.h', 'include/x.h'],
    ['git without prefixes', 'include/x.h', 'include/x.h', 'include/x.h'],
    ['git, the name with a space', 'a/an x.h\t', 'b/an x.h\t', 'an x.h'],
    ['git, the name quoted', String.raw`"a/na\303\257\t\".h"`, String.raw`"b/na\303\257\t\".h"`, 'naï\t".h'],
    [
      'diff, with dates',
      'linux.orig/kernel/x.c\t2024-01-01 00:00',
      'linux/kernel/x.c\t2024-01-02 00:00',
      'kernel/x.c',
    ],
    ['git, a new file', '/dev/null', 'b/x.h', 'x.h'],
    ['git, a deleted file', 'a/x.h', '/dev/null', 'x.h'],
  ])('names its files from the top of the tree, as written by %s', (_, before, after, file) => {
    expect(files(named(before, after)).map((one) => one.file)).toEqual([file])
    expect(files(named(before, after).replaceAll('\n', '\r\n'))).toEqual(files(named(before, after)))
  })

  it('of two files needs no line that announces the second', () => {
    expect(files(named('a/x', 'b/x') + named('a/y', 'b/y')).map(({ file }) => file)).toEqual(['x', 'y'])
  })

  it.each([
    ['ends within a hunk', '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b', 5, 'it ends within a hunk'],
    [
      'has too many lines',
      '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n-b\n',
      5,
      'a hunk does not have as many lines',
    ],
    [
      'has too few lines',
      '--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\ndiff --git a/y b/y\n',
      6,
      'a hunk does not have',
    ],
    ['is of a merge', '--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n--a\n++b\n', 3, 'it is of a merge commit'],
    ['has a bad name', '--- "a/\\x"\n+++ "b/\\x"\n@@ -1 +1 @@\n-a\n+b\n', 1, 'its file name is not quoted'],
  ])('that %s is refused as a whole', (_, text, line, why) => {
    const whole = `--- a/w\n+++ b/w\n@@ -1 +1 @@\n-a\n+b\n`
    expect(whatIsWrong(whole + text)).toEqual([['malformed-line', expect.stringContaining(why), line + 5]])
  })
})
