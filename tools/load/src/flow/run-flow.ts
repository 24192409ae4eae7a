/**
 * Does what a flow says, for one bot. The first step that fails ends the flow, and is counted; what happens
 * after the end of the run is not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LinkError } from '@lobby/players';
import type { CallTopic, MessageTopic, TopicTable } from '@lobby/protocol';
import type { Bot } from '../bot/bot.ts';
import type { World } from '../bot/world.ts';
import type { Step } from './flow.ts';
import type { Turns } from './turns.ts';

export interface FlowRun {
  readonly world: World;
  readonly turns: Turns;
  readonly topics: TopicTable;
}

const EXPECTED_WITHIN_MS = 5_000;

/** A step that the server, or the connection, said no to. */
class StepFault extends Error {
  constructor(step: string, { code, message }: LinkError) {
    super(`${step}: ${code}`, { cause: message });
  }
}

/** The run is over, nothing more is to be done. */
class EndOfRun extends Error {}

/** Resolves when the flow is over or the run is; never rejects. */
export async function runFlow(steps: readonly Step[], bot: Bot, run: FlowRun): Promise<void> {
  const { world } = run;
  try {
    await serial(steps, bot, run);
  } catch (error) {
    if (error instanceof EndOfRun || world.over) return;
    const reason = error instanceof Error ? error : new Error(String(error));
    bot.group.fail(reason);
    world.failed(error instanceof LinkError ? error.code : reason.message);
  }
  bot.arrive();
  world.tally.totals.flowsDone += 1;
}

async function serial(steps: readonly Step[], bot: Bot, run: FlowRun): Promise<void> {
  for (const step of steps) {
    if (run.world.over) throw new EndOfRun();
    await perform(step, bot, run);
  }
}

async function perform(step: Step, bot: Bot, run: FlowRun): Promise<void> {
  if ('serial' in step) return serial(step.serial, bot, run);
  if ('parallel' in step) return allOf(step.parallel.map((one) => perform(one, bot, run)));
  if ('split' in step) return serial(bot.isFirst ? step.split.first : step.split.others, bot, run);
  if ('repeat' in step) return repeat(step.repeat, bot, run);
  if ('wait' in step) return wait(step.wait);
  if ('turn' in step) {
    bot.arrive();
    return run.turns.next();
  }
  if ('expect' in step) return expectMessage(step.expect, bot, run);
  if ('send' in step) {
    const { topic, payload = {} } = step.send;
    return bot.send(run.topics.byName(topic) as MessageTopic<object>, payload);
  }
  if ('disconnect' in step) return bot.disconnect();
  const [verb = ''] = Object.keys(step);
  return attempt(verb, step, () => ask(step, bot, run));
}

type Asking = Exclude<
  Step,
  | { readonly serial: unknown }
  | { readonly parallel: unknown }
  | { readonly split: unknown }
  | { readonly repeat: unknown }
  | { readonly wait: unknown }
  | { readonly turn: unknown }
  | { readonly expect: unknown }
  | { readonly send: unknown }
  | { readonly disconnect: unknown }
>;

/** The steps that the server answers. */
async function ask(step: Asking, bot: Bot, run: FlowRun): Promise<unknown> {
  if ('connect' in step) return bot.connect(step.connect.to);
  if ('login' in step) return bot.login();
  if ('logout' in step) return bot.logout();
  if ('create' in step) return bot.create(withoutFails(step.create));
  if ('reserve' in step) return bot.reserve();
  if ('quick' in step) return bot.quick(withoutFails(step.quick));
  if ('checkin' in step) return bot.checkin();
  if ('chat' in step) return bot.chat(step.chat);
  if ('leave' in step) return bot.leave();
  const { topic, payload = {} } = step.call;
  return bot.call(run.topics.byName(topic) as CallTopic<object>, payload);
}

function withoutFails<Options extends { readonly fails?: string }>({
  fails: _fails,
  ...rest
}: Options): Omit<Options, 'fails'> {
  return rest;
}

async function attempt(verb: string, step: Asking, act: () => Promise<unknown>): Promise<void> {
  const { fails } = Object.values(step)[0] as { readonly fails?: string };
  try {
    await act();
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    if (error.code === fails) return;
    throw new StepFault(verb, error);
  }
  if (fails !== undefined) throw new Error(`${verb}: done, expected ${fails}`);
}

/** Waits for all, also where one fails: nothing goes on in the background. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function repeat(
  { times = Infinity, steps }: Extract<Step, { readonly repeat: unknown }>['repeat'],
  bot: Bot,
  run: FlowRun,
): Promise<void> {
  for (let done = 0; done < times; done += 1) await serial(steps, bot, run);
}

async function wait({ ms, upToMs = ms }: Extract<Step, { readonly wait: unknown }>['wait']): Promise<void> {
  await sleep(ms + Math.random() * Math.max(0, upToMs - ms));
}

async function expectMessage(
  { topic, where = {}, withinMs = EXPECTED_WITHIN_MS }: Extract<Step, { readonly expect: unknown }>['expect'],
  bot: Bot,
  run: FlowRun,
): Promise<void> {
  const word = run.topics.byName(topic) as MessageTopic;
  const awaited = bot.next(word, (payload) => holds(payload, where));
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`expect ${topic}: not within ${withinMs} ms`)), withinMs);
  try {
    await Promise.race([awaited.found, late]);
  } finally {
    clearTimeout(timer);
    awaited.cancel();
  }
}

function holds(payload: unknown, where: Readonly<Record<string, unknown>>): boolean {
  const said = payload as Readonly<Record<string, unknown>>;
  return Object.entries(where).every(([key, value]) => isDeepStrictEqual(said[key], value));
}
