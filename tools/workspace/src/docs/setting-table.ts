// The settings of all apps as a table, from the catalogue that the apps themselves read.

import { expectation, settings, writtenDefault } from '@lobby/app-host';
import { code, table } from './markdown.ts';

/** One row a setting: variable, default, what it may be, what it is. */
export function settingTable(): string {
  const rows = Object.values(settings).map((setting) => [
    code(setting.env),
    writtenDefault(setting) ?? '-',
    expectation(setting),
    setting.description,
  ]);
  return table(['variable', 'default', 'what it may be', 'what it is'], rows);
}
