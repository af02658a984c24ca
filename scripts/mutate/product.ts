import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { Edit } from './draft.ts'
import type { Workbench } from './workbench.ts'

/** What of a JSON report (docs/report.schema.json) is judged. */
export interface Report {
  readonly result: string
  readonly problems: readonly { readonly class: string; readonly message: string }[]
  readonly findings: readonly {
    readonly kind: string
    readonly symbol: string
    readonly current: (Place & { readonly crc: string | null }) | null
    /** What made it, for other kinds than `changed`. */
    readonly blame?: { readonly patch: readonly Line[]; readonly place: Place | null } | null
  }[]
  readonly explanation: { readonly causes: readonly ReportedCause[] } | null
  readonly hidden: readonly Line[]
  readonly layouts: readonly ReportedLayout[]
}

export interface ReportedLayout {
  readonly name: string
  readonly severity: string
  readonly moves: boolean
  readonly differences: readonly { readonly member: string | null }[]
}

export interface ReportedCause {
  readonly name: string
  readonly matters: boolean
  readonly changes: readonly { readonly class: string }[]
  readonly place: Place | null
  readonly patch: readonly Line[] | null
}

export interface Place {
  readonly file: string
  readonly line: number
}

export interface Line {
  readonly file: string
  readonly text: string
}

/** Runs the bundle's `check` on the edited tree. Throws when it prints no report. */
export async function check({ cli, folder, where }: Workbench, edits: readonly Edit[]): Promise<Report> {
  const patch = join(folder, 'patch')
  writeFileSync(patch, patchOf(edits))
  const args = [cli, 'check', ...where, ...(edits.length > 0 ? ['--patch', patch] : []), '--json']
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 28 }, (_, out, err) =>
      done({ stdout: out, stderr: err }),
    )
  })
  writeFileSync(join(folder, 'report.json'), stdout)
  if (!stdout.startsWith('{')) throw new Error(`no report: ${stderr.slice(-2000)}`)
  return JSON.parse(stdout) as Report
}

/** The edits as a patch of a kernel maintainer. */
export function patchOf(edits: readonly Edit[]): string {
  return edits
    .map(({ file, before, after }) => {
      const text = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
        context: 3,
      })
      return `diff --git a/${file} b/${file}\n${text.slice(text.indexOf('--- '))}`
    })
    .join('')
}
