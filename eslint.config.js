import js from '@eslint/js'
import tseslint from 'typescript-eslint'

const pure = ['src/abi/**', 'src/judge/**', 'src/report/**']
const effects = [
  'node:*',
  '@actions/*',
  '**/kernel/**',
  '**/debian/**',
  '**/cli/**',
  '**/action/**',
  '**/config/**',
  '**/io/**',
  '**/gate.ts',
  '**/whitelists/**',
]

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
  {
    files: pure,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: effects, message: 'abi, judge and report are pure: no I/O, no adapters.' }] },
      ],
      'no-restricted-globals': ['error', 'process', 'console', 'Buffer', 'setTimeout', 'fetch'],
    },
  },
  {
    // What the page of the driver vendors uses, too.
    files: ['src/module/*.ts', 'src/module/{deps,disk,rpm}/*.ts'],
    ignores: [
      'src/module/**/{read,open}-*.ts',
      'src/module/deps/{check-deps,symbol-groups}.ts',
      'src/module/rpm/check-digests.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: effects, message: 'Modules are read from bytes: no I/O, no adapters.' }] },
      ],
      'no-restricted-globals': ['error', 'process', 'console', 'Buffer', 'setTimeout', 'fetch'],
    },
  },
  {
    files: ['src/abi/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: [...effects, '**/judge/**', '**/report/**'], message: 'abi knows nothing above it.' },
          ],
        },
      ],
    },
  },
  { files: ['*.config.ts', '*.config.js'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
)
