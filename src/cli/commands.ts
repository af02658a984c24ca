import type { CliCommand } from './cli-command.ts'

/** How every command is loaded, in the order of the help: a command line loads what it asks for and nothing else. */
const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  check: async () => (await import('./commands/check.ts')).checkCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  bisect: async () => (await import('./commands/bisect.ts')).bisectCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  collect: async () => (await import('./commands/collect.ts')).collectCommand,
  judge: async () => (await import('./commands/judge.ts')).judgeCommand,
  init: async () => (await import('./commands/init.ts')).initCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  waiver: async () => (await import('./commands/waiver.ts')).waiverCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  'module check': async () => (await import('./commands/module/check.ts')).moduleCheckCommand,
  'module request': async () => (await import('./commands/module/request.ts')).moduleRequestCommand,
  'whitelist create': async () => (await import('./commands/whitelist/create.ts')).whitelistCreateCommand,
  'whitelist enrich': async () => (await import('./commands/whitelist/enrich.ts')).whitelistEnrichCommand,
  'whitelist derive': async () => (await import('./commands/whitelist/derive.ts')).whitelistDeriveCommand,
  'whitelist import': async () => (await import('./commands/whitelist/import.ts')).whitelistImportCommand,
  'whitelist update': async () => (await import('./commands/whitelist/update.ts')).whitelistUpdateCommand,
  'whitelist check': async () => (await import('./commands/whitelist/check.ts')).whitelistCheckCommand,
  'whitelist diff': async () => (await import('./commands/whitelist/diff.ts')).whitelistDiffCommand,
  'module page': async () => (await import('./commands/module/page.ts')).modulePageCommand,
  'deps provides': async () => (await import('./commands/deps/provides.ts')).depsProvidesCommand,
  'deps requires': async () => (await import('./commands/deps/requires.ts')).depsRequiresCommand,
  'deps check': async () => (await import('./commands/deps/check.ts')).depsCheckCommand,
  'disk make': async () => (await import('./commands/disk/make.ts')).diskMakeCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
  man: async () => (await import('./commands/man.ts')).manCommand,
}

/** Commands that tell of all commands. */
const aboutAll: readonly string[] = ['help', 'completion', 'man']

/** Loads the commands that a command line can mean: one, those of one group, or all of them. */
export function commandsFor([word = '']: readonly string[]): Promise<readonly CliCommand[]> {
  const names = Object.keys(commands)
  const meant = aboutAll.includes(word)
    ? []
    : names.filter((name) => name === word || name.startsWith(`${word} `))
  return Promise.all((meant.length > 0 ? meant : names).flatMap((name) => commands[name]?.() ?? []))
}
