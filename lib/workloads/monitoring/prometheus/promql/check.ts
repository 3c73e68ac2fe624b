// Which type each part of an expression has, and whether it may stand where it does.
import { type Node, ParseError, typeNames, type ValueType } from './ast.ts';
import { functions } from './functions.ts';
import { comparisons, setOperators } from './operators.ts';

export function typeOf(node: Node): ValueType {
  switch (node.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      return node.range === undefined ? 'vector' : 'matrix';
    case 'subquery':
      return 'matrix';
    case 'call':
      return functions[node.name]!.returns;
    case 'aggregate':
      return 'vector';
    case 'unary':
    case 'paren':
      return typeOf(node.inner);
    case 'binary':
      return typeOf(node.left) === 'scalar' && typeOf(node.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

/** Throws a ParseError. */
export function checkTypes(node: Node, text: string): void {
  const fail = (message: string, at = node.at): never => {
    throw new ParseError(text, at, message);
  };
  const expect = (one: Node, type: ValueType, where: string) => {
    if (typeOf(one) !== type) fail(`expected type ${typeNames[type]} in ${where}, got ${typeNames[typeOf(one)]}`, one.at);
  };
  switch (node.kind) {
    case 'call': {
      const { args, optional = 0 } = functions[node.name]!;
      const needed = args.length - optional;
      if (node.args.length < needed && optional > 0) fail(`expected at least ${needed} argument(s) in call to ${JSON.stringify(node.name)}, got ${node.args.length}`);
      if (optional === 0 && node.args.length !== args.length) fail(`expected ${args.length} argument(s) in call to ${JSON.stringify(node.name)}, got ${node.args.length}`);
      if (node.args.length > args.length && !functions[node.name]!.variadic) fail(`expected at most ${args.length} argument(s) in call to ${JSON.stringify(node.name)}, got ${node.args.length}`);
      node.args.forEach((one, i) => (checkTypes(one, text), expect(one, args[Math.min(i, args.length - 1)]!, `call to function ${JSON.stringify(node.name)}`)));
      return;
    }
    case 'aggregate':
      checkTypes(node.inner, text);
      expect(node.inner, 'vector', 'aggregation expression');
      if (node.param) expect(node.param, node.op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
      return;
    case 'unary':
      checkTypes(node.inner, text);
      if (!['scalar', 'vector'].includes(typeOf(node.inner))) fail(`unary expression only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(typeNames[typeOf(node.inner)])}`);
      return;
    case 'paren':
      return checkTypes(node.inner, text);
    case 'subquery':
      checkTypes(node.inner, text);
      if (typeOf(node.inner) !== 'vector') fail(`subquery is only allowed on instant vector, got ${typeOf(node.inner)} instead`);
      return;
    case 'binary': {
      checkTypes(node.left, text);
      checkTypes(node.right, text);
      const [left, right] = [typeOf(node.left), typeOf(node.right)];
      if (![left, right].every((type) => type === 'scalar' || type === 'vector')) fail('binary expression must contain only scalar and instant vector types');
      if (comparisons.has(node.op) && !node.bool && left === 'scalar' && right === 'scalar') fail('comparisons between scalars must use BOOL modifier', node.opAt);
      if (setOperators.has(node.op) && (left === 'scalar' || right === 'scalar')) fail(`set operator ${JSON.stringify(node.op)} not allowed in binary scalar expression`);
    }
  }
}
