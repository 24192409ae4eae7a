/**
 * The error codes of the libraries, read from their sources: unions of string literals named `...ErrorCode`,
 * and the outcomes of a call. What each means stands here; a code without a meaning, and a meaning without
 * its code, is an error.
 */

import { globSync, readFileSync } from 'node:fs';
import { code, table } from './markdown.ts';

type Meanings = Readonly<Record<string, string>>;

/** The error class of each union, who throws it, and the meanings. */
const UNIONS: Readonly<Record<string, { readonly thrown: string; readonly codes: Meanings }>> = {
  NetFrameErrorCode: {
    thrown: '`NetFrameError` of `@lobby/net-frame`',
    codes: {
      bad_frame: 'bytes that break a rule of the frame; a session ends, and tells it as its end',
      bad_option: 'an option is unknown or out of range: correct it',
      frame_too_large: 'a frame is over what the other side accepts, and was not sent: say less at once',
    },
  },
  ProtocolErrorCode: {
    thrown: '`ProtocolError` of `@lobby/protocol`',
    codes: {
      bad_frame: 'a payload that is not one well-formed map: the session is lost',
      bad_request: 'a payload that is not of the shape of its topic: the call is lost',
      bad_table: 'two topics share a number or a name, or one is not free: choose another',
      unencodable: 'a value that MessagePack has no form for: correct it',
    },
  },
  PulseErrorCode: {
    thrown: '`PulseError` of `@lobby/pulse`',
    codes: {
      bad_option: 'an option is unknown or out of range: correct it',
      wrong_direction: 'this side can never be sent the topic: subscribe on the other side',
      already_answered: 'a call has one who answers: stop the other one first',
      number_taken: 'another topic of the same number is listened to on this pulse: give it another number',
      stopped: 'the pulse is stopped, nothing can be begun through it',
      started_twice: 'a pulse is started once: make a new one',
      not_connected: 'the first attempt to connect failed; the message says why',
      strand_reentered:
        'a strand was awaited from inside itself, which would wait for ever: do it after, or on another strand',
    },
  },
  AccountErrorCode: {
    thrown: '`AccountError` of `@lobby/accounts`',
    codes: {
      name_taken: 'another account has the name, or one with the same key',
      wrong_credentials: 'unknown name or wrong password, not told apart; a token that is not valid',
      overloaded:
        'too many passwords wait to be checked, or too much to be stored: nothing was done, try again after `retryAfterMs`',
      bad_request: 'a name, a password or an option that breaks its rule',
      storage:
        'the file or the database can not be opened, read or written; the message names it, and is for the log',
    },
  },
  ClientErrorCode: {
    thrown: '`ClientError` of `@lobby/client`',
    codes: {
      nobody_listens: 'no process listens at the address: start it, or correct the address',
      unreachable: 'no connection for another reason: name, route, time, certificate',
      not_welcomed: 'connected, and the other side said no or nothing',
      closed: 'this client was closed by its owner',
      bad_option:
        'an option of connecting or of a call, or a handler, is unknown or out of range: correct it',
    },
  },
  CallErrorCode: {
    thrown: '`CallError` of `@lobby/call`',
    codes: {
      bad_option: 'an option of a call is unknown or out of range, and nothing was sent: correct it',
    },
  },
  CallOutcome: {
    thrown: 'the `outcome` of a `CallFailure` of `@lobby/call`, beside its failure code',
    codes: {
      failure: 'the other side answered with this code',
      refused: 'never sent, so it surely has not run: asking again is safe',
      unknown: 'sent, and the session or the patience ended before an answer: it may have run',
    },
  },
};

/** One table a library. Throws where sources and meanings differ. */
export function libraryTables(root: string): string {
  const found = unionsIn(root);
  const difference = Object.keys(UNIONS)
    .concat([...found.keys()])
    .filter((name) => !found.has(name) || !Object.hasOwn(UNIONS, name));
  if (difference.length > 0) throw new Error(`${difference.join(', ')}: correct UNIONS in library-codes.ts`);
  return Object.entries(UNIONS)
    .map(([name, { thrown, codes }]) => `${thrown}:\n\n${tableOf(name, found.get(name) ?? [], codes)}`)
    .join('\n\n');
}

function tableOf(name: string, literals: readonly string[], meanings: Meanings): string {
  const unknown = Object.keys(meanings).filter((literal) => !literals.includes(literal));
  const silent = literals.filter((literal) => !Object.hasOwn(meanings, literal));
  if (unknown.length + silent.length > 0) {
    throw new Error(
      `${name}: write a meaning for [${silent.join(', ')}], remove [${unknown.join(', ')}] in library-codes.ts`,
    );
  }
  return table(
    ['code', 'meaning'],
    literals.map((literal) => [code(literal), meanings[literal] ?? '']),
  );
}

function unionsIn(root: string): Map<string, string[]> {
  const unions = new Map<string, string[]>();
  for (const file of globSync('packages/*/src/**/*.ts', { cwd: root })) {
    const source = readFileSync(`${root}${file}`, 'utf8');
    for (const [, name = '', body = ''] of source.matchAll(
      /export type (\w+ErrorCode|CallOutcome) =([^;]+);/g,
    )) {
      unions.set(
        name,
        [...body.matchAll(/'(\w+)'/g)].map(([, literal = '']) => literal),
      );
    }
  }
  return unions;
}
