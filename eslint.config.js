import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/**
 * Which folders of `src/` each folder may import from, from the bottom to the top: the arrows of docs/architecture.md. No folder
 * stands in a row above its own, so there is no circle.
 */
export const arrows = {
  problem: [],
  abi: ['problem'],
  io: ['abi', 'problem'],
  module: ['abi', 'io', 'problem'],
  judge: ['abi', 'module', 'problem'],
  report: ['abi', 'judge', 'problem'],
  processes: ['problem'],
  config: ['abi', 'io', 'judge', 'problem'],
  baseline: ['abi', 'config', 'io', 'judge', 'module', 'problem'],
  kernel: ['abi', 'baseline', 'config', 'io', 'module', 'problem', 'processes'],
  git: ['abi', 'io', 'kernel', 'problem', 'processes'],
  evidence: ['abi', 'baseline', 'config', 'io', 'judge', 'problem'],
  base: ['baseline', 'config', 'git', 'io', 'judge', 'problem', 'processes'],
  explain: ['abi', 'baseline', 'config', 'evidence', 'git', 'io', 'judge', 'kernel', 'problem', 'processes'],
  gate: [
    ...['abi', 'base', 'baseline', 'config', 'evidence', 'explain', 'git', 'io', 'judge', 'kernel', 'module'],
    ...['problem', 'processes'],
  ],
  workflow: ['config', 'problem'],
  whitelists: [
    ...[
      'abi',
      'base',
      'baseline',
      'config',
      'explain',
      'gate',
      'git',
      'io',
      'judge',
      'kernel',
      'problem',
      'processes',
    ],
  ],
  range: [
    ...[
      'abi',
      'base',
      'baseline',
      'config',
      'gate',
      'git',
      'io',
      'judge',
      'kernel',
      'problem',
      'processes',
      'whitelists',
    ],
  ],
  vendor: [
    ...['abi', 'baseline', 'config', 'gate', 'io', 'judge', 'module', 'problem', 'processes', 'report'],
    'whitelists',
  ],
  doctor: ['abi', 'baseline', 'config', 'gate', 'io', 'kernel', 'problem', 'processes', 'whitelists'],
  debian: ['baseline', 'config', 'gate', 'io', 'judge', 'kernel', 'problem', 'processes'],
  cli: [
    ...['abi', 'baseline', 'config', 'debian', 'doctor', 'gate', 'git', 'io', 'judge', 'kernel', 'module'],
    ...['problem', 'processes', 'range', 'report', 'vendor', 'whitelists', 'workflow'],
  ],
  action: [
    ...['abi', 'base', 'cli', 'config', 'gate', 'git', 'io', 'judge', 'kernel', 'problem', 'processes'],
    'report',
  ],
}

/** Folders that touch nothing of the world: they get what they need and give what they made. */
const pure = ['problem', 'abi', 'judge', 'report']

const world = { regex: '^(node:|@actions/|\\.\\./io/)', message: 'Pure: no I/O.' }

/** The arrows as rules: an import that goes up to another folder is one to a folder that may be imported from. */
const folderArrows = Object.entries(arrows).map(([folder, below]) => {
  const above = Object.keys(arrows).filter((one) => one !== folder && !below.includes(one))
  const arrow = {
    regex: `^(\\.\\./)+(${above.join('|')})/`,
    message: `${folder}/ imports nothing from there: docs/architecture.md.`,
  }
  return { folder, arrow }
})

const restrict = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
})

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', 'test/{support,kills}/*.js'] } },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  ...folderArrows.map(({ folder, arrow }) =>
    restrict([`src/${folder}/**`], pure.includes(folder) ? [arrow, world] : [arrow]),
  ),
  // The page in the browser reads modules, too.
  restrict(
    ['src/module/*.ts'],
    [...folderArrows.filter(({ folder }) => folder === 'module').map(({ arrow }) => arrow), world],
    ['src/module/read-*.ts'],
  ),
  {
    files: [...pure.map((folder) => `src/${folder}/**`), 'src/module/*.ts'],
    ignores: ['src/module/read-*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'console', 'Buffer', 'setTimeout', 'fetch'],
    },
  },
  { files: ['*.config.ts', '*.config.js'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
)
