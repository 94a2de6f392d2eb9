import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';

/** What a docstring says. */
export interface Docstring {
  /** `ExternalIpsecEndpointProps.host`, or `ExternalIpsecEndpointProps` for the type itself. */
  readonly of: string;
  /** Whether it is a prop: a property of an interface that users write or read. */
  readonly isProp: boolean;
  /** What it says before its tags. */
  readonly prose: string;
  /** All that it says. */
  readonly text: string;
  readonly see: readonly string[];
}

/** The docstrings of all that users see, each once. */
export function docstrings(): Docstring[] {
  return declarations(join(__dirname, '..', '..', 'src', 'index.ts'), undefined).flatMap(docstringsOf);
}

/** The declarations that a file exports under some names, or under all of its own, from wherever it has them. */
function declarations(file: string, names: readonly string[] | undefined): ts.Statement[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const wanted = (name: string) => names === undefined || names.includes(name);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) {
      const name = (statement as unknown as ts.NamedDeclaration).name?.getText();
      return isMarked(statement, ts.SyntaxKind.ExportKeyword) && name !== undefined && wanted(name) ? [statement] : [];
    }
    const { moduleSpecifier, exportClause } = statement;
    if (moduleSpecifier === undefined) throw new Error(`${file} exports what it has imported`);
    const from = join(dirname(file), (moduleSpecifier as ts.StringLiteral).text);
    const target = [`${from}.ts`, join(from, 'index.ts')].find(existsSync)!;
    if (exportClause === undefined) return declarations(target, names);
    return declarations(target, (exportClause as ts.NamedExports).elements.map(({ name }) => name.text).filter(wanted));
  });
}

function docstringsOf(declaration: ts.Statement): Docstring[] {
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration) && !ts.isEnumDeclaration(declaration)) return [];
  const type = declaration.name!.text;
  const isStruct = ts.isInterfaceDeclaration(declaration) && !/^I[A-Z]/.test(type);
  const members = [...declaration.members as ts.NodeArray<ts.Node>].flatMap((member) =>
    (ts.isConstructorDeclaration(member) ? [member, ...member.parameters.filter(({ modifiers }) => modifiers)] : [member]));
  return [
    docstringOf(declaration, type, false),
    ...members.filter((member) => !isHidden(member)).map((member) => docstringOf(member, `${type}.${nameOf(member)}`, isStruct)),
  ];
}

function nameOf(member: ts.Node): string {
  return (member as ts.NamedDeclaration).name?.getText() ?? 'constructor';
}

/** What is nobody's but ours: jsii leaves it out. */
function isHidden(member: ts.Node): boolean {
  return isMarked(member, ts.SyntaxKind.PrivateKeyword) || ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
}

function isMarked(node: ts.Node, keyword: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === keyword) === true;
}

function docstringOf(node: ts.Node, of: string, isProp: boolean): Docstring {
  const text = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map((doc) => doc.getText()).join('\n')
    .replace(/^\/\*\*|\*\/$/g, '').replace(/^\s*\* ?/gm, '').trim();
  return { of, isProp, prose: text.split(/^@/m)[0], text, see: [...text.matchAll(/^@see (\S+)$/gm)].map(([, page]) => page) };
}
