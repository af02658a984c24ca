import type { EventsConfig } from '@actions/workflow-parser/model/workflow-template'
import { text, type Value } from './expressions.ts'

/** The activity types that start a run where the file names none. */
const usualTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  merge_group: ['checks_requested'],
}

export interface Happening {
  readonly event: string
  readonly action?: string
  /** The branch that filters go by: the base of a pull request, the branch that was pushed. */
  readonly branch?: string
}

interface Filters {
  readonly types?: readonly string[]
  readonly branches?: readonly string[]
}

/** Whether what happened starts a workflow. */
export function starts(events: EventsConfig, { event, action, branch }: Happening): boolean {
  if (!(event in events)) return false
  const filters: Filters = events[event] ?? {}
  const { types, branches } = filters
  for (const filter of ['paths', 'paths-ignore', 'branches-ignore', 'tags', 'tags-ignore'])
    if (filter in filters) throw new Error(`the runner does not know the filter ${filter}`)
  if (action !== undefined && !(types ?? usualTypes[event] ?? [action]).includes(action)) return false
  return (
    branches === undefined ||
    (branch !== undefined && branches.some((pattern) => matchesBranch(pattern, branch)))
  )
}

function matchesBranch(pattern: string, branch: string): boolean {
  if (/[!+?[\]]/.test(pattern)) throw new Error(`the runner does not know the pattern ${pattern}`)
  const source = pattern
    .replace(/[.$^()|{}\\]/g, '\\$&')
    .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'))
  return new RegExp(`^${source}$`).test(branch)
}

/**
 * The inputs of a run by hand, as GitHub's form makes them.
 * @throws for what the form does not offer
 */
export function dispatchInputs(
  events: EventsConfig,
  given: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const known = events.workflow_dispatch?.inputs ?? {}
  for (const name of Object.keys(given))
    if (!(name in known)) throw new Error(`Unexpected inputs provided: ${name}`)
  return Object.fromEntries(
    Object.entries(known).map(([name, input]) => {
      const value = given[name] ?? input.default ?? ''
      if (input.required === true && value === '') throw new Error(`Required input '${name}' not provided`)
      if (input.options && !input.options.includes(text(value)))
        throw new Error(
          `Provided value '${text(value)}' for input '${name}' not in the list of allowed values`,
        )
      return [name, value]
    }),
  )
}
