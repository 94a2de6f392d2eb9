import * as ts from 'typescript';
import type { Mutant } from './mutant';

const SWAPS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
]);

const METHODS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'], ['every', 'some'], ['startsWith', 'endsWith'], ['endsWith', 'startsWith'],
]);

/** One mutant for each operator, condition, literal and statement that can be another without being a mistake of types. */
export function mutantsOfTypeScript(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, put: string) => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    mutants.push({ file, line: source.getLineAndCharacterOfPosition(start).line + 1, start, end, put });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const { operatorToken, left, right } = node;
      const isText = [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
      const swap = isText && operatorToken.kind === ts.SyntaxKind.PlusToken ? undefined : SWAPS.get(operatorToken.kind);
      if (swap) add(operatorToken, swap);
      if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) add(node, left.getText(source));
    }
    if (ts.isIfStatement(node)) for (const put of ['true', 'false']) add(node.expression, put);
    if (ts.isConditionalExpression(node)) for (const put of ['true', 'false']) add(node.condition, put);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) add(node, node.operand.getText(source));
    if (ts.isNumericLiteral(node)) add(node, String(Number(node.text) + 1));
    if (ts.isStringLiteral(node) && node.text !== '' && !ts.isPropertyAssignment(node.parent)) add(node, "''");
    if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true');
    if (ts.isExpressionStatement(node) || ts.isThrowStatement(node) || ts.isContinueStatement(node)) add(node, ';');
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const other = METHODS.get(name.text);
      if (other) add(name, other);
      if (name.text === 'filter' || name.text === 'trim') add(node, expression.getText(source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}
