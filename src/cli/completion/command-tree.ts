import type { EventEmitter } from 'node:events'
import type { Command, Option } from 'commander'

/** What a value on the command line is; a file may be a folder too. */
type ValueKind = 'file' | 'folder' | 'text' | readonly string[]

export interface OptionNode {
  /** As typed, the short form first: `-o`, `--output`. */
  readonly names: readonly string[]
  /** As the help writes it: `--output <file>`. */
  readonly flags: string
  readonly description: string
  /** Absent for an option without a value. */
  readonly value?: ValueKind
}

/** A command, as its definition says it: completion and manual page come from this. */
export interface CommandNode {
  /** The words that call it, without the program: `whitelist`, `create`; none for the program. */
  readonly path: readonly string[]
  readonly usage: string
  readonly summary: string
  readonly description: string
  readonly options: readonly OptionNode[]
  /** True where it takes the names of files besides options. */
  readonly takesFiles: boolean
  /** What the help says behind the options: examples, exit codes. */
  readonly after: string
  readonly commands: readonly CommandNode[]
}

/** Reads the definitions of a program and of all its commands. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const help = command.createHelp()
  return {
    path,
    usage: help.commandUsage(command),
    summary: command.summary(),
    description: command.description(),
    options: help.visibleOptions(command).map(optionNode),
    takesFiles: command.registeredArguments.some((one) => isPath(one.name())),
    after: afterHelp(command),
    commands: command.commands.map((one) => commandTree(one, [...path, one.name()])),
  }
}

/** A command and all below it. */
export function allCommands(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allCommands)]
}

function optionNode(option: Option): OptionNode {
  const names = [option.short, option.long].flatMap((name) => name ?? [])
  const value = option.required || option.optional ? { value: valueKind(option) } : {}
  return { names, flags: option.flags, description: option.description, ...value }
}

function valueKind({ flags, argChoices }: Option): ValueKind {
  if (argChoices) return argChoices
  const [, name = ''] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? []
  if (name === 'folder') return 'folder'
  return isPath(name) ? 'file' : 'text'
}

/** Names of arguments that stand for files; `variant=file` completes nothing. */
function isPath(name: string): boolean {
  return /^(?:file|folder|whitelist|symvers|ko|source|lists|old|new|package)$/.test(
    name.replace(/\.\.\.$/, ''),
  )
}

/** The text that a command adds to its help; commander has it only as a listener. */
function afterHelp(command: Command): string {
  const texts: string[] = []
  const emitter = command as unknown as Pick<EventEmitter, 'emit'>
  emitter.emit('afterHelp', { error: false, command, write: (text: string) => texts.push(text) })
  return texts.join('').trim()
}
