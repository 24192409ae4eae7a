/**
 * Whether a value is a flow. Every fault is told, each with the way to it:
 * `steps[2].repeat.steps[0].chat.characters is 5, ...`. It reads no file.
 */
import { isFailureCode, isCall } from '@lobby/protocol';
import type { TopicTable } from '@lobby/protocol';
import { LEAST_CHARACTERS, MOST_CHARACTERS } from '../bot/chat-text.ts';
import { LoadError } from '../load-error.ts';
import type { Flow } from './flow.ts';

/** What an option may be: the fault's words, or nothing. */
type OptionRule = (value: unknown, topics: TopicTable) => string | undefined;

interface Verb {
  readonly options: Readonly<Record<string, OptionRule>>;
  readonly required?: readonly string[];
  /** Options that hold steps. */
  readonly steps?: readonly string[];
}

const whole =
  (least: number, most: number): OptionRule =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;
const oneOf =
  (...words: readonly string[]): OptionRule =>
  (value) =>
    words.includes(value as string) ? undefined : `one of ${words.map((word) => `"${word}"`).join(', ')}`;
const text: OptionRule = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text');
const yesOrNo: OptionRule = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const map: OptionRule = (value) => (isMap(value) ? undefined : 'an object');
const character: OptionRule = (value) =>
  typeof value === 'string' && value.length === 1 ? undefined : 'one character';
/** A failure's code, of the catalogue or of a game's own. */
const fails: OptionRule = (value) =>
  typeof value === 'string' && (isFailureCode(value) || /^[a-z_]+$/.test(value))
    ? undefined
    : 'a failure code, such as "room_full"';
const topicOf =
  (form: 'call' | 'message'): OptionRule =>
  (value, topics) => {
    const topic = typeof value === 'string' ? topics.byName(value) : undefined;
    const fits = topic !== undefined && (form === 'call' ? isCall(topic) : topic.form === 'message');
    return fits
      ? undefined
      : `the name of a ${form}, such as "${form === 'call' ? 'room.req_page' : 'room.syn_chat'}"`;
  };

const WAIT_MS = whole(0, 86_400_000);
const CAPACITY = whole(1, 1_000);

/** Every verb. `docs/load.md` is tested against it. */
export const VERBS: Readonly<Record<string, Verb>> = {
  serial: { options: {} },
  parallel: { options: {} },
  repeat: { options: { times: whole(1, 1_000_000_000) }, required: ['steps'], steps: ['steps'] },
  split: { options: {}, required: ['first', 'others'], steps: ['first', 'others'] },
  wait: { options: { ms: WAIT_MS, upToMs: WAIT_MS }, required: ['ms'] },
  turn: { options: {} },
  expect: {
    options: { topic: topicOf('message'), where: map, withinMs: whole(1, 86_400_000) },
    required: ['topic'],
  },
  connect: { options: { to: oneOf('front', 'room'), fails } },
  disconnect: { options: {} },
  login: { options: { fails } },
  logout: { options: { fails } },
  create: { options: { title: text, capacity: CAPACITY, attributes: map, private: yesOrNo, fails } },
  reserve: { options: { fails } },
  quick: { options: { capacity: CAPACITY, attributes: map, fails } },
  checkin: { options: { fails } },
  chat: { options: { characters: whole(LEAST_CHARACTERS, MOST_CHARACTERS), fill: character, fails } },
  leave: { options: { fails } },
  call: { options: { topic: topicOf('call'), payload: map, fails }, required: ['topic'] },
  send: { options: { topic: topicOf('message'), payload: map }, required: ['topic'] },
};

/** Verbs whose value is a list of steps. */
const LISTS = ['serial', 'parallel'];
const FLOW_KEYS = ['name', 'about', 'steps'];

/** The value, if it is a flow. Throws a `LoadError` of code `bad_flow` that names every fault. */
export function checkFlow(value: unknown, topics: TopicTable): Flow {
  const faults: string[] = [];
  if (!isMap(value)) faults.push(`it is ${shown(value)}, expected an object with "name" and "steps"`);
  else {
    for (const key of Object.keys(value))
      if (!FLOW_KEYS.includes(key)) faults.push(`"${key}" is unknown: known are ${FLOW_KEYS.join(', ')}`);
    if (text(value['name'], topics) !== undefined)
      faults.push(`name is ${shown(value['name'])}, expected a text`);
    if (value['about'] !== undefined && typeof value['about'] !== 'string')
      faults.push(`about is ${shown(value['about'])}, expected a text`);
    checkSteps(value['steps'], 'steps', { topics, faults });
  }
  if (faults.length === 0) return value as Flow;
  throw new LoadError('bad_flow', `this is no flow:\n  ${faults.join('\n  ')}`);
}

interface Checking {
  readonly topics: TopicTable;
  readonly faults: string[];
}

function checkSteps(value: unknown, where: string, checking: Checking): void {
  if (!Array.isArray(value) || value.length === 0)
    checking.faults.push(`${where} is ${shown(value)}, expected a list of at least one step`);
  else for (const [index, step] of value.entries()) checkStep(step, `${where}[${index}]`, checking);
}

function checkStep(step: unknown, where: string, checking: Checking): void {
  const keys = isMap(step) ? Object.keys(step) : [];
  const [name = ''] = keys;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!isMap(step) || keys.length !== 1)
    checking.faults.push(`${where} is ${shown(step)}, expected an object with one key, its verb`);
  else if (verb === undefined)
    checking.faults.push(`${where}: "${name}" is no verb: there are ${Object.keys(VERBS).join(', ')}`);
  else if (LISTS.includes(name)) checkSteps(step[name], `${where}.${name}`, checking);
  else checkOptions(step[name], { verb, where: `${where}.${name}` }, checking);
}

function checkOptions(
  value: unknown,
  { verb, where }: { readonly verb: Verb; readonly where: string },
  checking: Checking,
): void {
  const { topics, faults } = checking;
  const { options, required = [], steps = [] } = verb;
  if (!isMap(value)) {
    faults.push(`${where} is ${shown(value)}, expected an object of options, {} for none`);
    return;
  }
  for (const key of required) if (!(key in value)) faults.push(`${where} lacks "${key}"`);
  for (const [key, option] of Object.entries(value)) {
    if (steps.includes(key)) checkSteps(option, `${where}.${key}`, checking);
    else if (!Object.hasOwn(options, key)) {
      const known = [...Object.keys(options), ...steps];
      faults.push(
        `${where}: "${key}" is unknown: ${known.length === 0 ? 'it takes no options' : `known are ${known.join(', ')}`}`,
      );
    } else {
      const wanted = options[key]?.(option, topics);
      if (wanted !== undefined) faults.push(`${where}.${key} is ${shown(option)}, expected ${wanted}`);
    }
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MOST_SHOWN = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > MOST_SHOWN ? `${json.slice(0, MOST_SHOWN)}...` : json;
}
