import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** One sub-command: how it is called, and what it does. */
export interface CliCommand {
  /** Adds the command with its options, arguments and an example to the program. */
  readonly define: (program: Command) => Command
  /**
   * Runs it on the parsed command line; gives the exit code. What only some commands need, above all the configuration's
   * schema, is imported here, so that the others start without it.
   */
  readonly run: (command: Command, terminal: Terminal) => Promise<number>
}
