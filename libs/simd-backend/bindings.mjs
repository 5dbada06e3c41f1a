// Derives src/kernel-bindings.ts from assembly/: the kernels that index.ts exports, with their
// arguments by name and type, and the constants, operations, structures and functions that
// shared.ts exports.
//
//   node bindings.mjs          writes the file
//   node bindings.mjs --check  fails if it is not up to date, as build-wasm.mjs does
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const library = fileURLToPath(new URL('.', import.meta.url));
const target = join(library, 'src', 'kernel-bindings.ts');

/**
 * AssemblyScript's types of arguments, and those of the bindings. Structures and enums come on top.
 */
const argumentTypes = { i32: 'i32', usize: 'usize', f32: 'f32', bool: 'boolean' };

const sources = new Map();
function parse(path) {
  const file = path.endsWith('.ts') ? path : `${path}.ts`;
  const text = readFileSync(file, 'utf8');
  if (sources.get(file)?.text !== text) {
    sources.set(file, ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  }
  return sources.get(file);
}

function fail(node, message) {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  throw new Error(`${source.fileName}:${line + 1}: ${message}`);
}

const fromOf = (node) =>
  parse(join(dirname(node.getSourceFile().fileName), node.moduleSpecifier.text));

/** The declarations that a file of `export { a, b } from './file'` lines names. */
function exportsOf(file) {
  return file.statements
    .filter((node) => ts.isExportDeclaration(node))
    .flatMap((node) => {
      if (!node.exportClause) fail(node, 'name what is exported');
      return node.exportClause.elements.map(({ name }) => declaration(fromOf(node), name.text));
    });
}

/** What `name` means in a file: its own declaration, or the one it imports. */
function declaration(file, name, user = file) {
  for (const node of file.statements) {
    if (node.name?.text === name) return node;
    if (ts.isVariableStatement(node)) {
      const found = node.declarationList.declarations.find((each) => each.name.text === name);
      if (found) return found;
    }
    if (ts.isImportDeclaration(node)) {
      const names = node.importClause.namedBindings.elements;
      if (names.some((each) => each.name.text === name)) return declaration(fromOf(node), name);
    }
  }
  return fail(user, `nothing here is called ${name}`);
}

/** The doc comment of a declaration, as it stands. */
function docOf(node) {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const doc = statement.jsDoc?.at(-1)?.getText();
  if (!doc) fail(node, `${node.name.text} has no doc comment`);
  return doc;
}

function evaluate(node) {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isParenthesizedExpression(node) || ts.isTypeAssertionExpression(node)) {
    return evaluate(node.expression);
  }
  if (ts.isIdentifier(node)) {
    return evaluate(declaration(node.getSourceFile(), node.text).initializer);
  }
  if (ts.isBinaryExpression(node)) {
    const [a, b] = [evaluate(node.left), evaluate(node.right)];
    if (node.operatorToken.kind === ts.SyntaxKind.PlusToken) return a + b;
    if (node.operatorToken.kind === ts.SyntaxKind.MinusToken) return a - b;
    if (node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) return a * b;
  }
  return fail(node, 'a shared constant is made of numbers, constants, +, - and *');
}

const constant = (node) =>
  `${docOf(node)}\nexport const ${node.name.text} = ${evaluate(node.initializer)};`;

function enumeration(node) {
  const name = node.name.text;
  const members = node.members.map((member, i) => {
    if (member.initializer) fail(member, 'the operations number themselves');
    return `${member.name.text}: ${i}`;
  });
  return `${docOf(node)}
    export const ${name} = {\n${members.join(',')}} as const;
    export type ${name} = (typeof ${name})[keyof typeof ${name}];`;
}

function structure(node) {
  const name = node.name.text;
  const fields = node.members.map((member) => {
    const type = member.type?.getText();
    if (type !== 'i32' && type !== 'usize') fail(member, 'fields of structures have 32 bits');
    return `'${member.name.text}'`;
  });
  const list = `${name[0].toLowerCase()}${name.slice(1)}Fields`;
  return `/** The fields of {@link ${name}} in the order of its memory, 32 bits each. */
    export const ${list} = [${fields}] as const;
    ${docOf(node)}
    export type ${name} = Record<(typeof ${list})[number], i32 | usize>;`;
}

/**
 * A function of whole numbers: the same text computes the same in both languages, unless it
 * divides.
 */
function shared(node) {
  const numbers = [...node.parameters, node].every((each) => each.type?.getText() === 'i32');
  if (!numbers) fail(node, 'a shared function takes and returns i32');
  const body = node.body.getText();
  if (body.includes('/')) fail(node, 'a shared function does not divide');
  return `${docOf(node)}\n${node.getText()}`;
}

function sharedDeclaration(node) {
  if (ts.isVariableDeclaration(node)) return constant(node);
  if (ts.isEnumDeclaration(node)) return enumeration(node);
  if (ts.isClassDeclaration(node)) return structure(node);
  if (ts.isFunctionDeclaration(node)) return shared(node);
  return fail(node, 'shared.ts cannot export this');
}

function kernel(node) {
  if (!ts.isFunctionDeclaration(node)) fail(node, 'index.ts exports kernels alone');
  const [task, thread, ...rest] = node.parameters.map(({ name, type }) => ({
    name: name.text,
    type: type?.getText(),
  }));
  const begins = [task, thread].map((each) => `${each?.name}: ${each?.type}`).join(', ');
  if (begins !== 'task: i32, thread: i32' || node.type?.getText() !== 'void') {
    fail(node, 'a kernel takes task: i32, thread: i32 and further arguments, and returns void');
  }
  const members = rest.map(({ name, type }) => `${name}: ${argumentType(node, type)};`);
  const values = rest.map(({ name, type }) =>
    type === 'bool' ? `Number(a.${name})` : `a.${name}`,
  );
  return {
    member: `${docOf(node)}\n${node.name.text}: {\n${members.join('\n')}\n};`,
    order: `${node.name.text}: (a) => [${values}],`,
  };
}

function argumentType(node, type) {
  if (argumentTypes[type]) return argumentTypes[type];
  const named = declaration(node.getSourceFile(), type, node);
  return ts.isEnumDeclaration(named) ? type : `Pointer<${type}>`;
}

/** A number that changes with the interface of the kernels, comments aside. */
function versionOf(text) {
  const code = text.replaceAll(/\/\*\*.*?\*\//gs, '').replaceAll(/\s+/g, ' ');
  return createHash('sha256').update(code).digest().readUInt32LE() >>> 1;
}

/**
 * The text of src/kernel-bindings.ts, its version, and the constants that the build needs.
 *
 * @param {string} folder - where assembly/ is.
 */
export async function makeBindings(folder = library) {
  const assembly = join(folder, 'assembly');
  const declarations = exportsOf(parse(join(assembly, 'shared.ts')));
  const kernels = exportsOf(parse(join(assembly, 'index.ts'))).map(kernel);
  const body = `
    /** A whole number. */
    export type i32 = number;
    /** An address, or a number of bytes. */
    export type usize = number;
    /** A number in single precision. */
    export type f32 = number;
    /** The address of a structure in the shared memory. */
    export type Pointer<Structure> = usize & { readonly structure: Structure };

    ${declarations.map(sharedDeclaration).join('\n\n')}

    /** What each kernel takes beside the numbers of its task and thread. */
    export interface KernelArguments {
      ${kernels.map(({ member }) => member).join('\n')}
    }

    export type KernelName = keyof KernelArguments;

    /** Puts the arguments of each kernel in its order. */
    export const inOrder: { readonly [K in KernelName]: (args: KernelArguments[K]) => number[] } = {
      ${kernels.map(({ order }) => order).join('\n')}
    };`;
  const version = versionOf(body);
  const text = `// Written by bindings.mjs from assembly/, see there. Not to be edited.

    /** The WebAssembly module of these kernels exports the same number. */
    export const BINDINGS_VERSION = ${version};
    ${body}`;
  const options = { ...(await resolveConfig(target)), parser: 'typescript' };
  const constants = Object.fromEntries(
    declarations
      .filter((node) => ts.isVariableDeclaration(node))
      .map((node) => [node.name.text, evaluate(node.initializer)]),
  );
  return { text: await format(text, options), version, constants };
}

/** {@link makeBindings}, where src/kernel-bindings.ts is up to date. */
export async function checkedBindings() {
  const bindings = await makeBindings();
  if (readFileSync(target, 'utf8') !== bindings.text) {
    throw new Error(
      'simd-backend: the interface of the kernels in assembly/ is not the one in src/kernel-bindings.ts. ' +
        'Run `npm run bindings -w @tgan/simd-backend`, then see whether the calls still fit (tsc).',
    );
  }
  return bindings;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--check') await checkedBindings();
  else writeFileSync(target, (await makeBindings()).text);
}
