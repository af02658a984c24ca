/**
 * Reads the dependency file of a preprocessor (`-MD`): one rule of make, `target: file file \`, a file name with its
 * spaces, `#` and `$` escaped. Gives the files.
 */
export function parseDependencies(text: string): readonly string[] {
  const rule = text.replace(/\\\n/g, ' ')
  const files = rule.slice(rule.search(/:(?=\s|$)/) + 1)
  return (files.match(/(?:\\.|\$\$|[^\s\\])+/g) ?? []).map((name) =>
    name.replace(/\\([ #:])/g, '$1').replace(/\$\$/g, '$'),
  )
}
