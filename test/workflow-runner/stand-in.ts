import type { Hub, Run } from './hub.ts'

/** Where a job runs. */
export interface Machine {
  readonly workspace: string
  readonly temp: string
  /** What folders hold to which nothing but checkouts has written. */
  readonly checkedOut: Map<string, string>
}

export interface StandInCall {
  readonly inputs: Readonly<Record<string, string>>
  readonly machine: Machine
  readonly hub: Hub
  readonly run: Run
  /** The job's token. */
  readonly token: string
  readonly warn: (message: string) => void
}

/** An action of GitHub's that the runner plays itself. It fails by throwing, and gives its outputs. */
export interface StandIn {
  /** Its inputs with their defaults. */
  readonly inputs: Readonly<Record<string, string>>
  readonly run: (call: StandInCall) => Promise<Record<string, string>> | Record<string, string>
}
