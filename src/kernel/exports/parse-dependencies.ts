/**
 * Reads the dependency file of a preprocessor (`-MD`): one rule of make, `target: file file \`, a file name with its
 * spaces, `#` and `$` escaped. Gives the files.
 * @returns undefined for a text that ends within a rule, or has none
 */
export function parseDependencies(text: string): readonly string[] | undefined {
  const rule = text.replace(/\\\n/g, ' ')
  const colon = rule.search(/:(?=\s|$)/)
  if (colon < 0 || !rule.endsWith('\n')) return undefined
  const files = rule.slice(colon + 1)
  return (files.match(/(?:\\.|\$\$|[^\s\\])+/g) ?? []).map((name) =>
    name.replace(/\\([ #:])/g, '$1').replace(/\$\$/g, '$'),
  )
}
