import { showProgress } from '../progress-display.ts'
import { exitCode } from '../../judge/exit-code.ts'
import { narrowVerdict } from '../../judge/narrow-verdict.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { renderRepairText } from '../../report/repair-text.ts'
import { tool } from '../../version.ts'
import { askedNames } from '../asked-names.ts'
import type { CliCommand } from '../cli-command.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { deliver, formats, outputRequest, prepareOutput, type Format } from '../output.ts'
import { addExplanationOptions, explanationRequest, type ExplanationOptions } from '../explanation-options.ts'
import { gather } from '../report-options.ts'
import { textLayout } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { Option } from 'commander'

interface ExplainOptions extends CollectCommandOptions, ReleaseOption, ExplanationOptions {
  readonly format: Format
  readonly output: readonly string[]
  readonly try?: boolean
}

const example = `
Without names it explains everything that changed. Write types as in C or as genksyms does: struct device, s#device.

Examples:
  kabi-gate explain --base origin/main                 (everything, with the lines of the patch)
  kabi-gate explain pci_enable_device                  (one symbol: one object of each variant)
  kabi-gate explain struct pci_dev --format markdown
  kabi-gate explain --try struct pci_dev               (after an edit: is the checksum as released?)`

/** `explain`: why checksums changed, and whether a repair brings them back. */
export const explainCommand: CliCommand = {
  define: (program) =>
    addExplanationOptions(
      addReleaseOption(
        addCollectOptions(
          program
            .command('explain')
            .summary('say why checksums changed: type, field, line of the patch')
            .description(
              'Say why the checksums of protected symbols changed. Exits with 0 if it could say so, whatever changed; ' +
                'with --try, with 0 if every checksum asked about is that of the whitelist, otherwise with 1.',
            )
            .argument('[names...]', 'symbols and types')
            .option('--try', 'tell whether a repair worked, with as few objects as possible')
            .addOption(
              new Option('--format <form>', 'format of the report on standard output')
                .choices(formats)
                .default('text'),
            )
            .option('--output <file>', 'also write a report to a file, as in check; repeatable', gather, []),
        ),
      ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<ExplainOptions>()
    const asked = askedNames(command.args)
    const { symbols, types } = asked
    if (options.try && symbols.length + types.length === 0)
      throw new UsageError('--try needs to know what to look at', 'Name a symbol or a type.')
    const output = outputRequest(options.format, options.output, formats)
    await prepareOutput(output)
    const [{ check }, { tryRepair }] = await Promise.all([
      import('../../gate/check.ts'),
      import('../../gate/try-repair.ts'),
    ])
    const progress = await showProgress(terminal.stderr)
    const request = {
      ...collectRequest(options, terminal),
      release: releaseOf(options),
      tool,
      override: undefined,
      ...explanationRequest(options, terminal),
      onProgress: progress.update,
    }
    const narrow = types.length === 0 && symbols.length > 0 ? { symbols: new Set(symbols) } : {}
    const verdict = await (
      options.try ? tryRepair(request, asked) : check({ ...request, ...narrow })
    ).finally(progress.end)
    const { stdout, env } = terminal
    if (options.try && verdict.result !== 'error' && options.format === 'text') {
      stdout.write(renderRepairText(verdict, textLayout(stdout, env)))
      return exitCode(verdict)
    }
    const names = new Set([...types, ...symbols])
    const shown = types.length > 0 ? narrowVerdict(verdict, names) : verdict
    const delivered = await deliver(shown, output, terminal)
    for (const type of types) {
      if (shown.explanation?.causes.some(({ name }) => name === type)) continue
      terminal.stderr.write(`note: ${definitionTitle(type)} did not change any checksum\n`)
    }
    if (verdict.result === 'error' || options.try) return exitCode(verdict)
    return delivered ? 0 : 3
  },
}
