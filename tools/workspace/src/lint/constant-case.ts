/**
 * A rule of ESLint: what a module fixes as a plain value is called in UPPER_SNAKE. A plain value is a number,
 * a text or a truth, also one reckoned out of such, and a table of them that is frozen (`Object.freeze`, `as
 * const`). What a call makes is none: topics, schemas, clocks. Nor are functions, classes, patterns, a table
 * whose declaration names its type, and an enumeration, which is called like the type that it stands for.
 */

import type { Rule, SourceCode } from 'eslint';

type Node = NonNullable<Parameters<SourceCode['getText']>[0]>;
type Declarator = Parameters<NonNullable<Rule.RuleListener['VariableDeclarator']>>[0];
/** An expression, or one of the two words of TypeScript that wrap one. */
type Value = Node | { readonly type: 'TSAsExpression' | 'TSSatisfiesExpression'; readonly expression: Value };

const UPPER_SNAKE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const ENUMERATION = /^[A-Z]/;

export const constantCase: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      name: 'Call this constant {{better}}: a plain value that a module fixes is written in UPPER_SNAKE.',
    },
  },
  create(context) {
    const constants = new Set<string>();
    return {
      VariableDeclarator(node) {
        const { id, init } = node;
        if (id.type !== 'Identifier' || init === null || init === undefined || !isFixedByModule(node)) return;
        const isTyped = (id as { readonly typeAnnotation?: unknown }).typeAnnotation !== undefined;
        const plain = isPlain(init, constants);
        if (!plain && (isTyped || ENUMERATION.test(id.name) || !isFrozenTable(init, constants))) return;
        constants.add(id.name);
        if (UPPER_SNAKE.test(id.name)) return;
        context.report({ node: id, messageId: 'name', data: { better: upperSnake(id.name) } });
      },
    };
  },
};

function isFixedByModule({ parent }: Declarator): boolean {
  if (parent.type !== 'VariableDeclaration' || parent.kind !== 'const') return false;
  return parent.parent.type === 'Program' || parent.parent.type === 'ExportNamedDeclaration';
}

/** `constants` are those that the module has declared so far. */
function isPlain(value: Value, constants: ReadonlySet<string>): boolean {
  switch (value.type) {
    case 'Literal':
      return !('regex' in value) && value.value !== null;
    case 'TemplateLiteral':
      return value.expressions.every((part) => isPlain(part, constants));
    case 'UnaryExpression':
      return isPlain(value.argument, constants);
    case 'BinaryExpression':
      return isPlain(value.left, constants) && isPlain(value.right, constants);
    case 'Identifier':
      return 'name' in value && (UPPER_SNAKE.test(value.name) || constants.has(value.name));
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return isPlain(value.expression, constants);
    default:
      return false;
  }
}

function isFrozenTable(value: Value, constants: ReadonlySet<string>): boolean {
  switch (value.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return isAsConst(value)
        ? isTable(value.expression, constants)
        : isFrozenTable(value.expression, constants);
    case 'CallExpression': {
      const { callee, arguments: given } = value;
      const [table] = given;
      const isFreeze =
        callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        callee.object.name === 'Object' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'freeze';
      return isFreeze && table !== undefined && isTable(table, constants);
    }
    default:
      return false;
  }
}

function isAsConst(value: object): boolean {
  const { typeAnnotation } = value as {
    readonly typeAnnotation?: { readonly typeName?: { readonly name?: string } };
  };
  return typeAnnotation?.typeName?.name === 'const';
}

/** An array or an object of plain values and of tables. */
function isTable(value: Value, constants: ReadonlySet<string>): boolean {
  const isPart = (part: Value): boolean => isPlain(part, constants) || isTable(part, constants);
  switch (value.type) {
    case 'ArrayExpression':
      return value.elements.every((element) => element !== null && isPart(element));
    case 'ObjectExpression':
      return value.properties.every((property) =>
        isPart(property.type === 'Property' ? property.value : property),
      );
    case 'SpreadElement':
      return isPart(value.argument);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return isTable(value.expression, constants);
    default:
      return isFrozenTable(value, constants);
  }
}

/** `fileName` as `FILE_NAME`. */
function upperSnake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}
