/** Files, by what they decide; patterns as in GitHub's CODEOWNERS, where one without a slash in front matches in every folder. */
const guarded: readonly (readonly [what: string, patterns: readonly string[]])[] = [
  ['Workflows, and this file', ['/.github/', '/CODEOWNERS', '/docs/CODEOWNERS']],
  ['What the gate checks, and what it excuses', ['kabi.yml', 'kabi.yaml', '*waivers*', '*severities*']],
  [
    'Whitelists, with the types and the baseline beside them',
    ['kabi_whitelist*', 'kabi_stablelist*', 'symtypes.gz', 'baseline.yml'],
  ],
  ['Kernel configurations', ['configs/', '*.config', '*defconfig']],
  [
    'What is built, and how',
    ['Makefile*', 'Kbuild*', 'Kconfig*', '*.mk', '*.lds', '*.lds.S', '*.lds.h', '*.ld'],
  ],
  [
    'Programs that the build runs',
    ['/scripts/', '/tools/', '/usr/', '/certs/', '/arch/*/tools/', 'gen_*.c', 'mk*.c'],
  ],
  ['Scripts and tables that the build runs or reads', ['*.sh', '*.pl', '*.py', '*.awk', '*.sed', '*.tbl']],
  ['How a symbol is exported', ['/include/linux/export*.h', '/include/asm-generic/export.h', '*.symref']],
]

/**
 * The text of a CODEOWNERS file: every file through which a patch could decide what the gate finds.
 * @param owner a user or team of the forge, `@distro/kabi`
 * @param folders with whitelists, configurations and rules of this tree, from its top
 */
export function codeOwners(owner: string, folders: readonly string[]): string {
  const own: typeof guarded =
    folders.length > 0 ? [['Folders of this tree', folders.map((one) => `/${one}/`)]] : []
  const blocks = [...guarded, ...own].map(
    ([what, patterns]) =>
      `# ${what}\n${patterns.map((pattern) => `${pattern.padEnd(32)} ${owner}\n`).join('')}`,
  )
  return `# These files decide what kabi-gate finds: require reviews from code owners in the rulesets of the branches (docs/security.md).\n\n${blocks.join('\n')}`
}
