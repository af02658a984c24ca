/** A clock that a test moves: nobody waits for a time limit or for midnight. */
export class Clock {
  private milliseconds = Date.parse('2026-11-20T08:00:00Z')
  private readonly alarms = new Set<{ readonly at: number; readonly ring: () => void }>()

  now(): Date {
    return new Date(this.milliseconds)
  }

  /** As the API writes times. */
  text(): string {
    return this.now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
  }

  advance(minutes: number): void {
    this.milliseconds += minutes * 60_000
    for (const alarm of [...this.alarms].filter(({ at }) => at <= this.milliseconds)) {
      this.alarms.delete(alarm)
      alarm.ring()
    }
  }

  /** @returns what takes the alarm back */
  after(minutes: number, ring: () => void): () => void {
    const alarm = { at: this.milliseconds + minutes * 60_000, ring }
    this.alarms.add(alarm)
    return () => this.alarms.delete(alarm)
  }
}
