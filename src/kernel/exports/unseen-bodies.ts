/**
 * The types of a dump of genksyms (`genksyms -T`) of which it knows only the name, although a text that the compiler or
 * genksyms got defines them: `s#device`, sorted. Genksyms loses a body that it does not understand, such as that of
 * `struct __attribute__((aligned(64))) device { … }`, or does not get at all where `__GENKSYMS__` is asked for.
 *
 * Any brace right behind the name counts as a body: rather one too many than one too few.
 * @param texts preprocessed
 */
export function unseenBodies(types: Buffer, texts: readonly Buffer[]): readonly string[] {
  const unknown = unknownTypes(types)
  if (unknown.size === 0) return []
  const defined = new Set<string>()
  for (const text of texts)
    for (const brace of ['{', '<%'])
      for (let at = text.indexOf(brace); at >= 0; at = text.indexOf(brace, at + 1)) {
        const tag = wordBefore(text, at)
        if (unknown.has(tag)) defined.add(tag)
      }
  return [...defined].flatMap((tag) => unknown.get(tag) ?? []).sort()
}

const unknownBody = '{ UNKNOWN }'

/** By tag, the names of the types of which only the name is known. */
function unknownTypes(types: Buffer): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (let at = types.indexOf(unknownBody); at >= 0; at = types.indexOf(unknownBody, at + 1)) {
    const line = types.toString('latin1', types.lastIndexOf('\n', at) + 1, at)
    const [, name, tag = ''] = /^(?:override )?([sue]#(\S+)) /.exec(line) ?? []
    if (name !== undefined) found.set(tag, [...(found.get(tag) ?? []), name])
  }
  return found
}

const newline = 10
const hash = 35

/** The word in front of a place; the preprocessor's `# 12 "file"` may stand between. */
function wordBefore(text: Buffer, place: number): string {
  let end = place
  for (;;) {
    while (end > 0 && isSpace(text[end - 1] ?? 0)) end--
    const line = end === 0 ? 0 : text.lastIndexOf(newline, end - 1) + 1
    if (end === line || text[line] !== hash) break
    end = line
  }
  let start = end
  while (start > 0 && isWord(text[start - 1] ?? 0)) start--
  return text.toString('latin1', start, end)
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36
  )
}
