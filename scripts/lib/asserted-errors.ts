import ts from "typescript";

/**
 * Errors that a test file asserts by name, each with the numbers of arguments it is asserted with.
 *
 * What counts: `.revertedWithCustomError(contract, "Name").withArgs(a, b)`; the name directly followed by the list of
 * its arguments, `refused(call, "Name", [a, b])`, also by a constant that holds the list; and a row of a table,
 * `{ error: "Name", args: [a, b] }`. A spread names nothing.
 */
export function assertedErrors(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const source = ts.createSourceFile("test.ts", text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, Set<number>>();
  const note = (name: string, count: number | undefined): void => {
    if (count === undefined) return;
    const counts = found.get(name) ?? new Set<number>();
    found.set(name, counts.add(count));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const chain = chained(node);
      if (chain !== undefined) note(chain, listLength(node.arguments));
      pairs(node.arguments, note);
    } else if (ts.isArrayLiteralExpression(node)) {
      pairs(node.elements, note);
    } else if (ts.isObjectLiteralExpression(node)) {
      row(node, note);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

type Note = (name: string, count: number | undefined) => void;

/** The name in `.revertedWithCustomError(contract, "Name").withArgs(…)`. */
function chained({ expression }: ts.CallExpression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== "withArgs") return;
  const reverted = expression.expression;
  if (!ts.isCallExpression(reverted) || !ts.isPropertyAccessExpression(reverted.expression)) return;
  if (reverted.expression.name.text !== "revertedWithCustomError") return;
  const name = reverted.arguments[1];
  return name !== undefined && ts.isStringLiteral(name) ? name.text : undefined;
}

/** Names directly followed by their arguments. */
function pairs(nodes: ts.NodeArray<ts.Expression>, note: Note): void {
  for (const [i, node] of nodes.entries()) {
    const next = nodes[i + 1];
    if (ts.isStringLiteral(node) && next !== undefined) note(node.text, argumentsIn(next));
  }
}

/** `{ error: "Name", args: … }`. */
function row({ properties }: ts.ObjectLiteralExpression, note: Note): void {
  const values = new Map<string, ts.Expression>();
  for (const property of properties) {
    if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)) {
      values.set(property.name.text, property.initializer);
    }
  }
  const [error, args] = [values.get("error"), values.get("args")];
  if (error !== undefined && ts.isStringLiteral(error) && args !== undefined) {
    note(error.text, argumentsIn(args));
  }
}

/** How many arguments an expression lists: an array, a function of one, or a constant that holds one. */
function argumentsIn(node: ts.Expression): number | undefined {
  if (ts.isArrayLiteralExpression(node)) return listLength(node.elements);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return argumentsIn(node.body);
  if (ts.isIdentifier(node)) return constant(node);
  return undefined;
}

function listLength(nodes: ts.NodeArray<ts.Expression>): number | undefined {
  return nodes.some((node) => ts.isSpreadElement(node)) ? undefined : nodes.length;
}

/** The constant of that name in the nearest block around its use. */
function constant(use: ts.Identifier): number | undefined {
  for (let scope: ts.Node = use.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (!ts.isBlock(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && name.text === use.text && initializer !== undefined) {
          return ts.isArrayLiteralExpression(initializer)
            ? listLength(initializer.elements)
            : undefined;
        }
      }
    }
  }
  return undefined;
}
