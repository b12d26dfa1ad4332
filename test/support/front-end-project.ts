import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { build, transformSync, type Plugin } from 'esbuild';
import ts from 'typescript';
import { makeScratch } from './scratch.js';

const PAGE = 'docs/clients.md';
/** The URL in the snippets. */
const URL = 'http://localhost:4000';

/** The compiler options of Vite's template for React, and Node for the snippets that run there. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  noEmit: true,
  jsx: ts.JsxEmit.ReactJSX,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true,
};

/** The front-ends of the page: their names, sections, and the variant of `src/tandem.ts`. */
export const FRONT_ENDS: [name: string, section: string, variant: string | undefined][] = [
  ['Apollo Client', 'Apollo Client', undefined],
  ['urql', 'urql', undefined],
  ['Relay', 'Relay', undefined],
  ['TanStack Query', 'TanStack Query and graphql-request', undefined],
  ['Apollo Client on a public computer', 'Apollo Client', 'for a public computer'],
  ['Apollo Client in cookie mode', 'Apollo Client', 'in cookie mode'],
];

export interface Snippet {
  /** The heading of the second level above it. */
  section: string;
  /** From its first line: `// src/tandem.ts, in cookie mode` has a path and a variant. */
  path: string;
  variant: string | undefined;
  code: string;
}

/** All code of the page for front-ends, in its order. */
export function snippets(): Snippet[] {
  return readFileSync(PAGE, 'utf8')
    .split(/^## /m)
    .flatMap((part) => {
      const [section = ''] = part.split('\n');
      return Array.from(part.matchAll(/^```tsx?\n([^]*?)^```$/gm), ([, code = '']) => {
        const [, path, variant] = /^\/\/ (\S+\.tsx?)(?:, (.+))?\n/.exec(code) ?? [];
        if (!path) throw new Error(`In ${PAGE}, the first line of this snippet must be its path:\n${code}`);
        return { section, path, variant, code };
      });
    });
}

/** The module of a snippet that imports only packages. */
export async function importSnippet(path: string): Promise<unknown> {
  const { path: root, remove } = makeScratch();
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  const code = snippets().find((snippet) => snippet.path === path)?.code ?? '';
  writeFileSync(join(root, 'snippet.mjs'), transformSync(code, { loader: 'ts' }).code);
  return import(join(root, 'snippet.mjs')).finally(remove);
}

export interface Project {
  path: string;
  /** Writes another file of the front-end. */
  write(path: string, code: string): void;
  typeErrors(): string[];
  /** Bundles a file for the browser, or for Node. Returns the path of the bundle. */
  bundle(path: string, platform: 'browser' | 'node'): Promise<string>;
  remove(): void;
}

/** A folder with what a reader of the page has: the files of "Start", then those of other sections, or their variant. */
export function makeProject(sections: string[], serverUrl: string, variant?: string): Project {
  const { path: root, remove } = makeScratch();
  const write = (path: string, code: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), code.replaceAll(URL, serverUrl));
  };
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  write('package.json', '{ "type": "module" }');
  const wanted = snippets().filter((snippet) => [...sections, 'Start'].includes(snippet.section) && !snippet.variant);
  const varied = snippets().filter((snippet) => variant && snippet.variant === variant);
  for (const { path, code } of [...wanted, ...varied]) write(path, code);
  copyFileSync('schema.graphql', join(root, 'schema.graphql'));
  copyFileSync('docs/codegen/operation-map.mjs', join(root, 'operation-map.mjs'));
  copyFileSync('docs/operations.graphql', join(root, 'src/operations.graphql'));
  if (sections.includes('Relay')) compileRelay(root);
  else generate(root);

  return {
    path: root,
    write,
    remove,
    typeErrors() {
      const files = ts.sys.readDirectory(root, ['.ts', '.tsx'], ['node_modules']);
      const host = ts.createCompilerHost(OPTIONS);
      const { getSourceFile } = host;
      host.getSourceFile = (path, ...rest) => {
        if (path.startsWith(root)) return getSourceFile(path, ...rest);
        if (!libraries.has(path)) libraries.set(path, getSourceFile(path, ...rest));
        return libraries.get(path);
      };
      return ts
        .getPreEmitDiagnostics(ts.createProgram(files, OPTIONS, host))
        .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    },
    async bundle(path, platform) {
      const outfile = join(root, platform === 'node' ? `${path}.mjs` : `${path}.js`);
      await build({
        entryPoints: [join(root, path)],
        outfile,
        platform,
        bundle: true,
        format: platform === 'node' ? 'esm' : 'iife',
        jsx: 'automatic',
        define: { 'process.env.NODE_ENV': '"development"' },
        plugins: [relayPlugin],
        logLevel: 'error',
      });
      return outfile;
    },
  };
}

/** Parsed once, because nearly all files are the same in all compilations. */
const libraries = new Map<string, ts.SourceFile | undefined>();

let generated: string | undefined;

/** Runs the code generator once: it takes seconds, and its input is the same for all projects. */
function generate(root: string): void {
  const target = join(root, 'src/generated');
  if (generated) return cpSync(generated, target, { recursive: true });
  const program = resolve('node_modules/@graphql-codegen/cli/cjs/bin.js');
  execFileSync(process.execPath, [program], { cwd: root, stdio: 'pipe' });
  const kept = makeScratch();
  process.once('exit', kept.remove);
  generated = join(kept.path, 'generated');
  cpSync(target, generated, { recursive: true });
}

function compileRelay(root: string): void {
  const config = { src: './src', schema: './schema.graphql', language: 'typescript', eagerEsModules: true };
  writeFileSync(
    join(root, 'relay.config.json'),
    JSON.stringify({ ...config, customScalarTypes: { DateTime: 'string' } }),
  );
  execFileSync(process.execPath, [resolve('node_modules/relay-compiler/cli.js')], { cwd: root, stdio: 'pipe' });
}

/** What Relay's Babel plugin does: imports what relay-compiler has written. */
const relayPlugin: Plugin = {
  name: 'relay',
  setup({ onLoad }) {
    onLoad({ filter: /App\.tsx$/ }, ({ path }) => {
      let imports = '';
      const code = readFileSync(path, 'utf8').replace(/graphql`\s*\w+ (\w+)[^`]*`/g, (_document, name: string) => {
        imports += `import ${name} from './__generated__/${name}.graphql';\n`;
        return name;
      });
      return { contents: imports + code, loader: 'tsx' };
    });
  },
};
