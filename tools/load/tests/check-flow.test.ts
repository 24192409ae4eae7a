import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { call, message } from '@lobby/protocol';
import Type from 'typebox';
import { VERBS, checkFlow } from '../src/flow/check-flow.ts';
import { loadFlow, wordsOf } from '../src/flow/load-flow.ts';

const ROOT = new URL('../../../', import.meta.url);
const FLOWS = new URL('../flows/', import.meta.url);
const words = wordsOf([]);

function faultsOf(value: unknown): string {
  try {
    checkFlow(value, words);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('a flow', () => {
  it.each(readdirSync(FLOWS))('in %s is one', async (file) => {
    const { flow } = await loadFlow(new URL(file, FLOWS).pathname);
    expect(`${flow.name}.json`).toBe(file);
  });

  it.each([
    [42, 'it is 42, expected an object with "name" and "steps"'],
    [{ name: 'x' }, 'steps is missing, expected a list of at least one step'],
    [{ name: '', steps: [{ leave: {} }] }, 'name is "", expected a text'],
    [{ name: 'x', step: [], steps: [{ leave: {} }] }, '"step" is unknown: known are name, about, steps'],
    [{ name: 'x', steps: [{ enter: {} }] }, 'steps[0]: "enter" is no verb: there are serial,'],
    [
      { name: 'x', steps: [{ leave: {}, login: {} }] },
      'steps[0] is {"leave":{},"login":{}}, expected an object with one key',
    ],
    [{ name: 'x', steps: [{ leave: null }] }, 'steps[0].leave is null, expected an object of options'],
    [
      { name: 'x', steps: [{ chat: { characters: 5 } }] },
      'steps[0].chat.characters is 5, expected a whole number from 20',
    ],
    [{ name: 'x', steps: [{ turn: { at: 1 } }] }, 'steps[0].turn: "at" is unknown: it takes no options'],
    [{ name: 'x', steps: [{ repeat: { times: 2 } }] }, 'steps[0].repeat lacks "steps"'],
    [
      { name: 'x', steps: [{ call: { topic: 'room.syn_chat' } }] },
      'steps[0].call.topic is "room.syn_chat", expected the name of a call',
    ],
    [
      { name: 'x', steps: [{ split: { first: [{ leave: {} }], others: [{ parallel: [{ wait: {} }] }] } }] },
      'steps[0].split.others[0].parallel[0].wait lacks "ms"',
    ],
  ])('is not %j, and it is told why', (value, fault) => {
    expect(faultsOf(value)).toContain(fault);
  });

  it('is told every fault at once', () => {
    const steps = [{ chat: { fill: 'ab' } }, { quick: { capacity: 0 } }];
    expect(faultsOf({ name: 'x', steps }).split('\n')).toHaveLength(3);
  });

  it('may be a module with words of its own', async () => {
    const { flow, topics } = await loadFlow(new URL('fixtures/dice-flow.ts', import.meta.url).pathname);
    expect(flow.name).toBe('dice');
    expect(wordsOf(topics).byName('dice.req_roll')?.number).toBe(1001);
  });

  it('names the file that it can not be read from', async () => {
    await expect(loadFlow('/nowhere/mine.json')).rejects.toMatchObject({
      code: 'bad_flow',
      message: expect.stringMatching(/^\/nowhere\/mine\.json: .*ENOENT/),
    });
  });

  it('may name the words of a game only where they are known', () => {
    const dice = {
      roll: call(1001, 'dice.req_roll', {
        flow: 'client_to_front',
        payload: Type.Object({}),
        response: Type.Object({}),
      }),
      rolled: message(1003, 'dice.syn_roll', { flow: 'front_to_client', payload: Type.Object({}) }),
    };
    const flow = {
      name: 'x',
      steps: [{ call: { topic: 'dice.req_roll' } }, { expect: { topic: 'dice.syn_roll' } }],
    };
    expect(faultsOf(flow).split('\n')).toHaveLength(3);
    expect(checkFlow(flow, wordsOf([dice]))).toBe(flow);
  });
});

describe('docs/load.md', () => {
  const text = readFileSync(new URL('docs/load.md', ROOT), 'utf8');

  it('tells every verb with every option', () => {
    const rows = new Map(
      [...text.matchAll(/^\| `(\w+)` +\|([^|]*)\|/gm)].map(([, verb = '', options = '']) => [verb, options]),
    );
    for (const [verb, { options, steps = [] }] of Object.entries(VERBS)) {
      const told = rows.get(verb) ?? '';
      for (const option of [...Object.keys(options), ...steps])
        if (option !== 'fails') expect(`${verb}: ${told}`).toContain(`\`${option}\``);
      expect([...rows.keys()]).toContain(verb);
    }
  });

  it('shows a flow that is one', () => {
    const [, json = ''] = /```json\n([^]*?)```/.exec(text) ?? [];
    expect(faultsOf(JSON.parse(json))).toBe('');
  });
});
