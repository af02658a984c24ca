import { createColors } from 'picocolors'
import { wouldNotLoad } from '../vendor/deps/check-package.ts'
import type { DiskVerdict, KernelCheck, Refusal } from '../vendor/disk/judge-disk.ts'
import { printable } from '../report/escape.ts'
import { counted } from '../report/words.ts'
import { faultText, packageLines } from './deps-text.ts'

/** What a person at a terminal reads of `disk make`. */
export function renderDisk(
  { kernels, refusals }: DiskVerdict,
  disk: { readonly output: string; readonly arch: string; readonly packages: number },
  { color }: { readonly color: boolean },
): string {
  const paint = createColors(color)
  const output = printable(disk.output)
  const end =
    refusals.length > 0
      ? [`${paint.red('REFUSED')}: ${output} was not written`, ...refusals.flatMap(refusalLines)]
      : [
          `${paint.green('MADE')}: ${output}, labelled OEMDRV, rpms/${disk.arch} with ${counted(disk.packages, 'package')}`,
        ]
  return [...kernels.flatMap(kernelBlocks), end].map((lines) => lines.join('\n') + '\n').join('\n')
}

function kernelBlocks({ release, symvers, packages }: KernelCheck): readonly (readonly string[])[] {
  const files = symvers.map((file) => printable(file)).join(', ')
  const taken = packages.length === 0 ? 'takes no package' : `takes ${counted(packages.length, 'package')}`
  return [
    [`Kernel ${printable(release)}, exports of ${files}: the installer ${taken}`],
    ...packages.map((one) => [
      ...packageLines(one, []),
      ...(one.releases.length === 0 || one.releases.includes(release) || wouldNotLoad(one)
        ? []
        : ['  built for another kernel: this one loads its modules because their symbols fit']),
    ]),
  ]
}

function refusalLines(refusal: Refusal): readonly string[] {
  switch (refusal.kind) {
    case 'passed-over':
      return [`  ${printable(refusal.package)}: ${faultText(refusal.fault)}`]
    case 'other-kernel': {
      const provided = refusal.provided.map((one) => printable(one)).join(', ')
      return [
        `  ${printable(refusal.package)}: the installer passes it over: no kernel of --for is ${provided}`,
      ]
    }
    case 'would-not-load':
      return [`  ${printable(refusal.package)}: would not install and load on ${printable(refusal.release)}`]
    case 'clash': {
      const { place, modules } = refusal.clash
      return [
        `  ${printable(refusal.release)}: the installer would keep one of these as updates/${printable(place)}`,
        ...modules.map((one) => `    ${printable(one)}`),
      ]
    }
    case 'nothing':
      return [`  ${printable(refusal.release)}: no package has a module for it`]
  }
}
