import js from '@eslint/js';
import { importX, createNodeResolver } from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { readdirSync } from 'node:fs';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const features = readdirSync(new URL('./src/features', import.meta.url));

/** Imports go downward only: app > features > components > lib, and no feature knows another. */
const layers = [
  { target: './src/lib', from: ['./src/app', './src/features', './src/components'] },
  { target: './src/components', from: ['./src/app', './src/features'] },
  { target: './src/features', from: './src/app' },
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: './src/features',
    except: [`./${name}`],
    message: 'Features do not know each other: put them together in app/, or move what they share down.',
  })),
];
const helpers = {
  target: ['./src/main.tsx', './src/!(testing)/**/!(*.test).{ts,tsx}'],
  from: './src/testing',
};

export default defineConfig(
  globalIgnores(['dist', 'src/lib/api/openapi.d.ts']),
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite*.config.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    plugins: { 'import-x': importX },
    languageOptions: { globals: globals.browser },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.css'] })] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-unresolved': ['error', { ignore: ['^msw'] }],
      'import-x/no-restricted-paths': ['error', { zones: [...layers, helpers] }],
      'max-lines': ['error', { max: 150, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['*.js'], languageOptions: { globals: globals.node } },
  { files: ['public/*.js'], languageOptions: { globals: globals.browser } },
);
