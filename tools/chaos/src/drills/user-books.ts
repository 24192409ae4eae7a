/** Who is logged in, by the books of lobby-master and of the fronts. */

import type { AppProcess } from '@lobby/cluster';
import type { UserRow } from '../history/history-line.ts';
import type { Stage } from './drill.ts';

/** How many users a process knows. */
export async function countUsers(app: AppProcess): Promise<number> {
  return (await app.admin<{ total: number }>('/users?limit=1')).total;
}

/** The rows of a process, 1000 at most. */
async function userRows(app: AppProcess): Promise<UserRow[]> {
  return (await app.admin<{ items: UserRow[] }>('/users?limit=1000')).items;
}

/** Where lobby-master and the fronts do not know the same logins, in words; for up to 1000 of them. */
export async function bookFaults({ cluster, fronts }: Stage): Promise<string[]> {
  const inWords = ({ name, epoch, session }: UserRow, node: string): string =>
    `${name} (epoch ${epoch}) as session ${session} of ${node}`;
  const rows = await userRows(cluster.app('lobby-master'));
  const known = new Set(rows.map((row) => inWords(row, row.front ?? '')));
  const held = new Set<string>();
  for (const { node } of fronts)
    for (const row of await userRows(cluster.app(node))) held.add(inWords(row, node));
  return [
    ...[...held].filter((row) => !known.has(row)).map((row) => `lobby-master does not know ${row}`),
    ...[...known].filter((row) => !held.has(row)).map((row) => `lobby-master knows ${row}, and it is not so`),
  ];
}
