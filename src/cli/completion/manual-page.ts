import { allCommands, type CommandNode, type OptionNode } from './command-tree.ts'

/**
 * The manual page of the program and of all its commands, in the macros of man(7).
 * @param version of this program, for the foot of the page
 */
export function manualPage(program: CommandNode, version: string): string {
  const commands = allCommands(program).filter(
    ({ commands, path }) => commands.length === 0 && path.length > 0,
  )
  return [
    `.TH KABI\\-GATE 1 "" "kabi\\-gate ${escaped(version)}" "User Commands"`,
    '.SH NAME',
    'kabi\\-gate \\- guard the ABI of a Linux kernel',
    '.SH SYNOPSIS',
    '.B kabi\\-gate',
    '.I command',
    '.RI [ option \\ ...]',
    '.SH DESCRIPTION',
    paragraph(program.description),
    '.SH COMMANDS',
    ...commands.flatMap(({ path, summary }) => ['.TP', `.B ${escaped(path.join(' '))}`, paragraph(summary)]),
    ...commands.flatMap(commandSection),
    '.SH EXIT STATUS',
    ...exitStatus(program.after),
    '.SH FILES',
    ...file('kabi.yml', 'the configuration, at the top of the kernel tree or in .github/'),
    ...file('~/.cache/kabi-gate', 'where kernels are built'),
    '',
  ].join('\n')
}

function commandSection({ path, usage, description, options, after }: CommandNode): readonly string[] {
  return [
    `.SH ${escaped(path.join(' ').toUpperCase())}`,
    `.B ${escaped(usage)}`,
    '.PP',
    paragraph(description),
    ...options.flatMap(optionLines),
    ...(after === '' ? [] : ['.PP', '.nf', ...after.split('\n').map(textLine), '.fi']),
  ]
}

function optionLines({ flags, description }: OptionNode): readonly string[] {
  return ['.TP', `.B ${escaped(flags)}`, paragraph(description)]
}

/** The program's help has them in one line: `0 pass or overridden   1 ABI break`. */
function exitStatus(after: string): readonly string[] {
  return [...after.matchAll(/(\d) (\S(?:.*?\S)?)(?= {3}|\n|$)/g)].flatMap(([, code = '', text = '']) => [
    '.TP',
    `.B ${code}`,
    paragraph(text),
  ])
}

function file(name: string, text: string): readonly string[] {
  return ['.TP', `.I ${escaped(name)}`, paragraph(text)]
}

function paragraph(text: string): string {
  return textLine(text.replace(/\s+/g, ' ').trim())
}

/** A line that begins with a dot or a quote would be a request. */
function textLine(line: string): string {
  return escaped(line).replace(/^(?=[.'])/, '\\&')
}

/** Outside of ASCII, a terminal may have other signs than the page. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('’', '\\(cq').replaceAll('…', '...')
}
