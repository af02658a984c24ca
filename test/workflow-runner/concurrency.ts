import type { Run } from './run.ts'

interface Group {
  running: Run
  /** `turn` is called with true when it may run, with false when another takes its place. */
  pending: { readonly run: Run; readonly turn: (go: boolean) => void } | undefined
}

/** Of the runs of a group one runs and one waits; a third takes the place of the one that waits. */
export class ConcurrencyGroups {
  private readonly groups = new Map<string, Group>()

  /** Waits for the run's turn. @returns false when it has none any more */
  async enter(name: string, run: Run, cancelInProgress: boolean): Promise<boolean> {
    if (name === '') return true
    const key = name.toLowerCase()
    const group = this.groups.get(key)
    if (!group) {
      this.groups.set(key, { running: run, pending: undefined })
      return true
    }
    group.pending?.turn(false)
    const turn = new Promise<boolean>((settle) => {
      group.pending = { run, turn: settle }
    })
    if (cancelInProgress) group.running.cancel()
    return turn
  }

  leave(name: string, run: Run): void {
    const key = name.toLowerCase()
    const group = this.groups.get(key)
    if (group?.running !== run) return
    const { pending } = group
    if (!pending) {
      this.groups.delete(key)
      return
    }
    this.groups.set(key, { running: pending.run, pending: undefined })
    pending.turn(true)
  }
}
