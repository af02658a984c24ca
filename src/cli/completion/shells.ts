import { allCommands, type CommandNode, type OptionNode } from './command-tree.ts'

export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

/** A script that makes a shell complete commands, options, choices and files of the command line. */
export const completionScripts: Readonly<Record<Shell, (program: CommandNode) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** Bash keeps no descriptions; version 4 and later (2009). */
function bashScript(program: CommandNode): string {
  const nodes = allCommands(program)
  const paths = nodes.filter(({ path }) => path.length > 0).map(({ path }) => quoted(pathBefore(path)))
  const values = nodes.flatMap((node) =>
    node.options.flatMap((option) => {
      if (option.value === undefined) return []
      const patterns = option.names.map((name) => quoted(`${node.path.join(' ')} ${name}`))
      return [`    ${patterns.join(' | ')}) ${bashValue(option.value)} ;;`]
    }),
  )
  const words = nodes.map((node) => {
    const options = node.options.flatMap(({ names }) => names)
    const all = [...node.commands.map(({ path }) => path.at(-1) ?? ''), ...options]
    return `    ${quoted(node.path.join(' '))}) words=${quoted(all.join(' '))} files=${node.takesFiles ? 'yes' : ''} ;;`
  })
  return `# bash completion of kabi-gate: source <(kabi-gate completion bash)
_kabi_gate() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word words= files=
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
      ${paths.join(' | ')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
${words.join('\n')}
  esac
  if [[ $files && $current != -* ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}
complete -F _kabi_gate kabi-gate
`
}

function pathBefore(path: readonly string[]): string {
  return `${path.slice(0, -1).join(' ')} ${path.at(-1) ?? ''}`
}

function bashValue(value: NonNullable<OptionNode['value']>): string {
  const files = (kind: string): string =>
    `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen ${kind} -- "$current"); return`
  if (value === 'text') return 'return'
  if (value === 'file') return files('-f')
  if (value === 'folder') return files('-d')
  return `mapfile -t COMPREPLY < <(compgen -W ${quoted(value.join(' '))} -- "$current"); return`
}

function zshScript(program: CommandNode): string {
  return `#compdef kabi-gate
# zsh completion of kabi-gate: kabi-gate completion zsh > a folder of $fpath/_kabi-gate
${allCommands(program).map(zshFunction).join('\n')}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _kabi_gate "$@"
else
  compdef _kabi_gate kabi-gate
fi
`
}

function zshFunction(node: CommandNode): string {
  const { options, commands, takesFiles } = node
  const specs = options.map((option) => `    ${quoted(zshSpec(option))} \\`)
  const name = zshName(node)
  if (commands.length === 0) {
    const rest = takesFiles ? `'*:file:_files'` : `'*:argument:'`
    return `${name}() {\n  _arguments -s \\\n${specs.join('\n')}\n    ${rest}\n}`
  }
  const described = commands.map((one) => `    ${quoted(`${one.path.at(-1) ?? ''}:${oneLine(one.summary)}`)}`)
  const cases = commands.map((one) => `    ${one.path.at(-1) ?? ''}) ${zshName(one)} ;;`)
  return `${name}() {
  local context state line
  local -a commands=(
${described.join('\n')}
  )
  _arguments -C \\
${specs.join('\n')}
    '1: :->command' \\
    '*:: :->argument'
  case $state in
  command) _describe command commands ;;
  argument)
    case $line[1] in
${cases.join('\n')}
    esac
    ;;
  esac
}`
}

function zshName({ path }: CommandNode): string {
  return ['_kabi_gate', ...path].join('_').replaceAll('-', '_')
}

function zshSpec({ names, description, value }: OptionNode): string {
  // Repeatable or not: an option given twice is refused by the program, in words.
  const text = oneLine(description).replace(/[[\]\\:]/g, '\\$&')
  const name = names.at(-1) ?? ''
  const action = value === undefined ? '' : `:value:${zshValue(value)}`
  return `*${name}[${text}]${action}`
}

function zshValue(value: NonNullable<OptionNode['value']>): string {
  if (value === 'text') return ''
  if (value === 'file') return '_files'
  if (value === 'folder') return '_files -/'
  return `(${value.join(' ')})`
}

function fishScript(program: CommandNode): string {
  const nodes = allCommands(program)
  const paths = nodes.filter(({ path }) => path.length > 0).map(({ path }) => quoted(pathBefore(path)))
  const lines = nodes.flatMap((node) => {
    const condition = `-n ${quoted(`test (__kabi_gate_command) = "${node.path.join(' ')}"`)}`
    return [
      ...node.commands.map(
        (one) =>
          `complete -c kabi-gate ${condition} -a ${one.path.at(-1) ?? ''} -d ${quoted(oneLine(one.summary))}`,
      ),
      ...node.options.map((option) => `complete -c kabi-gate ${condition} ${fishOption(option)}`),
      ...(node.takesFiles ? [`complete -c kabi-gate ${condition} -F`] : []),
    ]
  })
  return `# fish completion of kabi-gate: kabi-gate completion fish > ~/.config/fish/completions/kabi-gate.fish
function __kabi_gate_command
  set -l command ''
  for word in (commandline -opc)[2..]
    switch "$command $word"
      case ${paths.join(' ')}
        set command (string trim "$command $word")
    end
  end
  echo "$command"
end
complete -c kabi-gate -f
${lines.join('\n')}
`
}

function fishOption({ names, description, value }: OptionNode): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  return [...flags, ...fishValue(value), '-d', quoted(oneLine(description))].join(' ')
}

function fishValue(value: OptionNode['value']): readonly string[] {
  if (value === undefined) return []
  if (value === 'text') return ['-x']
  if (value === 'file') return ['-r', '-F']
  if (value === 'folder') return ['-x', '-a', quoted('(__fish_complete_directories)')]
  return ['-x', '-a', quoted(value.join(' '))]
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/** For any of the shells. The texts are this program's own, and hold no backslash before a quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`
}
