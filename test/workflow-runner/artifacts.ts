import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import type { StandIn } from './stand-in.ts'

export interface Artifact {
  readonly id: number
  readonly name: string
  readonly run: number
  readonly head: string
  readonly folder: string
  readonly expires: Date
}

/** The artifacts of a repository. */
export class ArtifactStore {
  private readonly folder: string
  private all: Artifact[] = []
  private made = 0

  constructor(folder: string) {
    this.folder = folder
  }

  of(run: number): Artifact[] {
    return this.all.filter((one) => one.run === run)
  }

  named(name: string): Artifact[] {
    return this.all.filter((one) => one.name === name)
  }

  remove(artifact: Artifact): void {
    this.all = this.all.filter((one) => one !== artifact)
  }

  add(made: Omit<Artifact, 'id' | 'folder'>, files: ReadonlyMap<string, string>): void {
    const id = ++this.made
    const folder = join(this.folder, String(id))
    mkdirSync(folder, { recursive: true })
    for (const [name, source] of files)
      cpSync(source, join(folder, name), { dereference: true, recursive: true })
    this.all.push({ ...made, id, folder })
  }
}

/** actions/upload-artifact v7 with a path of files and folders; patterns are not known here. */
export const uploadArtifact: StandIn = {
  inputs: {
    name: 'artifact',
    path: '',
    'if-no-files-found': 'warn',
    'retention-days': '',
    overwrite: 'false',
    'include-hidden-files': 'false',
    'compression-level': '6',
  },
  run({ inputs, machine, hub, run, warn }) {
    const { name = '', path = '', 'if-no-files-found': ifNone = '' } = inputs
    if (/[":<>|*?\r\n\\/]/.test(name) || name === '')
      throw new Error(`The artifact name is not valid: ${name}`)
    if (path.trim() === '') throw new Error('Input required and not supplied: path')
    if (/[*?[\]!]/.test(path)) throw new Error('the stand-in of upload-artifact knows no patterns')
    const files = filesOf(resolve(machine.workspace, path.trim()), inputs['include-hidden-files'] === 'true')
    if (files.size === 0) {
      const message = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`
      if (ifNone === 'error') throw new Error(message)
      if (ifNone === 'warn') warn(message)
      return {}
    }
    const odd = [...files.keys()].find((file) => /[":<>|*?\r\n]/.test(file))
    if (odd !== undefined) throw new Error(`The path for one of the files in artifact is not valid: ${odd}`)
    const there = hub.artifacts.of(run.id).find((one) => one.name === name)
    if (there && inputs['overwrite'] !== 'true')
      throw new Error(
        'Failed to CreateArtifact: (409) Conflict: an artifact with this name already exists on the workflow run',
      )
    if (there) hub.artifacts.remove(there)
    const days = Math.min(Number(inputs['retention-days']) || 90, 90)
    const expires = new Date(hub.clock.now().getTime() + days * 24 * 60 * 60_000)
    hub.artifacts.add({ name, run: run.id, head: run.head, expires }, files)
    return {}
  },
}

/** What is uploaded under which name: a folder's files by their path in it, a file by its own name. */
function filesOf(path: string, hidden: boolean): Map<string, string> {
  if (!existsSync(path)) return new Map()
  if (!lstatSync(path).isDirectory()) return new Map([[basename(path), path]])
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .filter((name) => hidden || !name.split('/').some((part) => part.startsWith('.')))
  return new Map(names.map((name) => [name, join(path, name)]))
}

/** actions/download-artifact v8. */
export const downloadArtifact: StandIn = {
  inputs: {
    name: '',
    pattern: '',
    path: '',
    'merge-multiple': 'false',
    'github-token': '',
    repository: '',
    'run-id': '',
  },
  run({ inputs, machine, hub, run }) {
    const { name = '', pattern = '', path = '', 'github-token': token = '', 'run-id': id = '' } = inputs
    // Without a token only the run's own artifacts are to be had, whatever the number says.
    const from = token === '' ? run.id : Number(id === '' ? run.id : id)
    if (token !== '') hub.mustAllow(token, 'actions', 'read')
    if (!hub.runs.some((one) => one.id === from)) throw new Error(`Not Found: run ${id}`)
    const listed = hub.artifacts.of(from)
    const wanted = listed.filter((one) =>
      name !== '' ? one.name === name : pattern === '' || matches(pattern, one.name),
    )
    if (name !== '' && wanted.length === 0) throw new Error(`Artifact not found for name: ${name}`)
    for (const one of wanted) {
      if (one.expires <= hub.clock.now()) throw new Error(`410 Gone: artifact ${one.name} has expired`)
      const together = name !== '' || inputs['merge-multiple'] === 'true'
      const target = resolve(machine.workspace, path, together ? '.' : one.name)
      mkdirSync(target, { recursive: true })
      cpSync(one.folder, target, { recursive: true })
    }
    return { 'download-path': resolve(machine.workspace, path) }
  },
}

function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`).test(name)
}
