import type { PackedFile } from '../../module/archive/packed-file.ts'

/** Where the packages of distributions put the Module.symvers of a kernel; the release stands in the path. */
const places: readonly RegExp[] = [
  /(?:^|\/)lib\/modules\/([^/]+)\/(?:build\/)?(?:Module\.)?symvers(?:\.(?:gz|xz|zst))?$/,
  /(?:^|\/)boot\/symvers-([^/]+?)(?:\.(?:gz|xz|zst))?$/,
  /(?:^|\/)usr\/src\/kernels\/([^/]+)\/Module\.symvers$/,
  /(?:^|\/)usr\/src\/linux-headers-([^/]+)\/Module\.symvers$/,
  /(?:^|\/)linux-headers-([^/]+)\/Module\.symvers$/,
]

/** The release of a kernel by the path of its Module.symvers; undefined where the path does not tell. */
export function releaseOfPath(path: string): string | undefined {
  for (const place of places) {
    const release = place.exec(path)?.[1]
    if (release !== undefined) return release
  }
  return undefined
}

/** The Module.symvers of the kernel that a package is about, as it is packed there. */
type PackedSymvers =
  | { readonly kind: 'symvers'; readonly file: PackedFile; readonly release: string | undefined }
  /** There is none, or there are those of the releases named. */
  | { readonly kind: 'none'; readonly releases: readonly string[] }

/**
 * Finds the Module.symvers among the files of a package: where distributions put it, otherwise the only one of that name, such as SUSE's
 * in `usr/src/linux-6.4.0-obj/x86_64/default`. Its release is what the build wrote beside it, otherwise what the path says.
 */
export function symversInPackage(files: readonly PackedFile[]): PackedSymvers {
  const named = files.filter(({ path }) => releaseOfPath(path) !== undefined)
  const all = named.length > 0 ? named : files.filter(({ path }) => path.endsWith('/Module.symvers'))
  const found = all.map((file) => ({
    file,
    release: writtenRelease(file, files) ?? releaseOfPath(file.path),
  }))
  const releases = new Set(found.map(({ file, release }) => release ?? file.path))
  const [first] = found
  return first && releases.size === 1
    ? { kind: 'symvers', ...first }
    : { kind: 'none', releases: [...releases] }
}

/** Where the build of a kernel writes the release that modules get, from the folder of Module.symvers. */
export const releaseHeader = 'include/generated/utsrelease.h'

/** The release in the text of that header. */
export function releaseInHeader(text: string): string | undefined {
  return /^#define UTS_RELEASE "(\w[\w.+~-]*)"$/m.exec(text)?.[1]
}

/** The configuration beside a Module.symvers: `.config` of headers, `config` in the folder of modules; undefined where there is none. */
export function configOf({ path }: PackedFile, files: readonly PackedFile[]): string | undefined {
  const beside = ['.config', 'config'].map((name) => path.replace(/[^/]+$/, name))
  const found = files.find((file) => beside.includes(file.path))
  return found && new TextDecoder().decode(found.bytes)
}

function writtenRelease({ path }: PackedFile, files: readonly PackedFile[]): string | undefined {
  const beside = path.replace(/[^/]+$/, releaseHeader)
  const written = files.find((file) => file.path === beside)
  return releaseInHeader(new TextDecoder().decode(written?.bytes))
}
