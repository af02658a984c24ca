/** The folders of a run, which the next may have elsewhere. */
interface Roots {
  /** The source tree. */
  readonly source: string
  /** The build folder. */
  readonly output: string
  /** The folder for what lasts as long as the build folder. */
  readonly work: string
}

/** Names files without the place of the run's folders, so that results hold in another work tree and on another machine. */
export interface PortablePaths {
  /** A path, with the name of the folder that it is in; one elsewhere stays as it is. */
  readonly away: (path: string) => string
  /** What `away` made of a path, in the folders of this run. */
  readonly home: (path: string) => string
  /** A word of a command line, in which a path stands alone, behind an option such as `-I`, or behind `=`, `,` or `:`. */
  readonly inWord: (word: string) => string
}

/** No path of a file system has it. */
const mark = '\0'

/** @param roots absolute paths, without a `/` at their ends */
export function portablePaths({ source, output, work }: Roots): PortablePaths {
  // A folder inside another goes first.
  const roots = Object.entries({ source, output, work }).sort(([, a], [, b]) => b.length - a.length)
  const names = new Map(roots.map(([name, root]) => [`${mark}${name}`, root]))
  const away = (path: string): string => {
    const found = roots.find(([, root]) => path === root || path.startsWith(`${root}/`))
    return found ? `${mark}${found[0]}${path.slice(found[1].length)}` : path
  }
  const home = (path: string): string => {
    if (!path.startsWith(mark)) return path
    const [name = ''] = path.split('/', 1)
    return `${names.get(name) ?? name}${path.slice(name.length)}`
  }
  const inWord = (word: string): string =>
    word.split(/(?<=[=,:])/).reduce((made, part) => {
      const [, option = '', path = ''] = optionWithPath.exec(part) ?? []
      return made + (path === '' ? part : option + away(path))
    }, '')
  return { away, home, inWord }
}

/** An absolute path, perhaps right behind an option. Another letter before it would be the end of another path. */
const optionWithPath = /^(|-[A-Z]|-i(?:system|quote|dirafter|nclude|macros))(\/.*)$/
