/** A place as SARIF writes it. */
export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: '%SRCROOT%' }
    readonly region?: { readonly startLine: number; readonly endLine?: number }
  }
}

/**
 * Makes the function that turns a file of a verdict into a location: relative to the repository where it lies in it, as
 * code scanning asks, else as a `file:` URI.
 * @param roots absolute folders that hold the repository
 * @param tree the kernel tree that paths of causes start at; absent: the repository
 */
export function sarifLocations(
  roots: readonly string[],
  tree: string | undefined,
): (file: string, inTree?: boolean) => SarifLocation {
  return (file, inTree = false) => {
    const whole = inTree && tree !== undefined && !file.startsWith('/') ? `${tree}/${file}` : file
    const root = roots.find((folder) => whole.startsWith(`${folder}/`))
    const path = root === undefined ? whole : whole.slice(root.length + 1)
    const uri = path.split('/').map(encoded).join('/')
    return {
      physicalLocation: {
        artifactLocation: uri.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' },
      },
    }
  }
}

/** A part of a path; lone surrogates have no place in a URI. */
function encoded(part: string): string {
  return encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))
}
